"""Lists, files and reports."""
