"""A stretch of days as people name it: last month, 01.10–31.10, минулого тижня, 7d, October; counted by the days of a zone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_NAMED = {
    "today": ("today", "сьогодні", "сегодня"),
    "yesterday": ("yesterday", "вчора", "учора", "вчера"),
}
_UNITS = {
    "day": ("day", "days", "день", "дня", "дні", "днів", "дней", "d", "д"),
    "week": (
        "week",
        "weeks",
        "тиждень",
        "тижня",
        "тижні",
        "тижнів",
        "неделя",
        "неделю",
        "недели",
        "недель",
        "w",
        "тиж",
    ),
    "month": ("month", "months", "місяць", "місяця", "місяці", "місяців", "месяц", "месяца", "месяцев"),
    "quarter": ("quarter", "квартал", "кварталу", "квартала"),
    "year": ("year", "years", "рік", "року", "роки", "років", "год", "года", "лет"),
}
_THIS = ("this", "current", "цей", "цього", "ця", "этот", "этого", "эта", "эту", "эта", "этой", "поточний", "текущий")
_LAST = (
    *("last", "previous", "past", "минулий", "минулого", "минула", "попередній", "попереднього"),
    *("прошлый", "прошлого", "прошлая", "прошлую", "прошлой", "останній", "останні", "останніх", "за_останні"),
    *("последний", "последние", "последних", "предыдущий", "предыдущего"),
)
_MONTHS = (
    ("january", "jan", "січень", "січня", "січні", "январь", "января", "январе"),
    ("february", "feb", "лютий", "лютого", "лютому", "февраль", "февраля", "феврале"),
    ("march", "mar", "березень", "березня", "березні", "март", "марта", "марте"),
    ("april", "apr", "квітень", "квітня", "квітні", "апрель", "апреля", "апреле"),
    ("may", "травень", "травня", "травні", "май", "мая", "мае"),
    ("june", "jun", "червень", "червня", "червні", "июнь", "июня", "июне"),
    ("july", "jul", "липень", "липня", "липні", "июль", "июля", "июле"),
    ("august", "aug", "серпень", "серпня", "серпні", "август", "августа", "августе"),
    ("september", "sep", "sept", "вересень", "вересня", "вересні", "сентябрь", "сентября", "сентябре"),
    ("october", "oct", "жовтень", "жовтня", "жовтні", "октябрь", "октября", "октябре"),
    ("november", "nov", "листопад", "листопада", "листопаді", "ноябрь", "ноября", "ноябре"),
    ("december", "dec", "грудень", "грудня", "грудні", "декабрь", "декабря", "декабре"),
)
_BESIDE = ("in", "for", "of", "the", "from", "у", "в", "во", "за", "з", "із", "с", "на")
_LASTING = ("for", "за")  # "за тиждень" is seven days, not since Monday
_SHORT = ("d", "w", "д")
_TO = ("to", "till", "until", "по", "до")
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_NAME_OF = {word: name for name, words in _NAMED.items() for word in words}
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words}
_COUNT = re.compile(r"(\d{1,3})([^\W\d_]*)")
_DAY = r"(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}\.\d{1,2}(?:\.\d{2,4})?)"
_RANGE = re.compile(rf"({_DAY})\s*(?:\.\.\.?|…|–|—|-)\s*({_DAY})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})\.(\d{4})")
_YEAR = re.compile(r"(20\d{2})")
EARLIEST = date(2000, 1, 1)
YEARS_AHEAD = 10  # of a day that is named: what is farther is a slip
WORDS = frozenset((*_NAME_OF, *_UNIT_OF, *_MONTH_OF, *_THIS, *_LAST))  # by which a stretch may begin


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of a zone, from ``first`` until before ``end``."""

    first: date
    end: date
    zone: str = "UTC"

    @property
    def since(self) -> datetime:
        """Return when the first day begins."""
        return start_of_day(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """Return when the last day is over."""
        return start_of_day(self.end, self.zone)

    @property
    def last(self) -> date:
        """Return the last day."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.end - self.first).days

    def before(self) -> "Period":
        """Return the stretch before it that it is compared with: the month before a whole month, else as many days."""
        if self.first.day == self.end.day == 1:
            months = (self.end.year - self.first.year) * 12 + self.end.month - self.first.month
            return Period(_months(self.first, -months), self.first, self.zone)
        return Period(self.first - timedelta(days=self.days), self.first, self.zone)


def start_of_day(day: date, zone: str) -> datetime:
    """Return when a day of a zone begins; where the clock skips midnight, at its first moment."""
    local = datetime.combine(day, time(), ZoneInfo(zone))
    return local.astimezone(UTC)


def read_period(words: Sequence[str], now: datetime, zone: str) -> tuple[Period, int] | None:
    """Return the stretch of days with which some words begin, and how many of them name it; None where they name none.

    What has not ended yet ends with today.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    lead = 0
    while lead < len(words) and _plain(words[lead]) in _BESIDE:
        lead += 1
    rest = [_plain(word) for word in words[lead:]]
    if lead and _plain(words[lead - 1]) in _LASTING and rest and rest[0] in _UNIT_OF and rest[0] not in _SHORT:
        first, end, _ = _counted(["1", rest[0]], today, 0) or (today, today + _ONE, 0)
        return Period(first, end, zone), lead + 1
    for read in (_range, _relative, _single):
        found = read(rest, today)
        if found is not None:
            first, end, count = found
            return Period(first, end, zone), lead + count
    return None


Found = tuple[date, date, int]
_ONE = timedelta(days=1)


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'").strip(",;")


def _range(words: Sequence[str], today: date) -> Found | None:
    """Read ``01.10–31.10`` and ``from 01.10 to 31.10``; a day without a year is the latest such day that has begun."""
    for count in (1, 2, 3):
        joined = "".join(words[:count]) if len(words) >= count else ""
        found = _RANGE.fullmatch(joined)
        if found is None and count == 3 and len(words) >= 3 and words[1] in _TO:
            found = _RANGE.fullmatch(f"{words[0]}..{words[2]}")
        if found:
            last = read_day(found[2], today)
            first = read_day(found[1], last or today)
            return (first, last + _ONE, count) if first and last and first <= last else None
    return None


def _relative(words: Sequence[str], today: date) -> Found | None:
    if not words:
        return None
    if words[0] in _NAME_OF:
        day = today if _NAME_OF[words[0]] == "today" else today - _ONE
        return day, day + _ONE, 1
    if words[0] in _UNIT_OF and words[0] not in _SHORT:
        return *_this(_UNIT_OF[words[0]], today), 1
    if words[0] in _THIS and len(words) > 1 and words[1] in _UNIT_OF:
        return *_this(_UNIT_OF[words[1]], today), 2
    back = words[0] in _LAST
    if back and len(words) > 1 and words[1] in _UNIT_OF:
        return *_previous(_UNIT_OF[words[1]], today), 2
    return _counted(words[1:], today, 1) if back else _counted(words, today, 0)


def _counted(words: Sequence[str], today: date, before: int) -> Found | None:
    """Read ``7 days``, ``30d``: so many days or weeks or months that end with today."""
    found = _COUNT.fullmatch(words[0]) if words else None
    if not found:
        return None
    unit, used = (found[2], 1) if found[2] else (words[1] if len(words) > 1 else "", 2)
    named, count = _UNIT_OF.get(unit), int(found[1])
    if named is None or count == 0:
        return None
    months = {"month": 1, "quarter": 3, "year": 12}.get(named)
    end = today + _ONE
    first = _months(end, -count * months) if months else end - timedelta(days=count * (7 if named == "week" else 1))
    return max(first, EARLIEST), end, before + used


def _single(words: Sequence[str], today: date) -> Found | None:
    """Read one day, month or year."""
    if not words:
        return None
    word = words[0]
    if word in _MONTH_OF:
        year = _YEAR.fullmatch(words[1]) if len(words) > 1 else None
        number = _MONTH_OF[word]
        in_year = int(year[1]) if year else today.year - (number > today.month)
        return *_whole(date(in_year, number, 1), 1, today), 2 if year else 1
    if found := _MONTH.fullmatch(word):
        of_year, of_month = (int(found[1]), int(found[2])) if found[1] else (int(found[4]), int(found[3]))
        if not (1 <= of_month <= 12 and EARLIEST.year <= of_year <= today.year + 1):
            return None
        return *_whole(date(of_year, of_month, 1), 1, today), 1
    if found := _YEAR.fullmatch(word):
        return *_whole(date(int(found[1]), 1, 1), 12, today), 1
    day = read_day(word, today)
    return (day, day + _ONE, 1) if day else None


def read_day(word: str, today: date) -> date | None:
    """Return the day that ``2026-10-01``, ``01.10.2026`` or ``01.10`` names; without a year the latest that is not ahead.

    None where it is no day, or one before ``EARLIEST`` or far ahead.
    """
    found = _named_day(word, today)
    return found if found and found >= EARLIEST and found.year <= today.year + YEARS_AHEAD else None


def _named_day(word: str, today: date) -> date | None:
    try:
        if "-" in word:
            year, month, day = (int(part) for part in word.split("-"))
            return date(year, month, day)
        parts = [int(part) for part in word.split(".")]
        if len(parts) == 3:
            year = parts[2] + 2000 if parts[2] < 100 else parts[2]
            return date(year, parts[1], parts[0])
        day, month = parts
        for year in (today.year, *range(today.year - 1, today.year - 9, -1)):  # the 29th of February is rare
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if found <= today:
                return found
    except ValueError:
        return None
    return None


def _this(unit: str, today: date) -> tuple[date, date]:
    first = _begin(unit, today)
    return first, today + _ONE


def _previous(unit: str, today: date) -> tuple[date, date]:
    end = _begin(unit, today)
    return _begin(unit, end - _ONE), end


def _begin(unit: str, day: date) -> date:
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
    return day


def _whole(first: date, months: int, today: date) -> tuple[date, date]:
    end = _months(first, months)
    return first, min(end, today + _ONE) if first <= today else end


def _months(day: date, by: int) -> date:
    """Return the same day of another month, or its last where it has none such."""
    number = day.year * 12 + day.month - 1 + by
    year, month = divmod(number, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))
