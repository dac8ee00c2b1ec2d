"""Block Kit: which blocks there are, what Slack refuses of them, and how they look."""
