"""The section ``hours``: calendars by name, each with a zone, a week, holidays, and days of its own.

office:
  zone: Europe/Kyiv
  week: {mon-thu: "09:00-13:00, 14:00-18:00", fri: "22:00-06:00"}
  holidays: UA
  days: {2026-12-31: closed, 2027-01-02: "10:00-14:00", 2027-01-04..2027-01-08: closed}
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from handlers.rules.calendars import CLOSED, DAY, Calendar, Spans
from handlers.rules.general import read_zone
from handlers.rules.node import Node

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPOKEN = {  # a weekday as it is written in short, by language
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "uk": ("пн", "вт", "ср", "чт", "пт", "сб", "нд"),
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
}
_KNOWN = {word.lower(): day for words in SPOKEN.values() for word, day in zip(words, WEEKDAYS, strict=True)}
_WEEKDAY = re.compile(rf"\b({'|'.join(WEEKDAYS)})\b")
NOT_WORKED = "closed"
LEAST = 60  # minutes of work a week
RANGE = 366  # days that one line may name
MOST_DAYS = 1000  # of a calendar's own
YEARS = (2000, 2100)
_SPAN = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–—]\s*(\d{1,2})(?::(\d{2}))?")
_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*\.\.\s*(\d{4}-\d{2}-\d{2}))?")


def read_calendars(node: Node) -> dict[str, Calendar]:
    """Return the calendars by name."""
    return {name: _calendar(name, inner) for name, inner in node.entries().items()}


def _calendar(name: str, node: Node) -> Calendar:
    given = node.fields("zone", "week", "holidays", "days")
    zone = read_zone(given["zone"])
    if zone is None and not given["zone"].given:
        given["zone"].refuse("missing")
    return Calendar(name, zone or "UTC", _week(given["week"]), _country(given["holidays"]), _own_days(given["days"]))


def _week(node: Node) -> tuple[Spans, ...]:
    """Return the hours of each weekday; a calendar that never opens is refused, for nothing would ever be due."""
    week: dict[int, Spans] = {}
    before = len(node.problems)
    for key, inner in node.pairs():
        for day in _weekdays(inner, key):
            if day in week:
                inner.refuse("twice", word=WEEKDAYS[day])
            week[day] = _spans(inner)
    if sum(end - begin for spans in week.values() for begin, end in spans) < LEAST and len(node.problems) == before:
        node.refuse("never_open")
    _apart(node, week)
    return tuple(week.get(day, CLOSED) for day in range(7))


def _weekdays(node: Node, key: str) -> list[int]:
    """Return the days that ``mon`` or ``mon-fri`` names, ``пн-пт`` too."""
    said = (part.strip() for part in re.sub("[–—]", "-", key.lower()).partition("-"))
    first, _, last = (_KNOWN.get(part, part) for part in said)
    last = last or first
    for word in (first, last):
        if word not in WEEKDAYS:
            node.unknown(word, WEEKDAYS)
            return []
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
    return [day % 7 for day in range(begin, end + (7 if end < begin else 0) + 1)]


def in_words(week: str, language: str) -> str:
    """Return hours as a reader of a language writes them: ``пн-пт: 09:00-18:00``."""
    words = dict(zip(WEEKDAYS, SPOKEN.get(language, SPOKEN["en"]), strict=True))
    return _WEEKDAY.sub(lambda found: words[found[1]], week)


def _apart(node: Node, week: dict[int, Spans]) -> None:
    """Refuse hours that overlap those of the night before."""
    for day, spans in week.items():
        late = max((end for _, end in spans), default=0) - DAY
        early = min((begin for begin, _ in week.get((day + 1) % 7, ())), default=DAY)
        if late > early:
            node.refuse("night_overlaps", day=WEEKDAYS[day], following=WEEKDAYS[(day + 1) % 7])


def _spans(node: Node) -> Spans:
    """Return the hours of one day: ``09:00-13:00, 14:00-18:00``; what ends before it begins ends on the next day."""
    if node.value is False or str(node.value).strip().lower() in (NOT_WORKED, ""):
        return CLOSED
    nodes = node.items() if isinstance(node.value, list | tuple) else [node]
    words = [(inner, word.strip()) for inner in nodes for word in str(inner.value).split(",")]
    found = sorted(span for inner, word in words if (span := _span(inner, word)) is not None)
    for (_, end), (begin, _) in pairwise(found):
        if begin < end:
            node.refuse("overlap", word=str(node.value))
            break
    return tuple(found)


def _span(node: Node, word: str) -> tuple[int, int] | None:
    found = _SPAN.fullmatch(word)
    hours = [int(part or 0) for part in found.groups()] if found else [99] * 4
    begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if begin >= DAY or end > DAY or hours[1] > 59 or hours[3] > 59:
        node.refuse("span", word=word)
        return None
    if begin == end:
        node.refuse("empty_span", word=word)
        return None
    return (begin, end) if end > begin else (begin, end + DAY)


def _country(node: Node) -> str:
    """Return the country, perhaps with its region, whose public holidays are free."""
    word = node.text(limit=16).upper()
    if not word:
        return ""
    from holidays import list_supported_countries  # heavy: only desks that name a country pay for it

    known = list_supported_countries()
    country, _, region = word.partition("-")
    if country not in known:
        node.refuse("country", word=word)
    elif region and region not in known[country]:
        node.refuse("region", word=word, known=", ".join(known[country]) or "—")
    else:
        return word
    return ""


def _own_days(node: Node) -> dict[date, Spans]:
    """Return the days that are not as the week or the holidays say; none of them twice."""
    found: dict[date, Spans] = {}
    for key, inner in node.pairs():
        spans = _spans(inner)
        for day in _dates(inner, key):
            if day in found:
                inner.refuse("twice", word=day.isoformat())
                break
            found[day] = spans
    if len(found) > MOST_DAYS:
        node.refuse("bounds", word=len(found), low=0, high=MOST_DAYS)
    return found


def _dates(node: Node, key: str) -> Iterator[date]:
    """Return the days that ``2026-12-31`` or ``2026-12-28..2027-01-08`` names."""
    written = _DAYS.fullmatch(key.strip())
    try:
        first, last = (
            (date.fromisoformat(part) for part in (written[1], written[2] or written[1])) if written else (None, None)
        )
    except ValueError:  # the 30th of February
        first = last = None
    if first is None or last is None:
        node.refuse("day", word=key)
        return
    if not (YEARS[0] <= first.year <= last.year <= YEARS[1] and first <= last <= first + timedelta(days=RANGE)):
        node.refuse("day_range", word=key, days=RANGE)
        return
    yield from (first + timedelta(days=later) for later in range((last - first).days + 1))
