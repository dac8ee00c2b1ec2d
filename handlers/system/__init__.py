"""What happens without anybody's asking: members, deletions, alarms."""
