"""The conversations of those who ask."""
