"""The context of one event: reading, speaking, routes, permissions, dialogs, confirmations."""
