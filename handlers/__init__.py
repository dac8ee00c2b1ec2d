"""The talk: every conversation, once, for all messengers."""
