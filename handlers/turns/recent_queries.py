"""What an agent asked for last, so that a button may turn its page: a button carries a name and a key, never words."""

import hashlib
from datetime import timedelta

from handlers.turns.turn import Turn
from storage.lifecycle import Refused
from storage.models import StateKind

KEPT = 20  # of each agent; the oldest gives way
VALID = timedelta(days=30)  # after the last one
TOKEN = r"\d{1,18}\.[0-9a-f]{8}"


def remember_query(turn: Turn, where: StateKind, asked: str) -> str:
    """Keep what the actor asked of the queue or the search; return the key under which it is found again."""
    recent = _recent(turn, where, turn.person.id)
    if not recent or recent[0] != asked:
        kept = [asked, *(one for one in recent if one != asked)][:KEPT]
        turn.tx.states.put(turn.person.id, where, turn.now + VALID, value=kept)
    return f"{turn.person.id}.{_digest(asked)}"


def recall_query(turn: Turn, where: StateKind, token: str) -> tuple[int, str]:
    """Return who asked, and for what; refuse where it was too long ago."""
    person, _, digest = token.partition(".")
    asked = next((one for one in _recent(turn, where, int(person)) if _digest(one) == digest), None)
    if asked is None:
        raise Refused("list_gone")
    return int(person), asked


def latest_query(turn: Turn, where: StateKind) -> str | None:
    """Return what the actor asked for last, None if nothing yet."""
    return next(iter(_recent(turn, where, turn.person.id)), None)


def _recent(turn: Turn, where: StateKind, person: int) -> list[str]:
    return list(turn.tx.states.get(person, where, turn.now) or ())


def _digest(asked: str) -> str:
    return hashlib.sha1(asked.encode(), usedforsecurity=False).hexdigest()[:8]
