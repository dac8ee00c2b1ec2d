"""The ticket's lifecycle: which action leads from which status to which. Pure: data in, status or refusal out.

The code knows six kinds of status; a workflow may name more statuses, each of one kind. ``DEFAULT`` names exactly the six.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NotRequired, TypedDict


class StatusKind(StrEnum):
    """What a status means to the desk, whatever a workflow calls it."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"


OVER = (StatusKind.RESOLVED, StatusKind.CLOSED)
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
    MOVE = "move"  # to a status by its name
    SNOOZE = "snooze"  # aside until a time
    WAKE = "wake"
    MERGE = "merge"  # another ticket goes on for it
    LINK = "link"  # it comes of a problem that another ticket is about
    ESCALATE = "escalate"  # into another group's hands
    RETYPE = "retype"  # it is of another request type, and follows its workflow
    LEAVE = "leave"  # one of several requesters needs it no more; it goes on for the others
    REJOIN = "rejoin"  # and needs it again
    APPROVAL = "approval"  # somebody's yes was asked for, given, refused, or asked for no more
    BREACH = "breach"  # a target's time came, and it is not met


MOVES = (  # what a workflow may lay down; the rest is the same in every one
    Action.CLAIM,
    Action.ASSIGN,
    Action.RELEASE,
    Action.REPLY,
    Action.REPLY_AND_WAIT,
    Action.FOLLOW_UP,
    Action.HOLD,
    Action.RESUME,
    Action.RESOLVE,
    Action.REOPEN,
    Action.CLOSE,
    Action.RATE,
    Action.MOVE,
)
REQUESTERS = (Action.FOLLOW_UP, Action.REOPEN, Action.CLOSE, Action.RATE)  # what they do to their own tickets
TEAMS = tuple(action for action in MOVES if action not in (Action.FOLLOW_UP, Action.RATE))
LEADS: Mapping[Action, Sequence[StatusKind]] = (
    MappingProxyType(  # an action keeps its meaning whatever the statuses are
        {
            **dict.fromkeys((Action.CLAIM, Action.ASSIGN, Action.RELEASE, Action.FOLLOW_UP, Action.RESUME), ACTIVE),
            Action.REOPEN: ACTIVE,
            Action.REPLY_AND_WAIT: (StatusKind.PENDING,),
            Action.HOLD: (StatusKind.ON_HOLD,),
            Action.RESOLVE: (StatusKind.RESOLVED,),
            Action.CLOSE: (StatusKind.CLOSED,),
        }
    )
)


class Refused(Exception):
    """A polite no: ``reason`` names the phrase ``refused.<reason>``, ``facts`` fill it."""

    def __init__(self, reason: str, **facts: Any) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts


class StatusData(TypedDict):
    """A status of a workflow that has titles of its own, or may have."""

    kind: str
    title: NotRequired[Mapping[str, str]]  # by language


class RoundData(TypedDict):
    """Some people who are asked together for their yes, and whose it takes: of any, all, or a majority."""

    ask: Sequence[str]
    need: str


class ApprovalData(TypedDict):
    """Whose yes leads to a status; what is not said is as it goes without saying."""

    rounds: Sequence[RoundData]
    waiting: NotRequired[str]  # the status in which a request waits for it
    declined: NotRequired[str]  # where a no leads
    remind: NotRequired[int]  # seconds of working time after which whoever has not answered is reminded
    hours: NotRequired[str]
    own: NotRequired[bool]  # whoever asks for help may say yes to it themselves
    tell: NotRequired[Sequence[str]]  # what the requester hears: the decision, the reason


class WorkflowData(TypedDict):
    """A workflow as the rules and the database have it; ``Workflow.of`` reads it."""

    name: str
    start: str
    statuses: Mapping[str, str | StatusData]  # one without titles is its kind alone
    moves: Mapping[str, Mapping[str, Any]]  # {status: {action: status}}; "move" leads to a list of statuses
    approvals: NotRequired[Mapping[str, ApprovalData]]  # by the status to which somebody's yes leads


@dataclass(frozen=True, slots=True)
class Workflow:
    """Statuses, each of a kind, and the moves between them: by an action, or (``named``) by the status's own name."""

    name: str
    start: str
    kinds: Mapping[str, StatusKind]
    moves: Mapping[tuple[str, Action], str]
    named: Mapping[str, Sequence[str]]
    titles: Mapping[str, Mapping[str, str]]  # {status: {language: text}}; the six have words of their own
    approvals: Mapping[str, ApprovalData] = field(default_factory=dict)

    @classmethod
    def of(cls, data: WorkflowData) -> "Workflow":
        """Build a workflow from its data.

        Raises ValueError with the place and the fix where something is named that does not exist.
        """
        name, statuses, moves = data["name"], data["statuses"], data["moves"]
        kinds = {status: what["kind"] if isinstance(what, Mapping) else what for status, what in statuses.items()}
        titles = {status: what["title"] for status, what in statuses.items() if isinstance(what, Mapping)}
        for status, kind in kinds.items():
            _among(tuple(StatusKind), kind, f"workflow {name!r}: the kind of {status!r}")
        _among(statuses, data["start"], f"workflow {name!r}: start")
        table: dict[tuple[str, Action], str] = {}
        named: dict[str, Sequence[str]] = {}
        for status, actions in moves.items():
            _among(statuses, status, f"workflow {name!r}: moves from")
            for action, following in actions.items():
                _among(MOVES, action, f"workflow {name!r}: an action from {status!r},")
                for each in [following] if isinstance(following, str) else following:
                    _among(statuses, each, f"workflow {name!r}: the move {action!r} from {status!r} to")
                if action == Action.MOVE:
                    named[status] = (following,) if isinstance(following, str) else tuple(following)
                else:
                    table[status, Action(action)] = following
        known = {status: StatusKind(kind) for status, kind in kinds.items()}
        if StatusKind.CLOSED not in known.values():
            raise ValueError(f"workflow {name!r}: no status of the kind 'closed', so nothing ever ends")
        asked = dict(data.get("approvals") or {})
        return cls(name, data["start"], *(MappingProxyType(each) for each in (known, table, named, titles, asked)))

    def next(self, status: str, action: Action, to: str = "") -> str:
        """Return the status that follows, or refuse and name what is possible instead; ``to`` is whither to move."""
        following = self._following(status, action, to)
        if following is None:
            possible, onward = self.possible(status), [self.called(each) for each in self.named.get(status, ())]
            raise Refused("not_now", action=action, status=self.called(status), possible=possible, onward=onward)
        return following

    def _following(self, status: str, action: Action, to: str) -> str | None:
        active = self.kinds[status] in ACTIVE
        match action:
            case Action.MOVE:
                return to if to in self.named.get(status, ()) else None
            case Action.MERGE:
                return self.end if active else None
            case Action.SNOOZE:
                return self.moves.get((status, Action.HOLD), status) if active else None
            case Action.WAKE:
                return self.resumed(status) if active else None
        return self.moves.get((status, action))

    def resumed(self, status: str) -> str:
        """Return where a ticket goes on that was put aside."""
        held = self.kinds[status] is StatusKind.ON_HOLD
        return self.moves.get((status, Action.RESUME), status) if held else status

    def possible(self, status: str) -> Sequence[Action]:
        """Return the actions that this status allows, in the order of the table."""
        return [action for known, action in self.moves if known == status]

    def kind(self, status: str) -> StatusKind:
        """Return what this status means."""
        return self.kinds[status]

    def called(self, status: str) -> Mapping[str, str] | str:
        """Return a status's titles by language, or its bare name where it has none."""
        return self.titles.get(status, status)

    @property
    def end(self) -> str:
        """Return the status in which a ticket ends that another goes on for."""
        return self.first(StatusKind.CLOSED)

    def first(self, *kinds: StatusKind) -> str:
        """Return the first status of these kinds; the start where there is none."""
        return next((status for status, kind in self.kinds.items() if kind in kinds), self.start)

    def taken_over(self, status: str, kind: StatusKind) -> str:
        """Return where a ticket of another workflow goes on: by its status's name, by its kind, or where work is done.

        That is never past a status that needs somebody's yes.
        """
        free = self.free()
        if self.kinds.get(status) is kind and status in free:
            return status
        kinds = (kind, StatusKind.OPEN) if kind in self.kinds.values() else (StatusKind.OPEN,)
        found = (each for wanted in kinds for each, one in self.kinds.items() if one is wanted and each in free)
        return next(found, self.start)

    def free(self) -> frozenset[str]:
        """Return the statuses to which a way leads that asks for nobody's yes."""
        return self._closure({self.start}, [(was, to) for was, to in self._edges() if to not in self.approvals])

    def short_of(self, status: str) -> str:
        """Return where a request stands that may not go on to what needs a yes: where it stood, or where work is done."""
        return self.taken_over(status, self.kinds[status] if self.kinds[status] in ACTIVE else StatusKind.OPEN)

    def reached(self) -> frozenset[str]:
        """Return the statuses that a ticket can come to."""
        return self._closure({self.start}, self._edges())

    def ending(self) -> frozenset[str]:
        """Return the statuses from which there is a way to the end."""
        closed = {status for status, kind in self.kinds.items() if kind is StatusKind.CLOSED}
        return self._closure(closed, [(to, status) for status, to in self._edges()])

    def _edges(self) -> list[tuple[str, str]]:
        moves = [(status, to) for (status, _), to in self.moves.items()]
        by_name = [(status, to) for status, following in self.named.items() for to in following]
        return moves + by_name + self._asked_edges(by_name)

    def _asked_edges(self, by_name: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return how a request goes while somebody's yes is asked for, and after a no."""
        found: list[tuple[str, str]] = []
        for status, rule in self.approvals.items():
            waits, no = rule.get("waiting", ""), rule.get("declined", "")
            begun = [was for was, to in by_name if to == status]
            found += [(was, waits) for was in begun if waits] + ([(waits, status)] if waits else [])
            found += [(was, no) for was in (*begun, waits) if was and no]
        return found

    @staticmethod
    def _closure(begun: set[str], edges: Sequence[tuple[str, str]]) -> frozenset[str]:
        found, fresh = set(begun), set(begun)
        while fresh:
            fresh = {to for status, to in edges if status in fresh} - found
            found |= fresh
        return frozenset(found)


def _among(known: Iterable[str], named: str, what: str) -> None:
    if named not in known:
        raise ValueError(f"{what} {named!r} is none of: {', '.join(known)}")


_TALK = {"reply": "open", "reply_and_wait": "pending"}
_CHANGE = {"assign": "open", "release": "new", "hold": "on_hold", "resolve": "resolved", "close": "closed"}

DEFAULT_DATA: WorkflowData = {
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


def built_workflow(data: WorkflowData | None) -> Workflow:
    """Return a pinned workflow by its data, made once; None is the default one."""
    return DEFAULT if data is None else _built(json.dumps(data))


@lru_cache(maxsize=256)
def _built(data: str) -> Workflow:
    return Workflow.of(json.loads(data))


def move_meaning(action: Action, was: StatusKind, now: StatusKind) -> Action:
    """Return what a move by name comes to: to resolve, to close, to reopen, or just to move."""
    if action is not Action.MOVE:
        return action
    if now in ACTIVE:
        return action if was in ACTIVE else Action.REOPEN
    return Action.RESOLVE if now is StatusKind.RESOLVED else Action.CLOSE
