"""The ticket's lifecycle: which action leads from which status to which. Pure: data in, status or refusal out.

The code knows six kinds of status; a workflow may name more statuses, each of one kind. ``DEFAULT`` names exactly the six.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class StatusKind(StrEnum):
    """What a status means to the desk, whatever a workflow calls it."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"


ACTIVE = (StatusKind.NEW, StatusKind.OPEN, StatusKind.PENDING, StatusKind.ON_HOLD)


class Action(StrEnum):
    """What may be done to a ticket. Those that move no status stand in its history all the same."""

    REGISTER = "register"
    CLAIM = "claim"
    ASSIGN = "assign"
    RELEASE = "release"
    REPLY = "reply"
    REPLY_AND_WAIT = "reply_and_wait"
    FOLLOW_UP = "follow_up"
    HOLD = "hold"
    RESUME = "resume"
    RESOLVE = "resolve"
    REOPEN = "reopen"
    CLOSE = "close"
    SET_PRIORITY = "set_priority"
    NOTE = "note"
    RATE = "rate"


class Refused(Exception):
    """A polite no: ``reason`` names the phrase ``refused.<reason>``, ``facts`` fill it."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Workflow:
    """Statuses, each of a kind, and the moves between them."""

    name: str
    start: str
    kinds: Mapping[str, StatusKind]
    moves: Mapping[tuple[str, Action], str]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Workflow":
        """Build a workflow from ``{"name", "start", "statuses": {name: kind}, "moves": {status: {action: status}}}``.

        Raises ValueError with the place and the fix where a move names a status or an action that does not exist.
        """
        kinds = {name: StatusKind(kind) for name, kind in data["statuses"].items()}
        moves: dict[tuple[str, Action], str] = {}
        for status, actions in data["moves"].items():
            for action, following in actions.items():
                for named in (status, following):
                    if named not in kinds:
                        raise ValueError(
                            f"workflow {data['name']!r}: {named!r} is not one of its statuses: {', '.join(kinds)}"
                        )
                moves[status, Action(action)] = following
        if data["start"] not in kinds:
            raise ValueError(f"workflow {data['name']!r}: start {data['start']!r} is not one of its statuses")
        return cls(data["name"], data["start"], MappingProxyType(kinds), MappingProxyType(moves))

    def next(self, status: str, action: Action) -> str:
        """Return the status that follows, or refuse and name what is possible instead."""
        try:
            return self.moves[status, action]
        except KeyError:
            raise Refused("not_now", action=action, status=status, possible=self.possible(status)) from None

    def possible(self, status: str) -> Sequence[Action]:
        """Return the actions that this status allows, in the order of the table."""
        return [action for known, action in self.moves if known == status]

    def kind(self, status: str) -> StatusKind:
        """Return what this status means."""
        return self.kinds[status]


_TALK = {"reply": "open", "reply_and_wait": "pending"}
_CHANGE = {"assign": "open", "release": "new", "hold": "on_hold", "resolve": "resolved", "close": "closed"}

DEFAULT_DATA: Mapping[str, Any] = {
    "name": "default",
    "start": "new",
    "statuses": {kind.value: kind.value for kind in StatusKind},
    "moves": {
        "new": {
            "claim": "open",
            "assign": "open",
            "follow_up": "new",
            "reply": "open",  # whoever answers a waiting ticket has taken it
            "reply_and_wait": "pending",
            "resolve": "resolved",
            "close": "closed",
        },
        "open": {"claim": "open", "follow_up": "open", **_TALK, **_CHANGE},
        "pending": {"claim": "open", "follow_up": "open", "resume": "open", **_TALK, **_CHANGE},
        "on_hold": {"claim": "on_hold", "follow_up": "open", "resume": "open", **_TALK, **_CHANGE, "assign": "on_hold"},
        # A follow-up is asked about, never guessed: only "reopen" brings a resolved ticket back.
        "resolved": {"reopen": "open", "close": "closed", "reply": "resolved", "rate": "resolved"},
        "closed": {
            "reopen": "open",
            "rate": "closed",
        },  # by the requester, within the reopen window; then closed is final
    },
}

DEFAULT = Workflow.of(DEFAULT_DATA)
