"""The front page, and what keeps it true."""
