"""The control side: people that act, rooms to look at."""
