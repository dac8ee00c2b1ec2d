"""Changing the desk's rules in chat: what desk.yaml says, asked part by part, reviewed as a difference, and put in force."""
