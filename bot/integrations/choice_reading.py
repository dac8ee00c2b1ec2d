"""What another program's list of choices says, read strictly: a list that cannot be trusted as a whole is not taken at all."""

import json
import math
import unicodedata
from collections.abc import Mapping
from typing import Any

from handlers.rules.types import TITLE
from handlers.vocabulary.modals import NOTHING
from handlers.vocabulary.translations import LANGUAGES
from storage.desk.choice_lists import Choices

SIZE = 1_000_000  # bytes of a list
MOST = 2_000  # choices: a form with more of them would be slow to open and to search
LONG = TITLE  # characters of a value, and of a label: what fits into a choice of a window


class BadList(Exception):
    """A list is not taken; the message says why in a few words of ours."""


def read_choices(body: bytes) -> Choices:
    """Return the choices of a JSON list of texts, or of ``{value, label}``; raise BadList."""
    try:
        given = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadList("no JSON") from None
    if not isinstance(given, list):
        raise BadList("no list")
    if not given:
        raise BadList("an empty list")
    if len(given) > MOST:
        raise BadList(f"more than {MOST} choices")
    found: dict[str, dict[str, str]] = {}
    places: dict[str, int] = {}
    for place, one in enumerate(given, 1):
        value, label = _choice(one, place)
        if found.setdefault(value, label) != label:
            raise BadList(f"the value of choice {place} twice")
        places.setdefault(value, place)
    _must_differ(found, places)
    return found


def _no_number(written: str) -> Any:
    """Refuse what Python reads and JSON does not have: NaN and Infinity."""
    raise ValueError(written)


def _choice(one: Any, place: int) -> tuple[str, dict[str, str]]:
    if not isinstance(one, dict):
        text = _text(one, place)
        return text, {"en": text}
    value, said = _text(one.get("value"), place), one.get("label", one.get("value"))
    if not isinstance(said, dict):
        return value, {"en": _text(said, place)}
    label = {code: _text(said[code], place) for code in LANGUAGES if said.get(code)}
    if not label:
        raise BadList(f"choice {place} has no label")
    return value, label


def _text(said: Any, place: int) -> str:
    """Return a text as one line, without what nobody sees; a number is as good as one."""
    if isinstance(said, float) and not math.isfinite(said):
        raise BadList(f"choice {place} is no number")
    if isinstance(said, bool) or not isinstance(said, str | int | float):
        raise BadList(f"choice {place} is no text")
    text = str(said)
    if not text.isprintable():
        text = "".join(letter for letter in text if _is_shown(letter))
    text = " ".join(text.split())
    if not text or text == NOTHING:
        raise BadList(f"choice {place} is empty")
    if len(text) > LONG:
        raise BadList(f"choice {place} is longer than {LONG} characters")
    return text


def _is_shown(letter: str) -> bool:
    # Signs of format turn the direction of writing around, or make two names look like one.
    return letter in "\t\n\r" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")


def _must_differ(found: Choices, places: Mapping[str, int]) -> None:
    """Refuse two choices that are called the same, and one called as another is kept: whoever types it would get either."""
    for code in LANGUAGES:
        said: dict[str, str] = {}
        for value, label in found.items():
            name = _as_seen(label.get(code) or label.get("en") or next(iter(label.values())))
            if name in said:
                raise BadList(f"choices {places[said[name]]} and {places[value]} called the same")
            said[name] = value
        for value in found:
            other = said.get(_as_seen(value), value)
            if other != value:
                raise BadList(f"choice {places[other]} called like the value of choice {places[value]}")


def _as_seen(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
