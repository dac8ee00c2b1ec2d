"""The methods of the Web API: each checks its call and changes the workspace."""

from bot.sandbox.slack.methods import about, chat, conversations, files, groups, people, reactions, reading, views
from bot.sandbox.slack.methods.registry import SERVED

__all__ = ["SERVED", "about", "chat", "conversations", "files", "groups", "people", "reactions", "reading", "views"]
