"""What reports are made of, read in pieces: tickets with their history, questions, time and ratings."""
