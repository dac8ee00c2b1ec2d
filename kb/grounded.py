"""In a small base the statistics cannot tell an empty word from a telling one, so a candidate must share a telling word."""

from rapidfuzz.distance import JaroWinkler

from kb.junk import EMPTY
from kb.stems import stem
from kb.text import tokens

SMALL = 10  # articles; measured: at 38 the rule costs two points of accuracy, for shared stems are not all that speaks
ALIKE = 0.86  # Jaro-Winkler of two stems that are one word mistyped (matching.md's soft coverage)


def shares_a_word(asked: tuple[str, ...], phrasing: str) -> bool:
    """Return whether a question and a phrasing have a telling word in common, inflected or mistyped as it may be."""
    ours, theirs = _telling(asked), _telling(tuple(tokens(phrasing)))
    return any(a == b or JaroWinkler.similarity(a, b) >= ALIKE for a in ours for b in theirs)


def _telling(words: tuple[str, ...]) -> set[str]:
    return {stem(word) for word in words if word not in EMPTY}
