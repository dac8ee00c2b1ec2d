"""The HTTP API: other programs read and do, by a token, what one of the team does in the chat."""
