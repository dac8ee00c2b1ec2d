"""Working time, beside a reference that looks at each single minute: across changes of the clock, leap days, zones, shifts."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.calendars import CLOSED, DAY, Calendar, Spans, public_holidays, round_the_clock

MINUTE = timedelta(minutes=1)
OFFICE = Calendar("office", "Europe/Kyiv", (((9 * 60, 13 * 60), (14 * 60, 18 * 60)),) * 5 + (CLOSED,) * 2)

# Where the clock is changed at night, at midnight, by half an hour, in the other half of the year, or not at all.
ZONES = (
    *("Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "America/Havana", "Asia/Kathmandu"),
    *("America/Santiago", "Africa/Casablanca", "UTC", "Pacific/Apia"),
)
# Days on whose eve something happens: leap days, changes of the clock, the turn of a year, a day that Samoa never had.
EVES = (
    *(date(2024, 2, 27), date(2026, 3, 27), date(2026, 10, 23), date(2026, 3, 6), date(2026, 10, 30), date(2026, 4, 3)),
    *(
        date(2025, 12, 29),
        date(2028, 2, 28),
        date(2023, 3, 25),
        date(2011, 12, 29),
        date(2026, 8, 22),
        date(2026, 6, 30),
    ),
)


class Reference:
    """The same calendar, asked minute by minute. The clock on the wall is believed only where it shows what is new."""

    def __init__(self, calendar: Calendar, begin: datetime, minutes: int) -> None:
        self.begin, self.minutes = begin, minutes
        self.works = list(self._walk(calendar, begin, minutes))

    def _walk(self, calendar: Calendar, begin: datetime, minutes: int) -> Iterator[bool]:
        zone, today, hours = ZoneInfo(calendar.zone), date.min, list[tuple[datetime, datetime]]()
        latest = datetime(1, 1, 1)  # noqa: DTZ001
        for minute in range(-DAY, minutes):
            wall = (begin + minute * MINUTE).astimezone(zone).replace(tzinfo=None)
            latest = max(latest, wall)
            if latest.date() != today:
                today = latest.date()
                hours = [*_of_day(calendar, today - timedelta(days=1)), *_of_day(calendar, today)]
            if minute >= 0:
                yield any(start <= latest < end for start, end in hours)

    def add(self, minute: int, working: int) -> int | None:
        """Return the minute by which so many were worked."""
        for step in range(minute, self.minutes):
            if not working:
                return step
            working -= self.works[step]
        return None

    def between(self, first: int, last: int) -> int:
        """Return how many minutes are worked from one to another."""
        return sum(self.works[first:last])

    def next_opening(self, minute: int) -> int | None:
        """Return the next minute that is worked."""
        return next((step for step in range(minute, self.minutes) if self.works[step]), None)


def _of_day(calendar: Calendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    spans = calendar.days.get(day)
    if spans is None:
        free = day in public_holidays(calendar.holidays, day.year)
        spans = CLOSED if free else calendar.week[day.weekday()]
    midnight = datetime.combine(day, datetime.min.time())
    for begin, end in spans:
        yield midnight + begin * MINUTE, midnight + end * MINUTE


@st.composite
def spans(draw: st.DrawFn) -> Spans:
    """Draw the hours of a day: none, some, or a shift into the next day that ends before anybody comes."""
    marks = sorted(draw(st.sets(st.integers(6 * 12, 24 * 12), max_size=4)))
    found = [(begin * 5, end * 5) for begin, end in zip(marks[::2], marks[1::2], strict=False)]
    if draw(st.integers(0, 3)) == 0 and (not found or found[-1][1] <= 22 * 60):
        found.append((22 * 60 + draw(st.integers(0, 119)), DAY + draw(st.integers(1, 6 * 60))))
    return tuple(found)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Calendar, date]:
    """Draw a calendar that opens each week, and a day to begin at."""
    eve = draw(st.sampled_from(EVES))
    week = draw(st.tuples(*[spans()] * 7).filter(any))
    near = st.integers(-1, 8).map(lambda days: eve + timedelta(days=days))
    days = draw(st.dictionaries(near, spans(), max_size=3))
    holidays = draw(st.sampled_from(["", "", "US", "PL", "DE-BY"]))
    return Calendar("drawn", draw(st.sampled_from(ZONES)), week, holidays, days), eve


@pytest.mark.slow
@given(
    drawn=calendars(),
    minutes=st.tuples(st.integers(0, 5 * DAY), st.integers(0, 5 * DAY)),
    working=st.integers(0, 4 * DAY),
)
def test_any_calendar_agrees_with_a_look_at_each_minute(
    drawn: tuple[Calendar, date], minutes: tuple[int, int], working: int
):
    calendar, eve = drawn
    begin = datetime(eve.year, eve.month, eve.day, tzinfo=UTC)
    reference = Reference(calendar, begin, 6 * DAY)
    first, last = sorted(minutes)

    def at(minute: int) -> datetime:
        return begin + minute * MINUTE

    assert calendar.between(at(first), at(last)) == reference.between(first, last) * MINUTE
    assert calendar.between(at(last), at(first)) == -calendar.between(at(first), at(last))
    assert calendar.is_open(at(first)) is reference.works[first]
    if reference.works[first]:
        closing = calendar.closing(at(first))
        assert closing > at(first)
        assert all(reference.works[first : (closing - begin) // MINUTE])
    if (opening := reference.next_opening(first)) is not None:
        assert calendar.next_opening(at(first)) == at(opening)
    if (due := reference.add(first, working)) is not None:
        assert calendar.add(at(first), working * MINUTE) == at(due)


@given(
    drawn=calendars(),
    later=st.timedeltas(timedelta(0), timedelta(days=8)),
    working=st.timedeltas(timedelta(0), timedelta(hours=200)),
)
def test_what_is_added_has_passed(drawn: tuple[Calendar, date], later: timedelta, working: timedelta):
    calendar, eve = drawn
    begin = datetime(eve.year, eve.month, eve.day, tzinfo=UTC) + later
    due = calendar.add(begin, working)
    assert calendar.between(begin, due) == working
    assert not working or calendar.between(begin, due - timedelta(microseconds=1)) == working - timedelta(
        microseconds=1
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("begin", "working", "due"),
    [
        ("2026-11-20 08:00", 1, "2026-11-20 09:00"),  # a Friday in Kyiv, 10:00 there
        ("2026-11-20 10:30", 1, "2026-11-20 12:30"),  # over the lunch hour
        ("2026-11-20 15:00", 2, "2026-11-23 08:00"),  # over the weekend
        ("2026-11-20 15:00", 1, "2026-11-20 16:00"),  # just till the end of the day
        ("2026-11-21 03:00", 1, "2026-11-23 08:00"),  # from a Saturday
        ("2026-10-23 14:00", 2, "2026-10-26 08:00"),  # the clock goes back on the Sunday between
        ("2026-03-27 15:00", 2, "2026-03-30 07:00"),  # and forward
    ],
)
def test_working_time_is_added(begin: str, working: int, due: str):
    assert OFFICE.add(utc(begin), timedelta(hours=working)) == utc(due)


@pytest.mark.parametrize(("eve", "hours"), [("2026-10-24", 9), ("2026-03-28", 7), ("2026-11-21", 8)])
def test_a_night_shift_is_as_long_as_the_night(eve: str, hours: int):
    night = Calendar("night", "Europe/Kyiv", (((22 * 60, 30 * 60),),) * 7)
    opening = night.next_opening(utc(eve + " 12:00"))
    assert night.between(opening, opening + timedelta(hours=12)) == timedelta(hours=hours)


def test_holidays_and_days_of_ones_own():
    days = {date(2026, 12, 31): CLOSED, date(2026, 12, 25): ((10 * 60, 14 * 60),)}
    office = Calendar("office", "Europe/Warsaw", OFFICE.week, "PL", days)
    assert office.next_opening(utc("2026-12-24 20:00")) == utc("2026-12-25 09:00")  # a holiday with hours of its own
    assert office.next_opening(utc("2026-12-30 20:00")) == utc("2027-01-04 08:00")  # closed, New Year, a weekend
    assert not office.is_open(utc("2026-05-01 10:00"))
    assert office.closing(utc("2026-12-25 09:30")) == utc("2026-12-25 13:00")
    with pytest.raises(ValueError, match="open"):
        office.closing(utc("2026-05-01 10:00"))


def test_somebody_who_is_always_there():
    begin, hours = utc("2026-03-29 00:30"), timedelta(hours=4)
    always = round_the_clock("Europe/Kyiv")
    assert always.add(begin, hours) == begin + hours
    assert always.between(begin, begin + hours) == hours
    assert always.next_opening(begin) == begin


def test_a_year_ahead_costs_less_than_a_thousandth_of_a_second():
    begin = utc("2026-11-20 08:00")
    office = Calendar("office", "Europe/Kyiv", OFFICE.week)
    office.add(begin, timedelta(hours=2000))  # lays the years out
    best = min(_cost(office, begin) for _ in range(20))
    assert best < 0.001


def _cost(office: Calendar, begin: datetime) -> float:
    start = perf_counter()
    due = office.add(begin, timedelta(hours=2000))
    office.between(begin, due)
    return perf_counter() - start


def test_years_are_laid_out_quickly():
    best = min(_cost(Calendar("office", "Europe/Kyiv", OFFICE.week), utc("2026-11-20 08:00")) for _ in range(5))
    assert best < 0.1


def test_only_who_names_a_country_pays_for_the_holidays():
    asked = "import sys, handlers.dispatch; print('holidays' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"
