"""The demo: a desk on a stage, the story of its first day, and a prompt to go on by hand."""
