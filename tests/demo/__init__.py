"""The demo: its story is always the same, and is what the README shows."""
