"""Answers and likeness: text in, verdict out."""
