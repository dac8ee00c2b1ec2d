"""What likeness cannot tell: a number is itself and no other, and the opposite of what was asked is no answer."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from kb.text.normalize import is_number, text_tokens
from kb.text.stems import word_stem
from kb.text.word_lists import WORDS


def _beginnings(side: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for raw in side.split() for word in text_tokens(raw)))


_PAIRS = tuple(
    (_beginnings(one), _beginnings(other))
    for one, _, other in (pair.partition("/") for pair in WORDS["opposites"].split(","))
)
_ON_OFF = 0
_BLOCKING = next(at for at, (one, _) in enumerate(_PAIRS) if "заблок" in one)
_SWITCHING = frozenset(WORDS["switching"].split())
_LIFTING = _beginnings(WORDS["lifting"])
_LEAVING = frozenset(WORDS["leaving"].split())
_UNDOING = (*_PAIRS[_ON_OFF][1], *_beginnings(WORDS["undoing"]))
DENYING = frozenset(_beginnings(WORDS["denying"]))
_UNABLE = _beginnings(WORDS["unable"])


@lru_cache(maxsize=1 << 13)
def _side_of(word: str) -> tuple[tuple[int, int], ...]:
    """Return which sides of which pairs a word says."""
    return tuple((at, side) for at, pair in enumerate(_PAIRS) for side in (0, 1) if word.startswith(pair[side]))


def asks_to_undo(words: Sequence[str]) -> bool:
    """Return whether some words ask for the end of something: to cancel, to remove, to switch off, to log out."""
    if any(word.startswith(_UNDOING) for word in words):
        return True
    ends = {"off": _SWITCHING, "out": _LEAVING}
    return any(end in words and not verbs.isdisjoint(words) for end, verbs in ends.items())


def opposite_sides(words: Sequence[str]) -> dict[int, int]:
    """Return for each pair of opposites the side that some words say; a pair of which both are said is left out."""
    told: dict[int, set[int]] = {}
    for word in words:
        for at, side in _side_of(word):
            told.setdefault(at, set()).add(side)
    if not _SWITCHING.isdisjoint(words):
        for side, word in enumerate(("on", "off")):
            if word in words:
                told.setdefault(_ON_OFF, set()).add(side)
    if told.get(_BLOCKING) == {0} and any(word.startswith(_LIFTING) for word in words):
        told[_BLOCKING] = {1}
    return {at: next(iter(said)) for at, said in told.items() if len(said) == 1}


def denied_stems(words: Sequence[str]) -> set[str]:
    """Return the stems that a word such as "не" or "not" stands before."""
    found = set()
    for word, following in pairwise(words):
        if word in DENYING and not following.startswith(_UNABLE):
            found.add(word_stem(following))
    return found


def opposes_phrasings(asked: Sequence[str], phrasings: Iterable[Sequence[str]]) -> bool:
    """Return whether a question says one side of a pair and an article, in all its phrasings that say either, the other."""
    ours = opposite_sides(asked)
    told: dict[int, set[int]] = {at: set() for at in ours}
    for phrasing in phrasings if ours else ():
        theirs = opposite_sides(phrasing)
        for at in told.keys() & theirs.keys():
            told[at].add(theirs[at])
    return any(told[at] == {1 - side} for at, side in ours.items())


def contradicts_phrasings(asked: Sequence[str], phrasings: Iterable[Sequence[str]]) -> bool:
    """Return whether a question denies what every phrasing of an article says, or says what they all deny."""
    no = denied_stems(asked)
    says = {word_stem(word) for word in asked} - no
    both: list[bool] = []
    for phrasing in phrasings:
        theirs = denied_stems(phrasing)
        both.append(bool((no & {word_stem(word) for word in phrasing} - theirs) | (theirs & says)))
        if not both[-1] and ({*map(word_stem, phrasing)} & (no | says)) and (no == theirs):
            return False
    return bool(both) and both[0]


def numbers_in_words(words: Sequence[str]) -> frozenset[str]:
    """Return the numbers among some words."""
    return frozenset(word for word in words if is_number(word))
