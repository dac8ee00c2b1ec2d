"""Chats that their messenger has given another id: the settings may name the old one for years."""

from sqlalchemy import Connection, bindparam, select

from storage.engine.compiled import Prepared
from storage.engine.upsert import put_row
from storage.models import moved_chat

STEPS = 20  # times that one chat may have changed its id
_NOW = Prepared(
    select(moved_chat.c.now).where(moved_chat.c.source == bindparam("source"), moved_chat.c.was == bindparam("chat"))
)


def remember_move(connection: Connection, source: str, old: str, new: str) -> None:
    """Keep that a chat has another id."""
    put_row(connection, moved_chat, {"source": source, "was": old}, {"now": new})


def current_chat(connection: Connection, source: str, chat: str) -> str:
    """Return the id of now."""
    for _ in range(STEPS):
        following = _NOW.scalar(connection, {"source": source, "chat": chat})
        if not following:
            break
        chat = str(following)
    return chat
