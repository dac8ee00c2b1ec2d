"""Records, and the rules they always obey."""
