"""The section ``sla``: policies, each with its calendar and its targets. ``standard`` serves every type that names none.

standard:
  hours: office
  first_response: {urgent: 15m, high: 1h, normal: 4h, low: 8h}
  resolution: 3d
  warn: 20%
  pause: [pending]
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from handlers.rules.node import Node
from storage.lifecycle import StatusKind
from storage.models import Priority

STANDARD = "standard"
WARN = 20
PAUSES = (StatusKind.PENDING, StatusKind.ON_HOLD)
DONE = frozenset((StatusKind.RESOLVED, StatusKind.CLOSED))
LONGEST = timedelta(days=100)


class Target(StrEnum):
    """What a clock counts down to."""

    FIRST_RESPONSE = "first_response"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class Policy:
    """Targets by priority, counted in the working time of a calendar; none of a name is round the clock."""

    name: str
    hours: str = ""
    first_response: Mapping[Priority, timedelta] = field(default_factory=dict)
    resolution: Mapping[Priority, timedelta] = field(default_factory=dict)
    warn: int = WARN  # percent of the target that are left when it is warned of; 0: not at all
    pause: frozenset[StatusKind] = frozenset((StatusKind.PENDING,))
    quiet: bool = False  # cards show it, nobody is warned or alarmed

    def target(self, which: Target, priority: Priority) -> timedelta | None:
        """Return how much working time there is; None where nothing is aimed at."""
        return (self.first_response if which is Target.FIRST_RESPONSE else self.resolution).get(priority)

    def stands(self, kind: StatusKind) -> bool:
        """Return whether the clocks stand in a status of this kind: nothing waits for the team."""
        return kind in self.pause or kind in DONE


def plain_policy(first_response: timedelta) -> Policy:
    """Return the policy of a desk that names no target: one first response for all, round the clock, and no alarms."""
    return Policy(STANDARD, first_response=MappingProxyType(dict.fromkeys(Priority, first_response)), quiet=True)


def read_policies(node: Node) -> dict[str, Policy]:
    """Return the policies by name."""
    return {name: _policy(name, inner) for name, inner in node.entries().items()}


def _policy(name: str, node: Node) -> Policy:
    before = len(node.problems)
    given = node.fields("hours", "first_response", "resolution", "warn", "pause")
    policy = Policy(
        name,
        given["hours"].reference("hours"),
        _targets(given["first_response"]),
        _targets(given["resolution"]),
        _percent(given["warn"]),
        frozenset(_pauses(given["pause"])) if given["pause"].given else frozenset((StatusKind.PENDING,)),
    )
    if not policy.first_response and not policy.resolution and len(node.problems) == before:
        node.refuse("no_targets")
    for priority, length in policy.resolution.items():
        if length < policy.first_response.get(priority, length):
            given["resolution"].refuse("resolved_before_answered", priority=priority.value)
            break
    return policy


def _targets(node: Node) -> dict[Priority, timedelta]:
    """Return a target for each priority; one alone is for all of them."""
    if not node.given:
        return {}
    if not isinstance(node.value, Mapping):
        length = _length(node)
        return dict.fromkeys(Priority, length) if length is not None else {}
    found: dict[Priority, timedelta] = {}
    for word, inner in node.fields(*Priority).items():
        if (length := _length(inner)) is not None:
            found[Priority(word)] = length
    return found


def _length(node: Node) -> timedelta | None:
    """Return a target: a minute at least, a hundred days of working time at most."""
    length = node.duration(low=timedelta(0))
    if length is None:
        return None
    if not timedelta(minutes=1) <= length <= LONGEST:
        node.refuse("target", word=str(node.value))
        return None
    return length


def _percent(node: Node) -> int:
    if not node.given:
        return WARN
    found = re.fullmatch(r"\s*(\d{1,2})\s*%?\s*", str(node.value))
    if not found or int(found[1]) > 90:
        node.refuse("percent", word=str(node.value))
        return WARN
    return int(found[1])


def _pauses(node: Node) -> list[StatusKind]:
    """Return the kinds of status in which the clocks stand; an empty list is none."""
    return [StatusKind(word) for inner in node.items() if (word := inner.choice(PAUSES))]
