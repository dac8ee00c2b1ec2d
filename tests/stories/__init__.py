"""Conversations with the desk, one file a story; they read as transcripts and run on every messenger and database."""
