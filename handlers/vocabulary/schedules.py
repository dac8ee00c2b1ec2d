"""A schedule as people write it: monday 9:00, weekdays at 8, every 2 weeks on friday, the 15th, last day, first monday.

In English, Ukrainian and Russian, at the beginning of a text: what follows is no part of it and is given back.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from typing import Any, Self

from pydantic import TypeAdapter

from handlers.vocabulary.dates import MORNING, NOON

LAST = -1  # the last day of a month, or the last such weekday in it
WORKDAYS = (0, 1, 2, 3, 4)
MOST = 60  # days, weeks or months between two
WEEK = 7
LAST_HOUR = 23


class Unit(StrEnum):
    """In what a schedule counts."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which days, and at what time: every n days; these weekdays of every n-th week; a day of every n-th month."""

    unit: Unit
    n: int = 1
    days: tuple[int, ...] = ()  # weekdays, Monday 0; of a month: the one weekday that ``nth`` is of
    nth: int = 0  # of a month: which such weekday; LAST: the last one
    on: int = 0  # of a month: which day; LAST: the last one
    hour: int = MORNING.hour
    minute: int = 0
    since: date | None = None  # from which day every n-th is counted

    @property
    def at(self) -> time:
        """Return the time of day."""
        return time(self.hour, self.minute)

    def falls_on(self, day: date) -> bool:
        """Return whether a day is one of its days."""
        if self.unit is Unit.WEEK:
            return day.weekday() in self.days and self._is_counted(day, _week_of)
        if self.unit is Unit.DAY:
            return self._is_counted(day, date.toordinal)
        return self._in_month(day) and self._is_counted(day, _month_of)

    def _is_counted(self, day: date, number: Callable[[date], int]) -> bool:
        return self.since is None or (number(day) - number(self.since)) % self.n == 0

    def _in_month(self, day: date) -> bool:
        following = day + timedelta(days=1)
        if self.nth == LAST:
            return day.weekday() in self.days and (day + timedelta(days=WEEK)).month != day.month
        if self.nth:
            return day.weekday() in self.days and (day.day - 1) // WEEK + 1 == self.nth
        if self.on == LAST or following.month != day.month:  # the 31st of a short month is its last day
            return following.month != day.month and (self.on == LAST or self.on >= day.day)
        return day.day == self.on

    def begun_on(self, day: date) -> Self:
        """Return it as it is meant on a day: "weekly" is on this weekday, "monthly" on this day of the month."""
        if self.unit is Unit.WEEK and not self.days:
            return replace(self, days=(day.weekday(),))
        if self.unit is Unit.MONTH and not (self.on or self.nth):
            return replace(self, on=day.day)
        return self

    def counted_from(self, day: date) -> Self:
        """Return it with every n-th counted from a day."""
        return replace(self, since=day)

    def dump(self) -> dict[str, Any]:
        """Return it as it is written down."""
        found: dict[str, Any] = SCHEDULE.dump_python(self, mode="json")
        return found


SCHEDULE = TypeAdapter(Schedule)


def load_schedule(stored: object) -> Schedule:
    """Return what was written down."""
    return SCHEDULE.validate_python(stored)


def _week_of(day: date) -> int:
    return (day.toordinal() - 1) // WEEK  # 1 January of the year 1 was a Monday


def _month_of(day: date) -> int:
    return day.year * 12 + day.month


# Reading

_WEEKDAYS = (
    r"mon|mondays?|пн|понеділ(?:ок|ка|ки|кам|ках)|понедельник(?:а|и|ам)?",
    r"tue|tuesdays?|вт|вівтор(?:ок|ка|ки|кам|ках)|вторник(?:а|и|ам)?",
    r"wed|wednesdays?|ср|серед(?:а|у|и|ам|ах)|сред(?:а|у|ы|ам)",
    r"thu|thursdays?|чт|четвер(?:г|га|ги|гам|гах)?|четверг(?:а|и|ам)?",
    r"fri|fridays?|пт|п'?ятниц(?:я|ю|і|ям|ях|а|у|ы|ам)",
    r"sat|saturdays?|сб|субот(?:а|у|и|ам|ах)|суббот(?:а|у|ы|ам)",
    r"sun|sundays?|нд|вс|неділ(?:я|ю|і|ям|ях)|воскресень(?:е|я|ям)",
)
_SHORT = r"daily|weekly|monthly"
_ADJECTIVE = r"daily|weekly|monthly|щодня|щотижня|щомісяця|ежедневно|еженедельно|ежемесячно"  # no count goes before
_DAY = r"day|days|daily|щодня|день|дня|дні|днів|дней|ежедневно"
_WORKDAYS = r"weekdays?|workdays?|щобудня|будн(?:і|ій|я|ях|ям|и|ий)|будень"
_WEEK = r"week|weeks|weekly|щотижня|тижд(?:ень|ня)|тижн(?:і|ів)|недел(?:я|ю|и|ь)|еженедельно"
_MONTH = r"month|months|monthly|щомісяця|місяц(?:ь|я|і|ів)|месяц(?:а|ев)?|ежемесячно"
_NTH = (
    r"first|1st|перш(?:ий|а|у|ого|ої|е)|перв(?:ый|ая|ую|ого|ой|ое)",
    r"second|2nd|друг(?:ий|а|у|ого|ої|е)|втор(?:ой|ая|ую|ого|ое)",
    r"third|3rd|трет(?:ій|я|ю|ього|ьої|є|ий|ья|ью|ьего|ьей|ье)",
    r"fourth|4th|четверт(?:ий|а|у|ого|ої|е|ый|ая|ую|ой|ое)",
)
_LAST = r"last|останн(?:ій|я|ю|ього|ьої|є)|последн(?:ий|яя|юю|его|ей|ее)"
_OTHER = r"other|through|через"
_FILLER = (
    r"every|each|on|the|of|in|and|at|a|кож(?:ен|ний|на|ну|ного|ної|ні|них|не)|кажд(?:ый|ая|ую|ого|ой|ые|ых|ое)|по|о|об|в|во|у|на"
    r"|та|і|й|и|числ(?:о|а)|число"
)
_AT = r"at|о|об|в|у"
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|-?го|-?е|-?ого)")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(am|pm)?")
_HALF = re.compile(r"(\d{1,2})(am|pm)")
_HALVES = {"am": 0, "pm": NOON, "ранку": 0, "утра": 0, "вечора": NOON, "вечера": NOON}
_EDGES = ",;:–—-"
_NUMBER = re.compile(r"\d{1,2}")


@dataclass(slots=True)
class _Reading:
    """A text being read word by word."""

    words: Sequence[str]
    at: int = 0
    n: int = 1
    unit: Unit | None = None
    days: list[int] = field(default_factory=list)
    nth: int = 0
    on: int = 0
    clock: time | None = None

    @property
    def whole(self) -> bool:
        """Return whether a day and a time are known: what follows are words."""
        return self.clock is not None and bool(self.unit or self.days or self.on)

    def word(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.words[place] if place < len(self.words) else ""

    def takes(self, *patterns: str) -> bool:
        """Read a word that is one of these; return whether it was."""
        if not any(_is(self.word(), pattern) for pattern in patterns):
            return False
        self.at += 1
        return True


def read_schedule(text: str) -> tuple[Schedule, str] | None:
    """Return the schedule with which a text begins, and what follows it; None where it begins with none."""
    tokens = [*re.finditer(r"\S+", text)]
    plain = [re.sub("[’ʼ`]", "'", token.group().lower()).strip(_EDGES) for token in tokens]
    reading = _Reading(plain)
    read_to = 0
    while reading.at < len(reading.words) and not reading.whole:
        if any(step(reading) for step in _STEPS):
            read_to = reading.at
        elif _is(reading.word(), _FILLER) or not reading.word():
            reading.at += 1
        else:
            break
    found = _schedule_of(reading)
    if found is None:
        return None
    return found, text[tokens[read_to - 1].end() :].strip(" ,;:–—-\n") if read_to else text


def _schedule_of(read: _Reading) -> Schedule | None:
    clock = read.clock or MORNING
    if not 1 <= read.n <= MOST:
        return None
    if read.on or read.nth:
        if read.unit in (Unit.DAY, Unit.WEEK) or (read.nth and len(read.days) != 1):
            return None
        unit = Unit.MONTH
    elif read.days:
        if read.unit is Unit.MONTH:
            return None
        unit = Unit.WEEK
    elif read.unit is not None:
        unit = read.unit  # of a week or a month: the day on which it begins
    else:
        return None
    days = tuple(sorted(set(read.days)))
    return Schedule(unit, read.n, days, read.nth, read.on, clock.hour, clock.minute)


def _is(word: str, pattern: str) -> bool:
    return re.fullmatch(pattern, word) is not None


def _weekday(word: str) -> int | None:
    """Return which weekday a word names; "щопонеділка" too."""
    bare = word.removeprefix("що") if word.startswith("що") else word
    return next((number for number, names in enumerate(_WEEKDAYS) if _is(bare, names)), None)


def _reads_days(read: _Reading) -> bool:
    """Read weekdays: monday; monday, wednesday and friday; mon,wed."""
    parts = [part for part in read.word().split(",") if part]
    found = [_weekday(part) for part in parts]
    if not found or any(each is None for each in found):
        return False
    read.days += [each for each in found if each is not None]
    read.at += 1
    return True


def _reads_unit(read: _Reading) -> bool:
    """Read what is counted: day, weekdays, week, month."""
    if (read.days or read.on) and _is(read.word(), _SHORT):
        return False  # monday: weekly report
    if read.takes(_WORKDAYS):
        read.days += WORKDAYS
        return True
    for unit, pattern in ((Unit.DAY, _DAY), (Unit.WEEK, _WEEK), (Unit.MONTH, _MONTH)):
        if _is(read.word(), pattern) and read.unit in (None, unit):
            read.unit = unit
            read.at += 1
            return True
    return False


def _reads_count(read: _Reading) -> bool:
    """Read every how many: 2 weeks, second week, other friday."""
    after = read.word(1)
    counts = _is(after, f"{_DAY}|{_WEEK}|{_MONTH}") and not _is(after, _ADJECTIVE)
    if _NUMBER.fullmatch(read.word()) and int(read.word()) > 1 and counts:
        read.n = int(read.word())
    elif (counts and _is(read.word(), f"{_OTHER}|{_NTH[1]}")) or (
        _is(read.word(), _OTHER) and _weekday(after) is not None
    ):
        read.n = 2
    else:
        return False
    read.at += 1
    return True


def _reads_nth(read: _Reading) -> bool:
    """Read a day of a month: first monday, last day, 15th, day 15, 15 числа."""
    word, after = read.word(), read.word(1)
    which = next((at for at, names in enumerate(_NTH, 1) if _is(word, names)), LAST if _is(word, _LAST) else 0)
    if which and _weekday(after) is not None:
        read.nth = which
        read.at += 1
        return _reads_days(read)
    if which == LAST and _is(after, _DAY):
        read.on = LAST
        read.at += 2
        return True
    numbered = _ORDINAL.fullmatch(word)
    if numbered or (_NUMBER.fullmatch(word) and (_is(after, "числа|число") or read.unit is Unit.MONTH)):
        day = int(numbered.group(1) if numbered else word)
        if 1 <= day <= 31:
            read.on = day
            read.at += 1
            return True
    return False


def _reads_clock(read: _Reading) -> bool:
    """Read a time of day: 9:00, 9am, at 9, 9 ранку, о 18; after a day 9 alone too."""
    word, used = read.word(), 1
    dated = bool(read.days or read.on or read.unit is Unit.DAY)
    if _is(word, _AT) and _NUMBER.fullmatch(read.word(1)) and not _is(read.word(2), "числа|число"):
        word, used = read.word(1), 2
    elif not (
        _CLOCK.fullmatch(word)
        or _HALF.fullmatch(word)
        or read.word(1) in _HALVES
        or (dated and _NUMBER.fullmatch(word) and not _is(read.word(1), "числа|число"))
    ):
        return False
    found = _CLOCK.fullmatch(word)
    half = (found and found.group(3)) or ""
    if found:
        hour, minute = int(found.group(1)), int(found.group(2))
    elif short := _HALF.fullmatch(word):
        hour, minute, half = int(short.group(1)), 0, short.group(2)
    elif _NUMBER.fullmatch(word):
        hour, minute = int(word), 0
    else:
        return False
    if read.word(used) in _HALVES:
        half, used = read.word(used), used + 1
    elif _is(read.word(used), "годині|часов|часа|год|ч"):
        used += 1
    if half and hour <= NOON:
        hour = hour % NOON + _HALVES[half]
    if hour > LAST_HOUR:
        return False
    read.clock = time(hour, minute)
    read.at += used
    return True


_STEPS: tuple[Callable[[_Reading], bool], ...] = (_reads_count, _reads_clock, _reads_nth, _reads_days, _reads_unit)
