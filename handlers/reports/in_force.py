"""The rules that were in force at each moment, so that a calendar that changes today leaves yesterday's figures as they are.

Moments and lengths are microseconds here, as in ``storage/reports/facts.py``.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from handlers.rules import Rules
from handlers.rules.calendars import Calendar
from handlers.rules.document import Document, read_document
from handlers.rules.sla import Policy
from storage.lifecycle import StatusKind
from storage.types import moment_ticks

Terms = tuple[Policy, Calendar]
Count = Callable[[int, int], int]
BEGINNING = 0


class Clock:
    """What counts working time while nothing changes but the rules: by each revision's calendar, or not at all."""

    __slots__ = ("_counts", "_in_force", "_latest")

    def __init__(self, in_force: "InForce", calendars: Sequence[Calendar | None]) -> None:
        self._in_force = in_force
        self._counts = [_count(calendar) for calendar in calendars]
        self._latest = in_force.latest

    def worked(self, begin: int, end: int) -> int:
        """Return the working time from one moment to another; none where the other is not later."""
        if end <= begin:
            return 0
        if begin >= self._latest:
            return self._counts[-1](begin, end)
        return sum(self._counts[number](first, last) for first, last, number in self._in_force.stretches(begin, end))


class InForce:
    """Every revision of the rules; the oldest one that is kept serves for all that was before it."""

    def __init__(self, revisions: Sequence[tuple[datetime, Document]], base: Rules) -> None:
        found = [(moment_ticks(at), read_document(data, base)[0]) for at, data in revisions] or [(BEGINNING, base)]
        self._since = [BEGINNING, *(at for at, _ in found[1:])]
        self._rules = [rules for _, rules in found]
        self._terms: dict[tuple[int, str, str], Terms] = {}
        self._clocks: dict[tuple[int, ...], Clock] = {}

    @property
    def latest(self) -> int:
        """Return since when the newest revision is in force."""
        return self._since[-1]

    def stretches(self, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield a stretch of time cut where the rules changed, each part with the number of the revision in force."""
        number = bisect_right(self._since, begin) - 1
        while number + 1 < len(self._since) and self._since[number + 1] < end:
            yield begin, self._since[number + 1], number
            begin, number = self._since[number + 1], number + 1
        if begin < end:
            yield begin, end, number

    def terms(self, number: int, kind: str, group: str | None) -> Terms:
        """Return the policy of a request type and the calendar it was counted in, in a revision."""
        key = (number, kind, group or "")
        if key not in self._terms:
            rules = self._rules[number]
            policy, team = rules.policy(kind), rules.groups.get(group or "")
            self._terms[key] = policy, rules.calendar(policy.hours or (team.hours if team else ""))
        return self._terms[key]

    def clock(self, status: StatusKind, kind: str, group: str | None) -> Clock:
        """Return what counts a request's working time in a status: one and the same where it goes on as before."""
        calendars = []
        for number in range(len(self._rules)):
            policy, calendar = self.terms(number, kind, group)
            calendars.append(None if policy.stands(status) else calendar)
        key = tuple(id(calendar) for calendar in calendars)  # they live as long as the terms
        if key not in self._clocks:
            self._clocks[key] = Clock(self, calendars)
        return self._clocks[key]


def _count(calendar: Calendar | None) -> Count:
    if calendar is None:
        return _none
    return _whole if calendar.always else calendar.ticks_between


def _none(_begin: int, _end: int) -> int:
    return 0


def _whole(begin: int, end: int) -> int:
    return end - begin
