"""What goes out: promised messages become calls, and what became of each is written down."""
