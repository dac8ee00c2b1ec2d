"""The people's side of the sandbox: what they do, and what they see."""
