"""Texts too small to mean anything: never matched unless an article asks exactly that."""

from kb.text.normalize import text_tokens
from kb.text.word_lists import WORDS

EMPTY = frozenset(word for raw in WORDS["empty"].split() for word in text_tokens(raw))
_LETTERS = 3  # what is left must have at least so many letters


def says_nothing(words: list[str]) -> bool:
    """Return whether the words hold nothing that an article could be found by: "я", "ні", "7", "що це"."""
    told = [word for word in words if word not in EMPTY and not word.isdigit()]
    return sum(map(len, told)) < _LETTERS
