"""A linear head trained on one base's own phrasings: which grams speak for which article, and which against."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.matching.features import Keys
from kb.matching.segment import Floats, Ints, Segment

LIMIT = 1_500  # phrasings; a larger base answers by centroids alone
_CELLS = 6_000_000  # keys x articles: 24 MB
_RIDGE = 0.1
_STEPS = 60
_DAMP = 0.5  # the power of idf: rarity counts for less here than in the centroids (dev: CLINC +.5, BANKING +.4)


@dataclass(frozen=True, slots=True)
class Head:
    """Weights (keys x articles, for the keys and rows of one segment) and the weight of each key."""

    table: Floats
    power: Floats

    def logits(self, places: NDArray[np.int64], length: float) -> Floats:
        """Return one number an article; ``length`` is the norm of the whole question in this head's weights."""
        scores: Floats = self.power[places] @ self.table[places] / np.float32(length or 1.0)
        return scores


def damped_weight(weight: Floats, keys: Keys) -> Floats:
    """Return a key's weight with its rarity damped."""
    stems = np.where(keys & np.uint32(1), 2.0, 1.0).astype(np.float32)
    return (weight / stems) ** np.float32(_DAMP) * stems


def train_head(segment: Segment, weight: Floats) -> Head | None:
    """Return the head of a segment, or None where it is too large, or has fewer than two articles."""
    count, articles = len(segment.texts), len(segment.articles)
    if articles < 2 or count > LIMIT or segment.keys.size * articles > _CELLS:
        return None
    power = damped_weight(weight, segment.keys)
    lengths = np.diff(segment.starts)
    dense = np.zeros((count, segment.keys.size), np.float32)
    dense[segment.postings, np.repeat(np.arange(segment.keys.size), lengths)] = np.repeat(power, lengths)
    dense /= np.maximum(np.linalg.norm(dense, axis=1, keepdims=True), 1e-6)
    kernel = dense @ dense.T
    dual = solve_dual_weights(kernel, segment.rows, articles)
    return Head(np.ascontiguousarray(dense.T @ dual), power)


def solve_dual_weights(kernel: Floats, rows: Ints, articles: int) -> Floats:
    """Return the dual weights (phrasings x articles) of a ridge multinomial logistic model, by Nesterov's steps."""
    count = len(rows)
    own = np.zeros((count, articles), np.float32)
    own[np.arange(count), rows] = 1.0
    step = np.float32(1.0 / (0.5 * _largest(kernel) + _RIDGE))
    dual = np.zeros_like(own)
    ahead = dual
    for turn in range(_STEPS):
        logits = kernel @ ahead
        chance = np.exp(logits - logits.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        moved = ahead - step * (chance - own + np.float32(_RIDGE) * ahead)
        ahead = moved + np.float32(turn / (turn + 3)) * (moved - dual)
        dual = moved
    return dual


def _largest(kernel: Floats) -> float:
    vector = np.ones(len(kernel), np.float32)
    for _ in range(8):
        vector = kernel @ vector
        vector /= np.linalg.norm(vector)
    return float(vector @ (kernel @ vector))
