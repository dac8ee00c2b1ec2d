"""What happened, counted: as a whole, by day, and by whatever else a report asks about."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil
from operator import attrgetter, itemgetter
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from handlers.reports.ledger import Happened, What
from storage.types import moment_ticks, ticks_moment

Marks = Mapping[str, Mapping[int, Sequence[object]]]  # what a ticket has many of, "tag" or "asset": by ticket
MEASURED = (What.ANSWERED, What.SOLVED, What.SOLVED_AGAIN)
NO_MARKS: Marks = MappingProxyType({})
MARKS = ("tag", "asset")
HOUR = 3600 * 1_000_000
DAY = 24 * HOUR
EPOCH_DAY = date(1970, 1, 1).toordinal()
THURSDAY = 3  # 1 January 1970


@dataclass(slots=True)
class Measures:
    """How long something took, each time: a million of them are 24 MB. Each keeps whose it is, so that it can be opened."""

    worked: "array[int]" = field(default_factory=lambda: array("q"))  # microseconds
    wall: "array[int]" = field(default_factory=lambda: array("q"))
    tickets: "array[int]" = field(default_factory=lambda: array("q"))

    def __len__(self) -> int:
        return len(self.tickets)

    def add_all(self, events: Sequence[Happened]) -> None:
        """Add what was measured."""
        self.worked.extend(map(attrgetter("worked"), events))
        self.wall.extend(map(attrgetter("wall"), events))
        self.tickets.extend(map(attrgetter("ticket"), events))

    def ordered(self) -> Iterator[tuple[int, timedelta, timedelta]]:
        """Yield ticket, working time and time on the wall, the shortest working time first."""
        order = np.lexsort((self.tickets, self.worked)).tolist() if len(self) else []
        for place in order:
            yield self.tickets[place], _length(self.worked[place]), _length(self.wall[place])

    def within(self, share: float) -> timedelta | None:
        """Return the smallest working time that such a share of all does not exceed: always one of them, so it can be opened."""
        if not len(self):
            return None
        place = max(0, ceil(share * len(self)) - 1)
        return _length(int(np.partition(self.worked, place)[place]))


@dataclass(slots=True)
class Tally:
    """The counts and measures of one line of a table."""

    counts: Counter[What] = field(default_factory=Counter)
    measures: dict[What, Measures] = field(default_factory=dict)
    met: Counter[What] = field(default_factory=Counter)
    missed: Counter[What] = field(default_factory=Counter)
    ratings: list[tuple[int, int]] = field(default_factory=list)  # value, ticket
    minutes: int = 0
    helped: int = 0  # tickets that somebody else had

    def add_all(self, events: Sequence[Happened]) -> None:
        """Count what happened."""
        self.counts.update(map(itemgetter(0), events))
        for what in MEASURED:
            if some := [one for one in events if one[0] is what]:
                self.measures.setdefault(what, Measures()).add_all(some)
                for met, count in Counter(one.met for one in some).items():
                    if met is not None:
                        (self.met if met else self.missed)[what] += count
        self.ratings += ((one.value, one.ticket) for one in events if one[0] is What.RATED)

    @property
    def gone(self) -> int:
        """Return how many came to rest, each as often as it did."""
        return self.counts[What.SOLVED] + self.counts[What.SOLVED_AGAIN] + self.counts[What.MERGED]

    def worked(self, what: What, share: float) -> timedelta | None:
        """Return the working time within which such a share was done; None where nothing was."""
        measures = self.measures.get(what)
        return measures.within(share) if measures else None

    def kept(self, what: What) -> float | None:
        """Return the share of targets that were kept; None where nothing was aimed at."""
        whole = self.met[what] + self.missed[what]
        return self.met[what] / whole if whole else None

    def liked(self) -> float | None:
        """Return the share of ratings that are 4 or 5; None where there is none."""
        return sum(value >= 4 for value, _ in self.ratings) / len(self.ratings) if self.ratings else None


Key = Callable[[Happened], object]
KEYS: dict[str, Key] = {
    "agent": attrgetter("agent"),
    "group": attrgetter("group"),
    "type": attrgetter("kind"),
    "kind": attrgetter("request_kind"),
    "priority": attrgetter("priority"),
    "company": attrgetter("company"),
}


class Counted:
    """All that a stretch of time brought."""

    def __init__(self, since: datetime, until: datetime, zone: str, by: Sequence[str] = ()) -> None:
        self.since, self.until = since, until
        self.whole = Tally()
        self.days: dict[date, Tally] = {}  # counts alone
        self.by: dict[str, dict[object, Tally]] = {name: {} for name in by}
        self.hours: Counter[tuple[int, int]] = Counter()  # (weekday, hour) in which requests came
        self._zone = ZoneInfo(zone)
        self._since, self._ahead = utc_offset_changes(self._zone, since, until)

    def add_all(self, events: Sequence[Happened], marks: Marks = NO_MARKS) -> None:
        """Count what happened in this stretch of time."""
        if not events:
            return
        self.whole.add_all(events)
        self._add_times(events)
        for name, lines in self.by.items():
            split: dict[object, list[Happened]] = defaultdict(list)
            if name in MARKS:
                marked = marks.get(name, {})
                for one in events:
                    for mark in marked.get(one.ticket, ()):
                        split[mark].append(one)
            else:
                key = KEYS[name]
                for one in events:
                    split[key(one)].append(one)
            for line, some in split.items():
                lines.setdefault(line, Tally()).add_all(some)

    def spend(self, person: int, minutes: int, at: datetime) -> None:
        """Count minutes that somebody wrote down."""
        self.whole.minutes += minutes
        if "agent" in self.by:
            self.by["agent"].setdefault(person, Tally()).minutes += minutes
        self.days.setdefault(at.astimezone(self._zone).date(), Tally()).minutes += minutes

    def help(self, person: int, tickets: int) -> None:
        """Count with how many tickets of others somebody helped."""
        if "agent" in self.by:
            self.by["agent"].setdefault(person, Tally()).helped += tickets

    def _add_times(self, events: Sequence[Happened]) -> None:
        """Count by the day and the hour that the clock of the zone showed."""
        at = np.fromiter(map(itemgetter(1), events), np.int64, len(events))
        local = at + self._ahead[np.searchsorted(self._since, at, "right") - 1]
        whats = list(map(itemgetter(0), events))
        for (day, what), count in Counter(zip((local // DAY).tolist(), whats, strict=True)).items():
            self.days.setdefault(date.fromordinal(EPOCH_DAY + day), Tally()).counts[what] += count
        came = (local // HOUR)[np.fromiter((what is What.CAME for what in whats), bool, len(whats))]
        for hour, count in Counter(came.tolist()).items():
            self.hours[(hour // 24 + THURSDAY) % 7, hour % 24] += count


def utc_offset_changes(
    zone: ZoneInfo, since: datetime, until: datetime
) -> tuple["np.ndarray[Any, Any]", "np.ndarray[Any, Any]"]:
    """Return how far the clock of a zone is ahead of UTC, and since when, in a stretch of time; in microseconds."""

    def ahead(tick: int) -> int:
        return (ticks_moment(tick).astimezone(zone).utcoffset() or timedelta(0)) // timedelta(microseconds=1)

    first, last = moment_ticks(since), moment_ticks(until)
    changes = [(first, ahead(first))]
    for day in range(first, last, DAY):
        low, high = day, min(day + DAY, last)
        if ahead(high) != changes[-1][1]:
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if ahead(middle) == changes[-1][1] else (low, middle)
            changes.append((high, ahead(high)))
    return np.array([at for at, _ in changes]), np.array([offset for _, offset in changes])


def _length(ticks: int) -> timedelta:
    return timedelta(microseconds=ticks)
