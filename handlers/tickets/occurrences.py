"""When a schedule comes: the moments of its days by a clock on the wall, and what holidays make of them."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.rules.calendars import Calendar, first_shown
from handlers.vocabulary.schedules import Schedule, Unit

FARTHEST = 800  # days that are looked at, at the least: two years, for what comes on a few days of the year alone
TIMES = 12  # of what comes each n-th month, week or day: so often holidays may leave it out
DAYS = {Unit.DAY: 1, Unit.WEEK: 7, Unit.MONTH: 31}
MOVED = 31  # days over which an occurrence is moved at most


class Holidays(StrEnum):
    """What becomes of an occurrence on a day on which nobody works, by the calendar of whose work it is."""

    KEEP = "keep"
    SKIP = "skip"
    NEXT = "next"  # the next day on which somebody works
    BEFORE = "before"  # the last one before it


def next_occurrence(
    schedule: Schedule, holidays: Holidays, calendar: Calendar, zone: str, after: datetime
) -> datetime | None:
    """Return when a schedule comes next after a moment; None where it never does."""
    today, found, seen = after.astimezone(ZoneInfo(zone)).date(), None, 0
    for day in range(-MOVED, max(FARTHEST, TIMES * schedule.n * DAYS[schedule.unit])):
        if found is not None and day - seen > MOVED:
            break  # whatever is moved comes no earlier
        moment = moment_on(schedule, holidays, calendar, zone, today + timedelta(days=day))
        if moment is not None and moment > after and (found is None or moment < found):
            found, seen = moment, day
    return found


def next_occurrences(
    schedule: Schedule, holidays: Holidays, calendar: Calendar, zone: str, after: datetime, count: int
) -> list[datetime]:
    """Return the next few times a schedule comes after a moment."""
    found: list[datetime] = []
    while len(found) < count:
        following = next_occurrence(schedule, holidays, calendar, zone, found[-1] if found else after)
        if following is None:
            break
        found.append(following)
    return found


def moment_on(schedule: Schedule, holidays: Holidays, calendar: Calendar, zone: str, day: date) -> datetime | None:
    """Return the moment of an occurrence that falls on a day, wherever holidays move it; None where there is none.

    A time that the clock leaves out in spring is when it has jumped over it; one that comes twice in autumn is the first.
    """
    if not schedule.falls_on(day):
        return None
    moved = day
    while holidays is not Holidays.KEEP and not calendar.works_on(moved):
        moved += timedelta(days=-1 if holidays is Holidays.BEFORE else 1)
        if holidays is Holidays.SKIP or abs((moved - day).days) > MOVED:
            return None
    return first_shown(ZoneInfo(zone), datetime.combine(moved, schedule.at))
