"""What happened, counted: as a whole, by day, and by whatever else a report asks about."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from handlers.reports.ledger import Happened, What


@dataclass(slots=True)
class Tally:
    """The counts and measures of one line of a table. Each measure keeps whose it is, so that it can be opened."""

    counts: Counter[What] = field(default_factory=Counter)
    measures: dict[What, list[tuple[timedelta, timedelta, int]]] = field(default_factory=dict)  # worked, wall, ticket
    met: Counter[What] = field(default_factory=Counter)
    missed: Counter[What] = field(default_factory=Counter)
    ratings: list[tuple[int, int]] = field(default_factory=list)  # value, ticket
    minutes: int = 0

    def add(self, happened: Happened) -> None:
        """Count something."""
        what = happened.what
        self.counts[what] += 1
        if what in MEASURED:
            self.measures.setdefault(what, []).append((happened.worked, happened.wall, happened.ticket))
            if happened.met is not None:
                (self.met if happened.met else self.missed)[what] += 1
        elif what is What.RATED:
            self.ratings.append((happened.value, happened.ticket))

    @property
    def gone(self) -> int:
        """Return how many came to rest, each as often as it did."""
        return self.counts[What.SOLVED] + self.counts[What.SOLVED_AGAIN] + self.counts[What.MERGED]

    def worked(self, what: What, share: float) -> timedelta | None:
        """Return the working time within which such a share was done; None where nothing was."""
        return duration_quantile((each[0] for each in self.measures.get(what, ())), share)

    def kept(self, what: What) -> float | None:
        """Return the share of targets that were kept; None where nothing was aimed at."""
        whole = self.met[what] + self.missed[what]
        return self.met[what] / whole if whole else None

    def liked(self) -> float | None:
        """Return the share of ratings that are 4 or 5; None where there is none."""
        return sum(value >= 4 for value, _ in self.ratings) / len(self.ratings) if self.ratings else None


MEASURED = frozenset((What.ANSWERED, What.SOLVED, What.SOLVED_AGAIN))


def duration_quantile(values: Iterable[timedelta], share: float) -> timedelta | None:
    """Return the smallest value that is not exceeded by such a share of all: always one of them, so it can be opened."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


Key = Callable[[Happened], object]
KEYS: dict[str, Key] = {
    "agent": lambda happened: happened.agent,
    "group": lambda happened: happened.group,
    "type": lambda happened: happened.kind,
    "priority": lambda happened: happened.priority,
    "company": lambda happened: happened.company,
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

    def add(self, happened: Happened, tags: Sequence[str] = ()) -> None:
        """Count something that happened in this stretch of time."""
        local = happened.at.astimezone(self._zone)
        self.whole.add(happened)
        day = local.date()
        of_day = self.days.get(day)
        if of_day is None:
            of_day = self.days[day] = Tally()
        of_day.counts[happened.what] += 1
        if happened.what is What.CAME:
            self.hours[local.weekday(), local.hour] += 1
        for name, lines in self.by.items():
            keys: Sequence[object] = tags if name == "tag" else (KEYS[name](happened),)
            for key in keys:
                if key not in lines:
                    lines[key] = Tally()
                lines[key].add(happened)

    def spend(self, person: int, minutes: int, at: datetime) -> None:
        """Count minutes that somebody wrote down."""
        self.whole.minutes += minutes
        if "agent" in self.by:
            self.by["agent"].setdefault(person, Tally()).minutes += minutes
        self.days.setdefault(at.astimezone(self._zone).date(), Tally()).minutes += minutes
