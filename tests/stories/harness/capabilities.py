"""What only some messengers have. A story that is about such a thing says that it needs it, and runs where it is."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

import pytest


class Capability(StrEnum):
    """Something that not every messenger has, and what it is."""

    TOPICS = "a ticket's thread is a place of its own, with the card and what was said before at its head"
    QUOTES = "a message may be a reply to one certain other message"
    CAPTIONS = "words and a file are one message"
    ALBUMS = "several files sent at once stay together"
    MOBILE = "people send stickers, round videos, places, contacts, dice"
    RARITIES = "people send what no bot may pass on: stories, games, invoices"
    SILENCE = "a message may come without a sound"
    UPGRADES = "a group becomes another one, with another id"
    BLOCKING = "people can stop the bot"
    MASKS = "members may write as the group itself"
    LINKS = "a link opens a chat with the bot and tells it something, and the bot writes to nobody first"
    DOUBT = "nobody can look up whether a message arrived"
    PATIENCE = "a command that is given while the desk is down waits for it"
    LITERAL = "what is typed is not read as markup"
    WINDOWS = "forms open as windows"
    DELETIONS = "the desk hears when somebody deletes a message"


ONLY_SLACK = frozenset({Capability.WINDOWS, Capability.DELETIONS})
CAN: Mapping[str, frozenset[Capability]] = MappingProxyType(
    {
        "telegram": frozenset(Capability) - ONLY_SLACK,
        "slack": ONLY_SLACK,
    }
)
# Where the requesters are, and where the team is.
SIDES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "telegram": ("telegram", "telegram"),
        "slack": ("slack", "slack"),
        "crossed": ("telegram", "slack"),
        "reversed": ("slack", "telegram"),
    }
)


def needs(*, requesters: Capability | None = None, team: Capability | None = None) -> pytest.MarkDecorator:
    """Mark a story with what it needs where its requesters are, or where its team is."""
    return pytest.mark.needs(requesters=requesters, team=team)


def lacking(stage: str, marks: list[pytest.Mark]) -> str:
    """Return what a stage lacks of what a story needs; nothing where it can be told there."""
    side = dict(zip(("requesters", "team"), SIDES[stage], strict=True))
    for mark in marks:
        for who, wanted in mark.kwargs.items():
            if wanted is not None and wanted not in CAN[side[who]]:
                return f"{who}: {wanted}"
    return ""
