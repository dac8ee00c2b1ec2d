"""Likeness for the rest of the product: mistyped names, and questions that ask the same."""

from collections.abc import Iterable, Sequence

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from kb.courtesy import content
from kb.grams import Keys, keys_of
from kb.layouts import LAYOUTS
from kb.skeleton import skeleton
from kb.text import MAX_TOKEN, clean, tokens

ALIKE = 0.4  # cosine of two questions that ask the same; chosen on the development sets by kb/fit.py


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that was most likely meant, or None.

    One slip is forgiven in a word of three to five letters, two in a longer one; a part at least three letters long
    that begins only one choice is enough. Case, a leading slash, layout and alphabet do not matter.
    """
    named = {clean(choice)[: 2 * MAX_TOKEN]: choice for choice in reversed(list(choices))}
    typed = word[: 2 * MAX_TOKEN].strip().lstrip("/!").strip()
    wanted = clean(typed)
    if wanted in named or not wanted:
        return named.get(wanted)
    started = [name for name in named if len(wanted) >= 3 and name.startswith(wanted)]
    if len(started) == 1:
        return named[started[0]]
    for reading in [wanted, *(clean(typed.lower().translate(table)) for table in LAYOUTS.values())]:
        if found := _slip(reading, list(named)):
            return named[found]
    spelled = {skeleton(name): name for name in named}
    found = _slip(skeleton(wanted), list(spelled))
    return named[spelled[found]] if found else None


def _slip(wanted: str, names: list[str]) -> str | None:
    allowed = 0 if len(wanted) < 3 else 1 if len(wanted) < 6 else 2
    found = process.extract(wanted, names, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=2)
    if not found or (len(found) == 2 and found[0][1] == found[1][1]):
        return None
    return str(found[0][0])


def clusters(texts: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """Return the positions of the texts grouped by likeness, the largest group first, each in order.

    A text joins the group whose first members it is most like; work is bounded by texts x groups set operations.
    """
    sets = [keys_of(content(tokens(text))) for text in texts]
    weight = _weights(sets)
    groups: list[list[int]] = []
    shares = [_vector(keys, weight) for keys in sets]
    for at, mine in enumerate(shares):
        best, most = -1, ALIKE
        for number, group in enumerate(groups):
            like = sum(_cosine(mine, shares[member]) for member in group[:3]) / min(len(group), 3)
            if like > most:
                best, most = number, like
        if best < 0:
            groups.append([at])
        else:
            groups[best].append(at)
    return tuple(sorted((tuple(group) for group in groups), key=lambda group: (-len(group), group)))


def _weights(sets: list[Keys]) -> dict[int, float]:
    keys, counts = np.unique(np.concatenate([*sets, np.empty(0, np.uint32)]), return_counts=True)
    rarity = np.log((1.0 + len(sets)) / (1.0 + counts)) + 1.0
    return dict(zip(keys.tolist(), (rarity * np.where(keys & np.uint32(1), 2.0, 1.0)).tolist(), strict=True))


def _vector(keys: Keys, weight: dict[int, float]) -> dict[int, float]:
    raw = {key: weight[key] for key in keys.tolist()}
    length = sum(value * value for value in raw.values()) ** 0.5 or 1.0
    return {key: value / length for key, value in raw.items()}


def _cosine(one: dict[int, float], other: dict[int, float]) -> float:
    return sum(value * other[key] for key, value in one.items() if key in other)
