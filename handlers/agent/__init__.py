"""The conversations of those who help."""
