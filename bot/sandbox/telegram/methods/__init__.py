"""The methods of the Bot API: each checks its call and changes the world."""

from bot.sandbox.telegram.methods import chats, copying, editing, files, media, pressing, profile, sending, topics
from bot.sandbox.telegram.methods.registry import SERVED

__all__ = ["SERVED", "chats", "copying", "editing", "files", "media", "pressing", "profile", "sending", "topics"]
