"""In a small base statistics cannot tell an empty word from a telling one: a candidate shares a telling word, or means it."""

from rapidfuzz.distance import JaroWinkler

from kb.text.normalize import text_tokens
from kb.text.stems import word_stem
from kb.text.stopwords import EMPTY

SMALL = 10  # articles; measured: at 38 the rule costs two points of accuracy, for shared stems are not all that speaks
ALIKE = 0.86  # Jaro-Winkler of two stems that are one word mistyped (matching.md's soft coverage)


MEANT = 0.42  # cosine of two meanings: strangers to a base of three articles reached 0.40, near questions 0.46 and more


def is_grounded_candidate(asked: tuple[str, ...], phrasing: str, meant: float) -> bool:
    """Return whether a candidate of a small base has anything but chance to speak for it."""
    return meant >= MEANT or shares_a_word(asked, phrasing)


def shares_a_word(asked: tuple[str, ...], phrasing: str) -> bool:
    """Return whether a question and a phrasing have a telling word in common, inflected or mistyped as it may be."""
    ours, theirs = _telling(asked), _telling(tuple(text_tokens(phrasing)))
    return any(a == b or JaroWinkler.similarity(a, b) >= ALIKE for a in ours for b in theirs)


def _telling(words: tuple[str, ...]) -> set[str]:
    return {word_stem(word) for word in words if word not in EMPTY}
