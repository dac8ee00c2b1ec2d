"""The two databases: opened, read and written; what a statement is, and what a database says of itself."""
