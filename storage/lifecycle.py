"""The ticket's lifecycle: which action leads from which status to which. Pure: data in, status or refusal out.

The code knows six kinds of status; a workflow may name more statuses, each of one kind. ``DEFAULT`` names exactly the six.
"""

from collections.abc import Iterable, Mapping, Sequence
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

        Raises ValueError with the place and the fix where something is named that does not exist.
        """
        name, statuses, moves = data["name"], data["statuses"], data["moves"]
        for status, kind in statuses.items():
            _among(tuple(StatusKind), kind, f"workflow {name!r}: the kind of {status!r}")
        _among(statuses, data["start"], f"workflow {name!r}: start")
        for status, actions in moves.items():
            _among(statuses, status, f"workflow {name!r}: moves from")
            for action, following in actions.items():
                _among(tuple(Action), action, f"workflow {name!r}: an action from {status!r},")
                _among(statuses, following, f"workflow {name!r}: the move {action!r} from {status!r} to")
        kinds = {status: StatusKind(kind) for status, kind in statuses.items()}
        table = {
            (status, Action(action)): following
            for status, actions in moves.items()
            for action, following in actions.items()
        }
        return cls(name, data["start"], MappingProxyType(kinds), MappingProxyType(table))

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


def _among(known: Iterable[str], named: str, what: str) -> None:
    if named not in known:
        raise ValueError(f"{what} {named!r} is none of: {', '.join(known)}")


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
        # Reopened by the requester within the reopen window; then closed is final.
        "closed": {"reopen": "open", "rate": "closed"},
    },
}

DEFAULT = Workflow.of(DEFAULT_DATA)
