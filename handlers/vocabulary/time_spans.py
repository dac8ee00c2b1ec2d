"""A time with its end as people write it: tomorrow 10:00-12:00, завтра о 10, пн 9-11, 25.12 at 3pm for 2h.

In English, Ukrainian and Russian, at the beginning of a text: what follows is no part of it and is given back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.vocabulary.dates import (
    BESIDE,
    FURTHEST,
    NOON,
    is_date,
    is_day,
    is_rather_date,
    is_said_of_hour,
    is_weekday,
    named_day,
    spelled_out,
)
from handlers.vocabulary.durations import read_duration
from handlers.vocabulary.time_words import as_clock, goes_on

USUAL = timedelta(hours=1)  # of what has no end
LONGEST = timedelta(hours=24)
ONE_DAY = timedelta(days=1)
MIDNIGHT = 24
WORDS = 9  # of a time at most
NIGHT = range(1, 7)  # hours that are said of the afternoon as well
_HALVES = {"am": 0, "pm": NOON}
_CLOCK = r"(\d{1,2})([:.][0-5]\d)?\s*(am|pm)?"
_FROM_TO = re.compile(rf"(?<![\d.:/-]){_CLOCK}\s*(?:-|to|till|until|до|по)\s*{_CLOCK}(?![\w.:-]*\d)")
_MINUTES_OR_END = re.compile(r"\b(?:at|о|об)\s+\d{1,2}-(?:15|20)(?!\d)")  # about 10:15, or from 10 to 15?
_HOUR = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_UNITS = (
    (re.compile(r"hours?|h|годин[аиу]?|год|г|час(?:а|ов)?|ч"), "h"),
    (re.compile(r"minutes?|min|m|хвилин[аиу]?|хв|минут[аыу]?|мин|м"), "m"),
)
_LASTS = re.compile(r"\b(?:for|на|протягом)\s+(?:an?\s+)?(\d+)?\s*([^\W\d_]+)\.?$")
_FROM = frozenset(("from", "between", "з", "із", "с", "від", "от", "and"))
_LEADS = BESIDE | _FROM
_BEFORE_REST = re.compile(r"(?:[ ,;:.\n]|[–—-](?=\s|$))+")  # "-@bob" keeps its sign


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """From one moment to another."""

    begins_at: datetime
    ends_at: datetime

    def meets(self, other: "TimeSpan") -> bool:
        """Return whether two have a moment in common."""
        return self.begins_at < other.ends_at and other.begins_at < self.ends_at


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a text says of it: perhaps a day, in one word or two, when it begins, and how long it lasts.

    From hour to hour it lasts by a clock on the wall, whatever is done to the clock meanwhile; for two hours it is two hours.
    """

    days: tuple[str, ...]
    begins: time
    lasts: timedelta
    by_the_wall: bool


def read_time_span(text: str, now: datetime, zone: str) -> tuple[TimeSpan, str] | None:
    """Return the time with which a text begins and that is not over, and what follows it; None where it begins with none.

    What goes on with words of time was not understood whole, and is none: a time that is read wrong is worse than one refused.
    A time that the clock leaves out in spring is read by the clock before it; one that comes twice in autumn is the first.
    """
    tokens = [*re.finditer(r"\S+", text)][:WORDS]
    ends = [found.end() for found in tokens if found.group().lower() not in _LEADS]  # "at Acme" is no time
    for end in reversed(ends):
        meant = _meant(text[:end], now.astimezone(ZoneInfo(zone)).date())
        span = _placed(meant, now, ZoneInfo(zone)) if meant is not None else None
        if span is not None:
            return (span, _rest(text[end:])) if not goes_on(text[:end], text[end:]) else None
    return None


def _rest(text: str) -> str:
    found = _BEFORE_REST.match(text)
    return text[found.end() if found else 0 :].rstrip(" ,;:.–—-\n")


def _meant(text: str, today: date) -> _Meant | None:
    plain = as_clock(re.sub("[–—−]", "-", re.sub("[’ʼ`]", "'", text.lower())).strip(" ,;:."))
    plain = re.sub(r"[(),;]", " ", plain)
    lasts, found = USUAL, _LASTS.search(plain)
    if found and (unit := next((word for shape, word in _UNITS if shape.fullmatch(found[2])), "")):
        lasts = read_duration(f"{found[1] or 1}{unit}") or USUAL
        plain = plain[: found.start()]
    from_to = _FROM_TO.search(plain)
    if from_to is None:
        return _of_one_hour(plain, lasts, today)
    begins, ends = _from_to(from_to)
    days = _day_words(plain[: from_to.start()] + " " + plain[from_to.end() :])
    if begins is None or ends is None or _MINUTES_OR_END.search(plain) or _may_be_night(from_to, days):
        return None
    dates = [word for word in (from_to[1] + (from_to[2] or ""), from_to[4] + (from_to[5] or "")) if is_date(word)]
    is_clear = bool(from_to[2] and from_to[5]) and len(dates) < 2  # 9.10-11.30: no month is the 30th
    if any(not _is_hour_beside(days, word, today, clear=is_clear) for word in dates):
        return None
    return _Meant(
        days, time(*divmod(begins, 60)), timedelta(minutes=(ends - begins) or MIDNIGHT * 60), by_the_wall=True
    )


def _of_one_hour(plain: str, lasts: timedelta, today: date) -> _Meant | None:
    """Return what is meant where one hour is named at most."""
    words = [*_day_words(spelled_out(plain))]
    hours = [word for word in words if _HOUR.fullmatch(word) and not is_date(word)]
    if not hours and len(words) == 2 and is_date(words[-1]):
        is_clear = is_said_of_hour(plain)
        hours = words[-1:] if _is_hour_beside(words[:1], words[-1], today, clear=is_clear) else hours
    if len(hours) != 1 or not timedelta(0) < lasts <= LONGEST:
        return None
    days = tuple(word for word in words if word != hours[0])
    hour, _, minute = hours[0].replace(".", ":").partition(":")
    is_bare = hours[0] not in plain and re.search(r"\d\s*[ap]m\b", plain) is None
    if is_bare and int(hour) in NIGHT and not _in_figures(days):
        return None
    return _Meant(days, time(int(hour), int(minute)), lasts, by_the_wall=False)


def _day_words(plain: str) -> tuple[str, ...]:
    return tuple(word for word in plain.split() if word not in _LEADS)


def _is_hour_beside(days: Sequence[str], word: str, today: date, *, clear: bool) -> bool:
    """Return whether what may be a date (7.12) is an hour: beside a day that is neither written so nor that date's own.

    Where that is not clear already, it is none that somebody may have meant as that day's date, and has written it wrong.
    """
    is_of_another = len(days) == 1 and is_day(days[0]) and not is_date(days[0])
    day = named_day(days[0], today) if is_of_another else None
    if day is None or not -ONE_DAY <= day - today <= FURTHEST or _day_meant((days[0], word), today) is not None:
        return False
    return clear or not is_rather_date(word, day)


def _in_figures(days: Sequence[str]) -> bool:
    """Return whether a day is written in figures, as a clock of 24 hours is."""
    return any(word[0].isdigit() for word in days)


def _may_be_night(found: re.Match[str], days: Sequence[str]) -> bool:
    """Return whether from one hour to another may be meant of the night or of the afternoon: tomorrow 2-4."""
    bare = not found[2] and not found[3] and not found[6] and not found[1].startswith("0")
    return bare and int(found[1]) in NIGHT and int(found[4]) <= NOON and not _in_figures(days)


def _from_to(found: re.Match[str]) -> tuple[int | None, int | None]:
    """Return the minutes of the day at which it begins and ends, the end perhaps on the next day; None where there is no such."""
    ends = _minutes(found[4], found[5], found[6])
    begins = _minutes(found[1], found[2], found[3])
    if found[6] and not found[3] and ends is not None:  # 2-4 pm
        same = _minutes(found[1], found[2], found[6])
        begins = same if same is not None and same < ends else begins
    if begins is None or ends is None or begins == MIDNIGHT * 60:
        return None, None
    ends = ends if ends > begins else ends + MIDNIGHT * 60
    clear = found[6] or int(found[1]) > NOON or found[1].startswith("0") or found[4].startswith("0")
    return (begins, ends) if clear or ends - begins <= NOON * 60 or ends <= MIDNIGHT * 60 else (None, None)


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int((minute or "0").lstrip(":."))
    if half and hours <= NOON:
        hours = hours % NOON + _HALVES[half]
    found = hours * 60 + minutes
    return found if found <= MIDNIGHT * 60 else None


def _placed(meant: _Meant, now: datetime, zone: ZoneInfo) -> TimeSpan | None:
    """Return it on its day; one without a day is the next that is not over."""
    today = now.astimezone(zone).date()
    day = _day_meant(meant.days, today) if meant.days else today
    if day is None or not -ONE_DAY <= day - today <= FURTHEST:
        return None
    span = _on_day(meant, day, zone)
    if not meant.days and span.ends_at <= now:
        span = _on_day(meant, day + ONE_DAY, zone)
    return span if span.ends_at > now and span.begins_at - now <= FURTHEST else None


def _day_meant(words: Sequence[str], today: date) -> date | None:
    """Return the day of a word, or of two that agree: Monday 7.12."""
    if len(words) == 1:
        return named_day(words[0], today)
    written = [word for word in words if word[0].isdigit()]
    if len(words) != 2 or len(written) != 1:
        return None
    day, word = named_day(written[0], today), next(word for word in words if word not in written)
    if day is None or not -ONE_DAY <= day - today <= FURTHEST:
        return None
    return day if named_day(word, day - ONE_DAY if is_weekday(word) else today) == day else None


def _on_day(meant: _Meant, day: date, zone: ZoneInfo) -> TimeSpan:
    wall = datetime.combine(day, meant.begins)
    begins, ends = (one.replace(tzinfo=zone).astimezone(UTC) for one in (wall, wall + meant.lasts))
    is_clear = meant.by_the_wall and ends > begins  # no end that the clock jumps over
    return TimeSpan(begins, ends if is_clear else begins + meant.lasts)
