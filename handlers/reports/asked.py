"""What a report was asked for: its kind, the days, which requests, and who reads it. It travels as JSON, through restarts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from handlers.reports.kinds import ReportKind
from handlers.reports.ledger import Happened
from handlers.vocabulary.periods import Period
from storage.tickets.queue import Filter


@dataclass(frozen=True, slots=True)
class AskedReport:
    """A report that was asked for. Whose work it is, and what it was then, is ``only``; the rest of its filter is ``filter``."""

    kind: ReportKind
    first: date
    end: date
    zone: str
    language: str
    filter: Filter = field(default_factory=Filter)
    agents: tuple[int, ...] = ()  # whose work alone is counted; empty: everybody's
    compare: bool = True
    said: str = ""  # the words of its filter

    @property
    def period(self) -> Period:
        """Return the days it is about."""
        return Period(self.first, self.end, self.zone)

    @property
    def chosen(self) -> Filter | None:
        """Return which requests are meant by what they are now: all that is not asked of what they were then."""
        now = replace(
            self.filter,
            agent=None,
            groups=(),
            types=(),
            priorities=(),
            request_kinds=(),
            sort="",
            by="",
            columns=(),
            every=True,
        )
        return now if now != Filter(every=True) else None

    @property
    def narrowed(self) -> bool:
        """Return whether some requests alone are meant, or somebody's work alone."""
        return bool(self.agents or self.chosen or self.filter.agent or _dimensions(self.filter))

    def counts(self, happened: Happened) -> bool:
        """Return whether something is counted, by whose it was and what it was when it happened."""
        of = self.filter
        return not (
            (self.agents and happened.agent not in self.agents)
            or (of.agent is not None and happened.agent != of.agent)
            or (of.groups and happened.group not in of.groups)
            or (of.types and happened.kind not in of.types)
            or (of.request_kinds and happened.request_kind not in of.request_kinds)
            or (of.priorities and happened.priority not in of.priorities)
        )

    @property
    def whole(self) -> bool:
        """Return whether what waits and what was asked belongs to it: it is not about somebody's work alone."""
        return not self.agents and self.filter.agent is None

    @property
    def waiting(self) -> Filter | None:
        """Return which requests are meant among those that wait, by what they are now."""
        now = replace(self.filter, agent=None, sort="", by="", columns=(), every=True)
        return now if now != Filter(every=True) else None


def _dimensions(of: Filter) -> bool:
    return bool(of.groups or of.types or of.priorities or of.request_kinds)


ASKED_REPORT = TypeAdapter(AskedReport)


def dump_asked_report(asked: AskedReport) -> Mapping[str, Any]:
    """Return what was asked for as JSON."""
    found: Mapping[str, Any] = ASKED_REPORT.dump_python(asked, mode="json")
    return found
