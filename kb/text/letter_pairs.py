"""How much a text looks like English, Russian or Ukrainian, or like these two in Latin letters: by its pairs of letters.

``letter_pairs.json`` is written by ``python -m tests.bench.kb_letters`` from the desk's own texts.
"""

import json
import re
from importlib.resources import files

from kb.text.keyboard_layouts import LAYOUTS

_NEVER = 9  # for a pair that the table does not have: punctuation in a word, letters of two alphabets
_DROPPED = str.maketrans(dict.fromkeys("'’ʼ‘`"))
_ENDS = re.compile(r"^[^\w,.;\[\]]+|\W+$")  # some marks before a word are letters of another layout, hardly ever else
_BREAKS = re.compile(r"[\d_–—-]+")
_TRAILING = ".,;:!?"


def _read() -> dict[str, dict[str, int]]:
    """Return for each language how unusual each pair is: a digit, minus the logarithm of its chance."""
    raw = json.loads(files("kb.text").joinpath("letter_pairs.json").read_text(encoding="utf-8"))
    return {
        language: {
            one + two: int(digit)
            for one, row in zip(table["letters"], table["rows"], strict=True)
            for two, digit in zip(table["letters"], row, strict=True)
        }
        for language, table in raw.items()
    }


_PAIRS = _read()


def turned_likelier(pieces: list[str], layout: str) -> int:
    """Return how much likelier the letters of some words are as typed with another layout, as a logarithm."""
    table = LAYOUTS[layout]
    typed = [piece for piece in pieces if any(letter.isalpha() and ord(letter) in table for letter in piece)]
    was = _unlikely(typed, "en", "latin") if layout.startswith("layout:en") else _unlikely(typed, "ru", "uk")
    now = sum(  # a full stop is one, or a letter of the other layout
        min(_unlikely([one.translate(table)], layout[-2:]) for one in (piece, piece.rstrip(_TRAILING)))
        for piece in typed
    )
    return was - now


def typed_in_latin(words: list[str]) -> int:
    """Return how much likelier some words are Ukrainian or Russian in Latin letters than English, as a logarithm."""
    return _unlikely(words, "en") - _unlikely(words, "latin")


def _unlikely(pieces: list[str], *languages: str) -> int:
    """Return how unlikely some words are in the likeliest of the languages: the more the stranger."""
    return min(sum(_strangeness(piece, _PAIRS[language]) for piece in pieces) for language in languages)


def _strangeness(piece: str, pairs: dict[str, int]) -> int:
    parts = (part for part in _BREAKS.split(_ENDS.sub("", piece.translate(_DROPPED))) if part)
    return sum(pairs.get(one + two, _NEVER) for part in parts for one, two in zip(" " + part, part + " ", strict=True))
