"""What happens to a ticket, whoever acts."""
