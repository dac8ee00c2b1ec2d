"""The rules that were in force at each moment, so that a calendar that changes today leaves yesterday's figures as they are."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from handlers.rules import Rules
from handlers.rules.calendars import Calendar
from handlers.rules.document import Document, read_document
from handlers.rules.sla import Policy

Terms = tuple[Policy, Calendar]
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class InForce:
    """Every revision of the rules; the oldest one that is kept serves for all that was before it."""

    def __init__(self, revisions: Sequence[tuple[datetime, Document]], base: Rules) -> None:
        found = [(at, read_document(data, base)[0]) for at, data in revisions] or [(BEGINNING, base)]
        self._since = [BEGINNING, *(at for at, _ in found[1:])]
        self._rules = [rules for _, rules in found]
        self._terms: dict[tuple[int, str, str], Terms] = {}

    def stretches(self, begin: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, int]]:
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
