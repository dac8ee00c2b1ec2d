"""What an agent asked for last, so that a button may turn its page: a button carries a name and a key, never words."""

import hashlib

from handlers.turn import Turn
from storage.lifecycle import Refused

KEPT = 20  # of each agent; the oldest gives way
TOKEN = r"\d{1,18}\.[0-9a-f]{8}"


def remember(turn: Turn, where: str, asked: str) -> str:
    """Keep what the actor asked of the queue or the search; return the key under which it is found again."""
    name = _name(where, turn.person.id)
    recent = list(turn.tx.records.get(name) or ())
    if not recent or recent[0] != asked:
        turn.tx.records.put(name, [asked, *(one for one in recent if one != asked)][:KEPT])
    return f"{turn.person.id}.{_digest(asked)}"


def recall(turn: Turn, where: str, token: str) -> tuple[int, str]:
    """Return who asked, and for what; refuse where it was too long ago."""
    person, _, digest = token.partition(".")
    asked = next((one for one in turn.tx.records.get(_name(where, int(person))) or () if _digest(one) == digest), None)
    if asked is None:
        raise Refused("list_gone")
    return int(person), asked


def latest(turn: Turn, where: str) -> str | None:
    """Return what the actor asked for last, None if nothing yet."""
    return next(iter(turn.tx.records.get(_name(where, turn.person.id)) or ()), None)


def _name(where: str, person: int) -> str:
    return f"asked:{where}:{person}"


def _digest(asked: str) -> str:
    return hashlib.sha1(asked.encode(), usedforsecurity=False).hexdigest()[:8]
