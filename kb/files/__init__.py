"""Articles to and from files."""
