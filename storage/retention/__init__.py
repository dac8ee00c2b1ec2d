"""What is kept, for how long, whose it is, and how it goes."""
