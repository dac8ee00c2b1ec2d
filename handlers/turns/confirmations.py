"""What somebody is about to change, shown before it is: a press does it, once; another proposal of theirs gives way."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Part, Phrase, phrase
from storage.lifecycle import Refused
from storage.models import Role, StateKind

on = Routes()

VALID = timedelta(days=1)  # what was shown then may look quite different by now
UNDO = "undo"  # key of what may be taken back: it stays beside what is asked next


def show_proposal(
    turn: Turn,
    act: str,
    facts: Mapping[str, Any],
    *told: Part,
    title: Phrase,
    command: str,
    danger: bool = False,
    label: Phrase | None = None,
    more: Callable[[str], Sequence[tuple[Button, ...]]] = lambda token: (),
) -> None:
    """Show what would change, with a button that does it; ``command`` is whose permission it asks for.

    ``facts`` are what the act's function in ``handlers/contents.py`` wants, as JSON.
    ``more`` are rows of other buttons, made with the proposal's token: their handlers find it by ``pending_of``.
    """
    token = remember_proposal(turn, act, facts, command=command)
    apply = presses.Apply(token).button(label or phrase("rules.apply"), danger=danger)
    cancel = presses.Leave(token).button(phrase("form.cancel"))
    turn.say(*told, title=title, buttons=((apply, cancel), *more(token)))


def remember_proposal(turn: Turn, act: str, facts: Mapping[str, Any], *, command: str, key: str = "") -> str:
    """Remember what the actor is asked about, in the place of what they were asked under that key before; return its token.

    ``facts`` are JSON, for whoever does it.
    """
    token = secrets.token_hex(4)
    pending = {"token": token, "act": act, "command": command, "facts": dict(facts)}
    turn.tx.states.put(turn.person.id, StateKind.PROPOSAL, turn.now + VALID, value=pending, key=key)
    return token


def settle_proposal(turn: Turn, said: Phrase) -> None:
    """Say what was done in the place of the question."""
    turn.say(said, edits=turn.shown.outgoing_id if turn.shown else None)


@on.press(presses.Apply, role=Role.AGENT, act="")
def apply(turn: Turn) -> None:
    """What was shown is done, if whoever proposed it still may."""
    pending = pending_of(turn, turn.pressed(presses.Apply).token)
    permissions.must_may(turn, pending["command"])
    forget_proposal(turn, pending["token"])
    turn.contents.confirmations[pending["act"]](turn, pending["facts"])


@on.press(presses.Leave, role=Role.AGENT, act="")
def leave(turn: Turn) -> None:
    """Everything stays as it is."""
    forget_proposal(turn, turn.pressed(presses.Leave).token)
    settle_proposal(turn, phrase("rules.left"))


def pending_of(turn: Turn, token: str) -> Mapping[str, Any]:
    """Return what the actor was asked about, or refuse: it is done, another question took its place, or it is long ago."""
    return _found(turn, token)[1]


def forget_proposal(turn: Turn, token: str) -> None:
    """Forget what the actor was asked about, or refuse as ``pending_of`` does."""
    turn.tx.states.take(turn.person.id, StateKind.PROPOSAL, turn.now, key=_found(turn, token)[0])


def _found(turn: Turn, token: str) -> tuple[str, Mapping[str, Any]]:
    for key in ("", UNDO):
        pending: Mapping[str, Any] | None = turn.tx.states.get(turn.person.id, StateKind.PROPOSAL, turn.now, key=key)
        if pending and pending["token"] == token:
            return key, pending
    raise Refused("expired")
