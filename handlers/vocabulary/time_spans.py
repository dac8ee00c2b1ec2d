"""A time with its end as people write it: tomorrow 10:00-12:00, завтра о 10, пн 9-11, 25.12 at 3pm for 2h.

In English, Ukrainian and Russian, at the beginning of a text: what follows is no part of it and is given back.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.vocabulary.dates import BESIDE, FURTHEST, NOON, named_day, spelled_out
from handlers.vocabulary.durations import read_duration

USUAL = timedelta(hours=1)  # of what has no end
LONGEST = timedelta(hours=24)
ONE_DAY = timedelta(days=1)
MIDNIGHT = 24
WORDS = 9  # of a time at most
_HALVES = {"am": 0, "ранку": 0, "утра": 0, "pm": NOON, "дня": NOON, "вечора": NOON, "вечера": NOON}
_CLOCK = rf"(\d{{1,2}})(?:[:.]([0-5]\d))?\s*({'|'.join(_HALVES)})?"
_FROM_TO = re.compile(rf"(?<![\d.:/-]){_CLOCK}\s*(?:-|to|till|until|до|по)\s*{_CLOCK}(?![\w.:-]*\d)")
_HOUR = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_UNITS = (
    (re.compile(r"hours?|h|годин[аиу]?|год|г|час(?:а|ов)?|ч"), "h"),
    (re.compile(r"minutes?|min|m|хвилин[аиу]?|хв|минут[аыу]?|мин|м"), "m"),
)
_LASTS = re.compile(r"\b(?:for|на|протягом)\s+(?:an?\s+)?(\d+)?\s*([^\W\d_]+)\.?$")
_FROM = frozenset(("from", "between", "з", "із", "с", "від", "от", "and"))
_LEADS = BESIDE | _FROM


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
    """What a text says of it: perhaps a day, when it begins, and how long it lasts by a clock on the wall."""

    day: str
    begins: time
    lasts: timedelta


def read_time_span(text: str, now: datetime, zone: str) -> tuple[TimeSpan, str] | None:
    """Return the time with which a text begins and that is not over, and what follows it; None where it begins with none.

    A time that the clock leaves out in spring is read by the clock before it; one that comes twice in autumn is the first.
    """
    tokens = [*re.finditer(r"\S+", text)][:WORDS]
    ends = [found.end() for found in tokens if found.group().lower() not in _LEADS]  # "at Acme" is no time
    for end in reversed(ends):
        meant = _meant(text[:end])
        span = _placed(meant, now, ZoneInfo(zone)) if meant is not None else None
        if span is not None:
            return span, text[end:].strip(" ,;:.–—-\n")
    return None


def _meant(text: str) -> _Meant | None:
    plain = re.sub("[–—−]", "-", re.sub("[’ʼ`]", "'", text.lower())).strip(" ,;:.")
    lasts, found = USUAL, _LASTS.search(plain)
    if found and (unit := next((word for shape, word in _UNITS if shape.fullmatch(found[2])), "")):
        lasts = read_duration(f"{found[1] or 1}{unit}") or USUAL
        plain = plain[: found.start()]
    from_to = _FROM_TO.search(plain)
    if from_to is None:
        return _of_one_hour(plain, lasts)
    begins, ends = _from_to(from_to)
    days = _day_words(plain[: from_to.start()] + " " + plain[from_to.end() :])
    if begins is None or ends is None or len(days) > 1:
        return None
    return _Meant("".join(days), time(*divmod(begins, 60)), timedelta(minutes=(ends - begins) or MIDNIGHT * 60))


def _of_one_hour(plain: str, lasts: timedelta) -> _Meant | None:
    """Return what is meant where one hour is named at most."""
    words = _day_words(spelled_out(plain))
    hours = [word for word in words if _HOUR.fullmatch(word)][-1:]  # 25.12 10.30: what stands first is the day
    words.reverse()
    for hour in hours:
        words.remove(hour)
    if not hours or len(words) > 1 or not timedelta(0) < lasts <= LONGEST:
        return None
    hour, _, minute = hours[0].replace(".", ":").partition(":")
    return _Meant("".join(words), time(int(hour), int(minute)), lasts)


def _day_words(plain: str) -> list[str]:
    words = (word.strip(",;") for word in plain.split())
    return [word for word in words if word and word not in _LEADS]


def _from_to(found: re.Match[str]) -> tuple[int | None, int | None]:
    """Return the minutes of the day at which it begins and ends, the end perhaps on the next day; None where there is no such."""
    ends = _minutes(found[4], found[5], found[6])
    begins = _minutes(found[1], found[2], found[3])
    if found[6] and not found[3] and ends is not None:  # 2-4 pm
        same = _minutes(found[1], found[2], found[6])
        begins = same if same is not None and same < ends else begins
    if begins is None or ends is None or begins == MIDNIGHT * 60:
        return None, None
    return begins, ends if ends > begins else ends + MIDNIGHT * 60


def _minutes(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if half and hours <= NOON:
        hours = hours % NOON + _HALVES[half]
    found = hours * 60 + minutes
    return found if found <= MIDNIGHT * 60 else None


def _placed(meant: _Meant, now: datetime, zone: ZoneInfo) -> TimeSpan | None:
    """Return it on its day; one without a day is the next that is not over."""
    today = now.astimezone(zone).date()
    day = named_day(meant.day, today) if meant.day else today
    if day is None:
        return None
    span = _on_day(meant, day, zone)
    if not meant.day and span.ends_at <= now:
        span = _on_day(meant, day + ONE_DAY, zone)
    return span if span.ends_at > now and span.begins_at - now <= FURTHEST else None


def _on_day(meant: _Meant, day: date, zone: ZoneInfo) -> TimeSpan:
    wall = datetime.combine(day, meant.begins)
    begins, ends = (one.replace(tzinfo=zone).astimezone(UTC) for one in (wall, wall + meant.lasts))
    return TimeSpan(begins, ends if ends > begins else begins + meant.lasts)  # an end that the clock jumps over
