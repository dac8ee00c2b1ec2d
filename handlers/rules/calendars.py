"""Working time: calendars, and the arithmetic on them. A year is laid out once; then every question is one search in it.

A span opens when the clock of its zone first shows its beginning, and closes when the clock first shows its end: an hour
that is skipped in spring is not worked, one that comes twice in autumn is worked twice where a shift goes through it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

Spans = tuple[tuple[int, int], ...]  # minutes since a day's midnight; what ends after 24:00 goes on into the next day

DAY = 24 * 60
CLOSED: Spans = ()
ALL_DAY: Spans = ((0, DAY),)
MINUTE = 60 * 1_000_000
MEAN_YEAR = 31_556_952 * 1_000_000  # 365.2425 days
BORDER = 4 * DAY * MINUTE  # no year of any zone begins farther from where a mean year does, from 1900 to 2200
SECOND = timedelta(seconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Year:
    """Working time that begins in one local year: spans in microseconds since 1970, and what was worked before each."""

    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    def worked(self, tick: int) -> int:
        """Return how much of this year's working time has passed by then."""
        found = bisect_right(self.opens, tick) - 1
        if found < 0:
            return 0
        closes = self.closes[found]
        return self.before[found] + (tick if tick < closes else closes) - self.opens[found]

    def when(self, worked: int) -> int:
        """Return the moment by which so much was worked: the end of a span rather than the beginning of the next."""
        found = bisect_left(self.before, worked) - 1
        return self.opens[found] + worked - self.before[found]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When somebody works: a zone, a week, holidays, and days of one's own that are closed or have other hours."""

    name: str
    zone: str
    week: tuple[Spans, ...]  # Monday first
    holidays: str = ""  # a country, perhaps with a region: UA, DE-BY
    days: Mapping[date, Spans] = field(default_factory=dict)
    _years: dict[int, Year] = field(default_factory=dict, init=False, repr=False, compare=False)

    def in_zone(self, zone: str) -> "Calendar":
        """Return the same hours by the clock of another zone."""
        return self if zone == self.zone else replace(self, zone=zone)

    @property
    def always(self) -> bool:
        """Return whether somebody works at any time."""
        return not self.holidays and not self.days and all(spans == ALL_DAY for spans in self.week)

    def add(self, moment: datetime, working: timedelta) -> datetime:
        """Return when so much working time will have passed since a moment."""
        if self.always or working <= timedelta(0):
            return moment + max(working, timedelta(0))
        tick = _ticks(moment)
        number = self._year_of(tick)
        year = self._year(number)
        left = year.worked(tick) + working // _TICK
        while left > year.total:
            left, number = left - year.total, number + 1
            year = self._year(number)
        return _EPOCH + year.when(left) * _TICK

    def between(self, begin: datetime, end: datetime) -> timedelta:
        """Return the working time from one moment to another; less than none where the other is earlier."""
        if self.always:
            return end - begin
        return self.ticks_between(_ticks(begin), _ticks(end)) * _TICK

    def ticks_between(self, begin: int, end: int) -> int:
        """Return the working time from one moment to another, all in microseconds: the moments since 1970."""
        if end < begin:
            return -self.ticks_between(end, begin)
        number = self._year_of(begin)
        year = self._year(number)
        found = bisect_right(year.opens, begin)
        if found and end <= year.closes[found - 1]:  # as most often: within one span
            return end - begin
        until = self._year_of(end)
        whole = sum(self._year(each).total for each in range(number, until))
        return whole + self._year(until).worked(end) - year.worked(begin)

    def is_open(self, moment: datetime) -> bool:
        """Return whether somebody works at a moment."""
        return self.next_opening(moment) == moment

    def closing(self, moment: datetime) -> datetime:
        """Return when the hours that are open at a moment are over; others may begin then. Raises ValueError where none are."""
        tick = _ticks(moment)
        year = self._year(self._year_of(tick))
        found = bisect_right(year.opens, tick) - 1
        if self.always or found < 0 or tick >= year.closes[found]:
            raise ValueError("no hours end that are open then")
        return _EPOCH + year.closes[found] * _TICK

    def next_opening(self, moment: datetime) -> datetime:
        """Return when somebody works next: the moment itself where somebody works then."""
        if self.always:
            return moment
        tick = _ticks(moment)
        number = self._year_of(tick)
        year = self._year(number)
        found = bisect_right(year.opens, tick)
        if found and tick < year.closes[found - 1]:
            return moment
        while found == len(year.opens):
            number, found = number + 1, 0
            year = self._year(number)
        return _EPOCH + year.opens[found] * _TICK

    def works_on(self, day: date) -> bool:
        """Return whether somebody works on a day at all."""
        own = self.days.get(day)
        if own is not None:
            return bool(own)
        return day not in public_holidays(self.holidays, day.year) and bool(self.week[day.weekday()])

    # A year laid out

    def _year_of(self, tick: int) -> int:
        """Return the year a moment counts to: the last one whose first span has opened, or one of only free time after it."""
        number, since = divmod(tick, MEAN_YEAR)
        if BORDER < since < MEAN_YEAR - BORDER:
            return number + 1970
        year = number + (1970 if since < BORDER else 1971)
        opens = self._year(year).opens
        return year if opens and tick >= opens[0] else year - 1

    def _year(self, number: int) -> Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = self._laid_out(number)
        return year

    def _laid_out(self, number: int) -> Year:
        opens, closes, before, total = [], [], [], 0
        eve = [end for _, end in self._worked(date(number - 1, 12, 31), date(number - 1, 12, 31))]
        last = max(eve, default=0)
        for begin, end in self._worked(date(number, 1, 1), date(number, 12, 31)):
            begin = max(begin, last)  # a day's own hours may begin before last night's shift is over
            if begin < end:
                opens.append(begin)
                closes.append(end)
                before.append(total)
                total, last = total + end - begin, end
        return Year(tuple(opens), tuple(closes), tuple(before), total)

    def _worked(self, first: date, last: date) -> Iterator[tuple[int, int]]:
        """Return the spans that begin on these days, as moments."""
        zone, free = ZoneInfo(self.zone), public_holidays(self.holidays, first.year)
        for day in _each(first, last):
            spans = self.days.get(day)
            if spans is None:
                spans = CLOSED if day in free else self.week[day.weekday()]
            if not spans:
                continue
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - as the clock on the wall shows it
            steady = _steady(zone, midnight)
            for begin, end in spans:
                if steady is None:
                    yield (
                        _first(zone, midnight + timedelta(minutes=begin)),
                        _first(zone, midnight + timedelta(minutes=end)),
                    )
                else:
                    yield steady + begin * MINUTE, steady + end * MINUTE


def round_the_clock(zone: str = "UTC") -> Calendar:
    """Return the calendar of those who are always there."""
    return Calendar("", zone, (ALL_DAY,) * 7)


@cache
def public_holidays(place: str, year: int) -> frozenset[date]:
    """Return the days of a year that are free by law in a country or its region (``UA``, ``DE-BY``)."""
    if not place:
        return frozenset()
    from holidays import country_holidays  # heavy: only desks that use it pay for it

    country, _, region = place.partition("-")
    return frozenset(country_holidays(country, subdiv=region or None, years=year))


def first_shown(zone: ZoneInfo, local: datetime) -> datetime:
    """Return the moment at which the clock of a zone first shows a time (``local``, naive), or has jumped over it."""
    return _EPOCH + _first(zone, local) * _TICK


def _each(first: date, last: date) -> Iterator[date]:
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(number)


def _ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


def _steady(zone: ZoneInfo, midnight: datetime) -> int | None:
    """Return a midnight's moment where the clock is not changed within two days, else None."""
    offsets = {(midnight + timedelta(days=days)).replace(tzinfo=zone).utcoffset() for days in (-1, 0, 1, 2)}
    return _ticks(midnight.replace(tzinfo=zone).astimezone(UTC)) if len(offsets) == 1 else None


def _first(zone: ZoneInfo, local: datetime) -> int:
    """Return the moment at which the clock of a zone first shows a time, or has jumped over it."""
    early, late = (local.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
    utc = local.replace(tzinfo=UTC)
    if early >= late:  # it comes once, or twice
        return _ticks(utc - early)
    low, high = utc - late, utc - early  # it never comes: the jump lies between
    while high - low > SECOND:
        middle = low + (high - low) // SECOND // 2 * SECOND
        if middle.astimezone(zone).replace(tzinfo=None) >= local:
            high = middle
        else:
            low = middle
    return _ticks(high)
