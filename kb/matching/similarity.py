"""Likeness for the rest of the product: mistyped names, and questions that ask the same."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from kb.article import Article
from kb.matching.features import keys_of
from kb.matching.segment import (
    Floats,
    Segment,
    build_segment,
    inverse_norms,
    key_weights,
    phrase_words,
    prepare_article,
)
from kb.text.keyboard_layouts import LAYOUTS
from kb.text.normalize import MAX_TOKEN, clean_text
from kb.text.transliteration import latin_skeleton

ALIKE = 0.3  # mean cosine from which texts ask the same: nine pairs in ten do, on CLINC150 train rows


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that was most likely meant, or None.

    One slip is forgiven in a word of three to five letters, two in a longer one; a part at least three letters long
    that begins only one choice is enough. Case, a leading slash, layout and alphabet do not matter.
    """
    named = {clean_text(choice)[: 2 * MAX_TOKEN]: choice for choice in reversed(list(choices))}
    typed = word[: 2 * MAX_TOKEN].strip().lstrip("/!").strip()
    wanted = clean_text(typed)
    if wanted in named or not wanted:
        return named.get(wanted)
    started = [name for name in named if len(wanted) >= 3 and name.startswith(wanted)]
    if len(started) == 1:
        return named[started[0]]
    for reading in [wanted, *(clean_text(typed.lower().translate(table)) for table in LAYOUTS.values())]:
        if found := _slip(reading, list(named)):
            return named[found]
    spelled = {latin_skeleton(name): name for name in named}
    found = _slip(latin_skeleton(wanted), list(spelled))
    return named[spelled[found]] if found else None


def retyped(word: str, choices: Iterable[str], *, heard: bool = True) -> str | None:
    """Return the choice that a word is as typed on another keyboard or, where it is ``heard`` too, in another alphabet.

    No slip is forgiven.
    """
    typed, names = word.lower(), list(choices)
    for table in LAYOUTS.values():
        if (read := typed.translate(table)) in names:
            return read
    spelled = {latin_skeleton(name): name for name in names if heard}
    return spelled.get(latin_skeleton(typed))


def _slip(wanted: str, names: list[str]) -> str | None:
    allowed = 0 if len(wanted) < 3 else 1 if len(wanted) < 6 else 2
    found = process.extract(wanted, names, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=2)
    if not found or (len(found) == 2 and found[0][1] == found[1][1]):
        return None
    return str(found[0][0])


def clusters(texts: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Return the positions of the texts grouped by likeness, the largest group first, each in order.

    Each text joins the earlier group that it is most like on average; a thousand texts take about a tenth of a second.
    """
    if not texts:
        return ()
    segment = build_segment([prepare_article(Article(at, text, "")) for at, text in enumerate(texts)])
    weight = key_weights(segment.keys, np.diff(segment.starts), len(texts))
    inverse = inverse_norms(segment, weight).astype(np.float64)
    group = np.zeros(len(texts), np.int64)
    sizes: list[int] = []
    for at, line in enumerate(segment.bags):
        like = _likeness(segment, weight, inverse, texts[at])[:at] * inverse[at] if line else np.zeros(at)
        average = np.bincount(group[:at], like, len(sizes)) / np.maximum(sizes, 1)
        best = int(average.argmax()) if sizes else 0
        if not sizes or average[best] < ALIKE:
            best = len(sizes)
            sizes.append(0)
        group[at] = best
        sizes[best] += 1
    found = [tuple(np.flatnonzero(group == number).tolist()) for number in range(len(sizes))]
    return tuple(sorted(found, key=lambda members: (-len(members), members)))


def measure_likeness(text: str, others: Sequence[str]) -> list[float]:
    """Return how alike each of some texts is to a text, 0..1, by what is rare among all of them."""
    if not others or not phrase_words(text):
        return [0.0] * len(others)
    segment = build_segment([prepare_article(Article(at, said, "")) for at, said in enumerate((text, *others))])
    weight = key_weights(segment.keys, np.diff(segment.starts), len(segment.texts))
    inverse = inverse_norms(segment, weight).astype(np.float64)
    found: list[float] = (_likeness(segment, weight, inverse, text) * inverse[0])[1:].tolist()
    return found


def _likeness(segment: Segment, weight: Floats, inverse: NDArray[np.float64], text: str) -> NDArray[np.float64]:
    """Return the likeness of every text to one of them, not yet divided by that one's own length."""
    places = segment.find(keys_of(phrase_words(text)))
    begins, ends = segment.starts[places], segment.starts[places + 1]
    pieces = [segment.postings[a:b] for a, b in zip(begins.tolist(), ends.tolist(), strict=True)]
    squares = np.repeat(weight[places].astype(np.float64) ** 2, ends - begins)
    return np.bincount(np.concatenate(pieces), squares, inverse.size) * inverse
