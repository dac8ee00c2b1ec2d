"""Tickets: how they move, what was said on them, and how they are found."""
