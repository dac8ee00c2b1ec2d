"""The section ``notify``: who hears of which event, from the desk to a type to a role; a person's own choice comes last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from handlers.rules.node import Node
from storage.models import Role


class TicketEvent(StrEnum):
    """What happens to a ticket that somebody may want to hear of."""

    CLAIMED = "claimed"
    ASSIGNED = "assigned"
    RELEASED = "released"
    ESCALATED = "escalated"
    FOLLOW_UP = "follow_up"
    HELD = "held"
    RESUMED = "resumed"
    MOVED = "moved"  # to a status by its name
    WOKEN = "woken"
    RESOLVED = "resolved"
    REMINDER = "reminder"
    ASKED_AGAIN = "asked_again"  # the requester has not answered what they were asked
    CLOSED = "closed"
    REOPENED = "reopened"
    RATED = "rated"
    MERGED = "merged"
    LINKED = "linked"
    PLANNED = "planned"  # a time is planned, moved, or off
    PLAN_SOON = "plan_soon"  # what is planned is about to begin
    RETYPED = "retyped"  # it is of another request type
    WARNED = "warned"  # a fifth of the time to a target is left
    BREACHED = "breached"


class Who(StrEnum):
    """As what somebody hears of it."""

    REQUESTER = "requester"
    ASSIGNEE = "assignee"
    WATCHERS = "watchers"
    GROUP = "group"
    CHANNEL = "channel"  # the team channels; their cards show it in any case


DEFAULT: Mapping[TicketEvent, frozenset[Who]] = MappingProxyType(
    {
        TicketEvent.CLAIMED: frozenset((Who.REQUESTER, Who.WATCHERS)),
        TicketEvent.ASSIGNED: frozenset((Who.REQUESTER, Who.ASSIGNEE, Who.WATCHERS)),
        TicketEvent.RELEASED: frozenset((Who.WATCHERS,)),
        TicketEvent.ESCALATED: frozenset((Who.REQUESTER, Who.GROUP, Who.WATCHERS)),
        TicketEvent.FOLLOW_UP: frozenset((Who.ASSIGNEE, Who.WATCHERS)),
        TicketEvent.HELD: frozenset((Who.WATCHERS,)),
        TicketEvent.RESUMED: frozenset((Who.WATCHERS,)),
        TicketEvent.MOVED: frozenset((Who.REQUESTER, Who.WATCHERS)),
        TicketEvent.WOKEN: frozenset((Who.ASSIGNEE, Who.WATCHERS)),
        TicketEvent.RESOLVED: frozenset((Who.REQUESTER, Who.ASSIGNEE, Who.WATCHERS)),
        TicketEvent.REMINDER: frozenset((Who.REQUESTER,)),
        TicketEvent.ASKED_AGAIN: frozenset((Who.REQUESTER,)),
        TicketEvent.CLOSED: frozenset((Who.REQUESTER, Who.WATCHERS)),
        TicketEvent.REOPENED: frozenset((Who.REQUESTER, Who.ASSIGNEE, Who.WATCHERS)),
        TicketEvent.RATED: frozenset((Who.ASSIGNEE,)),
        TicketEvent.MERGED: frozenset((Who.REQUESTER, Who.ASSIGNEE, Who.WATCHERS)),
        TicketEvent.LINKED: frozenset((Who.REQUESTER, Who.WATCHERS)),
        TicketEvent.RETYPED: frozenset((Who.ASSIGNEE, Who.WATCHERS)),
        TicketEvent.PLANNED: frozenset((Who.REQUESTER, Who.ASSIGNEE, Who.WATCHERS)),
        TicketEvent.PLAN_SOON: frozenset((Who.ASSIGNEE,)),
        TicketEvent.WARNED: frozenset((Who.ASSIGNEE, Who.WATCHERS)),
        TicketEvent.BREACHED: frozenset((Who.ASSIGNEE, Who.GROUP, Who.WATCHERS, Who.CHANNEL)),
    }
)


UNTOLD = (
    TicketEvent.FOLLOW_UP,
    TicketEvent.RATED,
    TicketEvent.RELEASED,
    TicketEvent.WARNED,
    TicketEvent.BREACHED,
)  # to a requester


@dataclass(frozen=True, slots=True)
class NotifyRule:
    """Who hears of an event instead of whom the default names; for one type, one role, or both."""

    occasion: TicketEvent
    tell: frozenset[Who]
    type: str = ""
    role: str = ""

    @property
    def rank(self) -> int:
        """Return how narrow it is: a rule for a role outdoes one for a type, which outdoes the desk's."""
        return (2 if self.role else 0) + (1 if self.type else 0)


def read_notify(node: Node) -> tuple[NotifyRule, ...]:
    """Return the rules in their order."""
    found: list[NotifyRule] = []
    for inner in node.items():
        rule = _rule(inner)
        if rule is None:
            continue
        if any((r.occasion, r.type, r.role) == (rule.occasion, rule.type, rule.role) for r in found):
            inner.refuse("twice", word=rule.occasion)
        found.append(rule)
    return tuple(found)


def _rule(node: Node) -> NotifyRule | None:
    given = node.fields("event", "type", "role", "tell")
    if not given["event"].given:
        given["event"].refuse("missing")
    occasion = given["event"].choice(TicketEvent)
    tell = [word for inner in given["tell"].items() if (word := inner.choice(Who))]
    if not given["tell"].given:
        given["tell"].refuse("missing")
    if occasion in UNTOLD and Who.REQUESTER in tell:
        given["tell"].refuse("untold", word=occasion)
    kind, role = given["type"].reference("types"), given["role"].choice(Role)
    return NotifyRule(TicketEvent(occasion), frozenset(Who(word) for word in tell), kind, role) if occasion else None


def hears_of(
    rules: Sequence[NotifyRule],
    occasion: TicketEvent,
    who: Who,
    *,
    kind: str,
    role: str = "",
    chosen: Mapping[str, bool] | None = None,
) -> bool:
    """Return whether somebody hears of an event: the narrowest rule decides, and last of all their own choice."""
    said = who in DEFAULT[occasion]
    fitting = [r for r in rules if r.occasion is occasion and r.type in ("", kind) and r.role in ("", role)]
    for rule in sorted(fitting, key=lambda rule: rule.rank):
        said = who in rule.tell
    return (chosen or {}).get(occasion, said)
