"""A time as people write it: 2h, tomorrow 9:00, Monday, 25.12 10:30; in English, Ukrainian and Russian."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.vocabulary.durations import read_duration

MORNING = time(9)  # of a day that is named without its hour
FURTHEST = timedelta(days=366)
NEAR = timedelta(days=14)  # what may be a date so near to a day that is named is no hour
LEAP = 2028  # a year that has each date
SINCE = 2000  # the year before which nothing was that is kept
_DAYS = {
    **dict.fromkeys(("today", "сьогодні", "сегодня"), 0),
    **dict.fromkeys(("tomorrow", "завтра"), 1),
    **dict.fromkeys(("післязавтра", "послезавтра"), 2),
}
_WEEK = (
    ("monday", "mon", "понеділок", "пн", "понедельник"),
    ("tuesday", "tue", "вівторок", "вт", "вторник"),
    ("wednesday", "wed", "середа", "середу", "ср", "среда", "среду"),
    ("thursday", "thu", "четвер", "чт", "четверг"),
    ("friday", "fri", "п'ятниця", "п'ятницю", "пятниця", "пятницю", "пт", "пятница", "пятницу"),
    ("saturday", "sat", "субота", "суботу", "сб", "суббота", "субботу"),
    ("sunday", "sun", "неділя", "неділю", "нд", "воскресенье", "вс"),
)
BESIDE = frozenset(("at", "on", "in", "о", "об", "в", "во", "у", "на", "через", "за"))  # words beside a day or an hour
_HOUR = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_WHOLE = re.compile(r"[01]?\d|2[0-3]")
NOON = 12
_HALVES = {**dict.fromkeys(("am", "ранку", "утра"), 0), **dict.fromkeys(("pm", "вечора", "вечера"), NOON)}
_OF_DAY = re.compile(rf"(?<![\d.:])(\d{{1,2}})(?:[:.]([0-5]\d))?\s*({'|'.join(_HALVES)})\b")
_AT = re.compile(r"\b(?:at|о|об)\s+(\d{1,2})(?![\d:.])(?:\s+годині)?")
_SAID_OF_HOUR = re.compile(r"\b(?:at|о|об|в|во|у)\s+\d{1,2}[:.]\d\d$")  # nobody says so of a date
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})(?:\.(\d{4}))?")


def read_when(text: str, now: datetime, zone: str) -> datetime | None:
    """Return the time that is meant, at most a year ahead; None where it is none, or past."""
    words = [word for word in spelled_out(text).split() if word not in BESIDE]
    length = read_duration("".join(words)) if words else None
    if length is not None:
        return now + length if timedelta(0) < length <= FURTHEST else None
    local = now.astimezone(ZoneInfo(zone))
    meant = _meant(words, local, clear=is_said_of_hour(text.lower()))
    ahead = meant is not None and timedelta(0) < meant - now <= FURTHEST
    return meant.astimezone(UTC) if meant is not None and ahead else None


def spelled_out(text: str) -> str:
    """Return a time with its hours as a clock shows them: "о 10", "at 10", "3 pm", "8 вечора" and "Friday 10" too."""
    plain = re.sub("[’ʼ`]", "'", text.lower())
    plain = _AT.sub(r" \1:00 ", _OF_DAY.sub(_on_the_clock, plain))
    words = plain.split()
    if any(is_day(word) for word in words):
        words = [f"{word}:00" if _WHOLE.fullmatch(word) else word for word in words]
    return " ".join(words)


def _on_the_clock(found: re.Match[str]) -> str:
    hour = int(found.group(1))
    of_day = hour % NOON + _HALVES[found.group(3)] if hour <= NOON else hour
    return f"{of_day}:{found.group(2) or '00'}"


def is_day(word: str) -> bool:
    """Return whether a word names a day, or looks as a date does."""
    return word in _DAYS or is_weekday(word) or _DATE.fullmatch(word) is not None


def is_weekday(word: str) -> bool:
    """Return whether a word is a day of the week."""
    return any(word in names for names in _WEEK)


def is_date(word: str) -> bool:
    """Return whether a word is a date that there is in some year, without its year: 7.12, not 10.30."""
    found = _DATE.fullmatch(word)
    return bool(
        found and found.group(4) and not found.group(6) and _date(LEAP, int(found.group(5)), int(found.group(4)))
    )


def is_rather_date(word: str, day: date) -> bool:
    """Return whether what may be an hour beside a day is rather a date: written as hours seldom are (2.12), or near that day."""
    found = named_day(word, day - NEAR) if is_date(word) else None
    return found is not None and (word[1] == "." or found - day <= NEAR)


def is_said_of_hour(text: str) -> bool:
    """Return whether the last word of a text is said to be an hour: tomorrow at 9.10."""
    return _SAID_OF_HOUR.search(text.rstrip()) is not None


def read_day(text: str, now: datetime, zone: str) -> datetime | None:
    """Return when a day begins that was: 01.10 is the last such date, 2026-10-01 that one; None where it is none, or far away."""
    found, today = _DATE.fullmatch(text.strip()), now.astimezone(ZoneInfo(zone)).date()
    if found is None:
        return None
    if found.group(1):
        named = _date(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    else:
        day, month, year = int(found.group(4)), int(found.group(5)), found.group(6)
        named = _date(int(year or today.year), month, day)
        named = _date(today.year - 1, month, day) if named and not year and named > today else named
    near = named is not None and SINCE <= named.year <= today.year + 1
    return datetime.combine(named, time(), ZoneInfo(zone)) if named and near else None


def _meant(words: list[str], local: datetime, *, clear: bool) -> datetime | None:
    """Return the day and hour of one or two words; an hour alone is the next such hour.

    Where it is not clear that it is one, what may be a date (2.12) is no hour: nobody wants it at 2:12 in the night.
    """
    hours = [word for word in words if _HOUR.fullmatch(word)]
    hour = _HOUR.fullmatch(hours[-1]) if hours else None  # 25.12 10.30: what stands first is the day
    rest = list(words)
    if hour is not None:
        rest.reverse()
        rest.remove(hour.group())
    clock = time(int(hour.group(1)), int(hour.group(2))) if hour else MORNING
    if len(rest) > 1 or not words:
        return None
    day = named_day(rest[0], local.date()) if rest else local.date()
    if day is None or not -timedelta(days=1) <= day - local.date() <= FURTHEST:
        return None
    if hour is not None and not clear and not (rest and is_date(rest[0])) and is_rather_date(hour.group(), day):
        return None
    if not rest:
        today = datetime.combine(local.date(), clock, local.tzinfo)
        return today if today > local else datetime.combine(local.date() + timedelta(days=1), clock, local.tzinfo)
    return datetime.combine(day, clock, local.tzinfo)


def named_day(word: str, today: date) -> date | None:
    """Return the day that a word names: a weekday is the next one, a date without a year the next such date."""
    if word in _DAYS:
        return today + timedelta(days=_DAYS[word])
    for number, names in enumerate(_WEEK):
        if word in names:
            return today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)
    found = _DATE.fullmatch(word)
    if found is None:
        return None
    if found.group(1):
        return _date(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    day, month, year = int(found.group(4)), int(found.group(5)), found.group(6)
    named = _date(int(year or today.year), month, day)
    return _date(today.year + 1, month, day) if named and not year and named < today else named


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
