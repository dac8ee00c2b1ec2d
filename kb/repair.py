"""Texts typed with the wrong keyboard layout or in the wrong alphabet, put right by what the base knows."""

from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from kb.courtesy import content
from kb.layouts import LAYOUTS, UNSHIFT
from kb.skeleton import skeleton
from kb.text import clean, words
from kb.vocabulary import Vocabulary

ENOUGH = 0.6  # a text known to this share is what it seems
BETTER = 0.15  # a reading must be better known by this much
_CLOSE = 0.9
_LONGEST = 1_000  # characters of a text worth re-reading in another layout


def readings(text: str, vocabulary: Vocabulary) -> Iterator[tuple[str, list[str]]]:
    """Yield (how it was read, its words) for every other way a text may have been typed."""
    typed = text[:_LONGEST].lower().translate(UNSHIFT)
    cyrillic = any("а" <= letter <= "я" or letter in "іїєґё" for letter in typed)
    latin = any("a" <= letter <= "z" for letter in typed)
    for name, table in LAYOUTS.items():
        if (latin and name.startswith("layout:en")) or (cyrillic and name.endswith("en")):
            yield name, content(_mapped(typed, table, vocabulary))
    if latin:
        yield "translit", content(_respelled(words(clean(typed)), vocabulary))


def _mapped(typed: str, table: dict[int, str], vocabulary: Vocabulary) -> list[str]:
    """Return the words with every piece re-read, except the pieces that the base knows as they are."""
    out: list[str] = []
    for piece in typed.split():
        seen = words(clean(piece))
        turned = words(clean(piece.translate(table)))
        keeps = len(piece) > 2 and vocabulary.coverage(seen) > vocabulary.coverage(turned)
        out += seen if keeps else turned
    return out[:64]


def _respelled(typed: list[str], vocabulary: Vocabulary) -> list[str]:
    return [word if vocabulary.known(word) else _nearest(word, vocabulary) for word in typed]


def _nearest(word: str, vocabulary: Vocabulary) -> str:
    latin = skeleton(word)
    exact = vocabulary.spelled(latin)
    if exact is not None:
        return exact
    near = process.extractOne(
        latin, vocabulary.near(latin), scorer=JaroWinkler.normalized_similarity, score_cutoff=_CLOSE
    )
    return vocabulary.spelled(near[0]) or word if near else word


def repair(text: str, seen: list[str], vocabulary: Vocabulary) -> tuple[str, list[str]]:
    """Return ("typed", seen), or the other reading of the text that the base knows clearly better."""
    covered = vocabulary.coverage(seen)
    if covered >= ENOUGH:
        return "typed", seen
    best = ("typed", seen)
    goal = covered + BETTER
    for name, found in readings(text, vocabulary):
        share = vocabulary.coverage(found)
        if share >= goal:
            best, goal = (name, found), share + 1e-9
    return best
