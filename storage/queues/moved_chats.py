"""Chats that their messenger has given another id: the settings may name the old one for years."""

from sqlalchemy import Connection

from storage.engine.setting_table import SettingTable

STEPS = 20  # times that one chat may have changed its id


def remember_move(connection: Connection, source: str, old: str, new: str) -> None:
    """Keep that a chat has another id."""
    SettingTable(connection).put(_name(source, old), new)


def current_chat(connection: Connection, source: str, chat: str) -> str:
    """Return the id of now."""
    records = SettingTable(connection)
    for _ in range(STEPS):
        following = records.get(_name(source, chat))
        if not following:
            break
        chat = str(following)
    return chat


def _name(source: str, chat: str) -> str:
    return f"moved:{source}:{chat}"
