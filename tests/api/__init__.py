"""The API held to its own document: every operation, every scope, every answer."""
