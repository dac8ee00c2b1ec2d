"""Texts too small to mean anything: never matched unless an article asks exactly that."""

from kb.text.normalize import text_tokens
from kb.text.word_lists import WORDS

EMPTY = frozenset(word for raw in WORDS["empty"].split() for word in text_tokens(raw))
_LETTERS = 3  # what is left must have at least so many letters


def telling_words(text: str) -> list[str]:
    """Return the words of a text as they are written, without those that hardly tell what it is about."""
    words = dict.fromkeys(text.split())
    return [word for word in words if any(_tells(token) for token in text_tokens(word))]


def _tells(token: str) -> bool:
    return len(token) >= _LETTERS and token not in EMPTY and not token.isdigit()


def says_nothing(words: list[str]) -> bool:
    """Return whether the words hold nothing that an article could be found by: "я", "ні", "7", "що це"."""
    told = [word for word in words if word not in EMPTY and not word.isdigit()]
    return sum(map(len, told)) < _LETTERS
