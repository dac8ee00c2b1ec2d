"""The conversations of those who decide: people, bans, rules."""
