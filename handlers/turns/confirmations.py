"""What somebody is about to change, shown before it is: a press does it, once; another proposal of theirs gives way."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Part, Phrase, phrase, row
from storage.lifecycle import Refused
from storage.models import Role, StateKind

on = Routes()

TOKEN = r"[0-9a-f]{8}"
VALID = timedelta(days=1)  # what was shown then may look quite different by now


def propose(
    turn: Turn, act: str, facts: Mapping[str, Any], *told: Part, title: Phrase, command: str, danger: bool = False
) -> None:
    """Show what would change, with a button that does it; ``command`` is whose permission it asks for."""
    token = secrets.token_hex(4)
    pending = {"token": token, "act": act, "command": command, "facts": dict(facts)}
    turn.tx.states.put(turn.person.id, StateKind.PROPOSAL, turn.now + VALID, value=pending)
    apply = presses.Apply(token).button(phrase("rules.apply"), danger=danger)
    turn.say(*told, title=title, buttons=row(apply, presses.Leave(token).button(phrase("form.cancel"))))


def done(turn: Turn, said: Phrase) -> None:
    """Say what was done in the place of the question."""
    turn.say(said, edits=turn.shown.outgoing_id if turn.shown else None)


@on.press(presses.Apply, role=Role.AGENT, act="")
def apply(turn: Turn) -> None:
    """What was shown is done, if whoever proposed it still may."""
    pending = _pending(turn)
    permissions.must_may(turn, pending["command"])
    turn.tx.states.take(turn.person.id, StateKind.PROPOSAL, turn.now)
    turn.contents.confirmations[pending["act"]](turn, pending["facts"])


@on.press(presses.Leave, role=Role.AGENT, act="")
def leave(turn: Turn) -> None:
    """Everything stays as it is."""
    _pending(turn)
    turn.tx.states.take(turn.person.id, StateKind.PROPOSAL, turn.now)
    done(turn, phrase("rules.left"))


def _pending(turn: Turn) -> Mapping[str, Any]:
    """Return what the actor was asked about, or refuse: it is done, another question took its place, or it is long ago."""
    pending: Mapping[str, Any] | None = turn.tx.states.get(turn.person.id, StateKind.PROPOSAL, turn.now)
    if not pending or pending["token"] != turn.pressed(presses.Apply).token:
        raise Refused("expired")
    return pending
