"""Lengths of time as people write them: ``30m``, ``1h30m``, ``3d``, ``2w``; in Ukrainian and Russian letters too."""

import re
from datetime import timedelta
from typing import Literal

from babel.dates import format_timedelta

_UNITS = {
    "s": ("s", "sec", "с", "сек"),
    "m": ("m", "min", "хв", "мин", "м"),
    "h": ("h", "hour", "hours", "год", "ч", "час", "г"),
    "d": ("d", "day", "days", "д", "дн", "день", "дні", "дня"),
    "w": ("w", "week", "weeks", "тиж", "нед"),
}
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_OF = {word: unit for unit, words in _UNITS.items() for word in words}
_PART = re.compile(r"(\d{1,6})\s*([^\W\d_]{1,5})\.?\s*")
LONGEST = timedelta(days=3660)


def read_duration(text: str) -> timedelta | None:
    """Return the length of time that is written, at most ten years; None where it is none."""
    rest, total = text.strip().lower(), 0
    if not rest:
        return None
    while rest:
        found = _PART.match(rest)
        if not found or found[2] not in _OF:
            return None
        total += int(found[1]) * _SECONDS[_OF[found[2]]]
        rest = rest[found.end() :]
    return min(timedelta(seconds=total), LONGEST)


def duration_in_words(length: timedelta, language: str) -> str:
    """Return a length of time in words, exact to the minute, in the largest unit it is whole in: "9 days", "36 hours"."""
    seconds = length.total_seconds()
    unit: Literal["day", "hour", "minute"] = "minute" if seconds % 3600 else "hour" if seconds % 86400 else "day"
    return format_timedelta(length, unit, threshold=seconds + 1, locale=language)


def write_duration(length: timedelta) -> str:
    """Return a length of time as ``read_duration`` reads it: whole units, the largest first; ``0s`` for none."""
    left, parts = int(length.total_seconds()), []
    for unit in ("d", "h", "m", "s"):
        count, left = divmod(left, _SECONDS[unit])
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"
