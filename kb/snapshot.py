"""The whole index at one moment: immutable, so that a reader never waits for a writer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.article import Article
from kb.grams import Keys
from kb.segment import Floats, Segment, centroid_norms, norms, weights

Doubles = NDArray[np.floating[Any]]
BUDGET = 150_000  # postings added up for one question, rarest keys first


@dataclass(frozen=True, slots=True)
class Part:
    """A segment with the weights it was given and the articles still living in it."""

    segment: Segment
    inverse: Floats  # one over the length of each phrasing's vector
    centroid: Floats  # one over the length of each article's
    alive: NDArray[np.bool_]

    @property
    def size(self) -> int:
        """Return how many articles live here."""
        return int(self.alive.sum())


@dataclass(frozen=True, slots=True)
class Scores:
    """One part's answer: the cosine of each phrasing, the centroid cosine of each article (0 where dead)."""

    part: Part
    phrases: Doubles
    articles: Doubles


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Parts, the first the largest."""

    parts: tuple[Part, ...] = ()

    @property
    def phrasings(self) -> int:
        """Return how many phrasings are held, dead ones included."""
        return sum(len(part.segment.texts) for part in self.parts)

    def weigh(self, keys: Keys) -> tuple[Floats, list[NDArray[np.int64]], list[NDArray[np.int64]]]:
        """Return the weight of each key, and for each part its places and frequencies."""
        places = [part.segment.find(keys) for part in self.parts]
        frequency = [part.segment.frequency(p) for part, p in zip(self.parts, places, strict=True)]
        return weights(keys, sum(frequency, np.zeros(keys.size, np.int64)), self.phrasings), places, frequency

    def score(self, keys: Keys) -> tuple[list[Scores], float]:
        """Return the scores of every part, and the share 0..1 of the question's weight that the base knows."""
        weight, places, frequency = self.weigh(keys)
        square = weight.astype(np.float64) ** 2
        whole = float(np.sqrt(square.sum())) or 1.0
        known = np.any([f > 0 for f in frequency], axis=0) if frequency else np.zeros(keys.size, bool)
        scores = [
            _score(part, place, count, square / whole)
            for part, place, count in zip(self.parts, places, frequency, strict=True)
        ]
        return scores, float(square[known].sum()) / (whole * whole)


def _score(part: Part, places: NDArray[np.int64], frequency: NDArray[np.int64], square: NDArray[np.float64]) -> Scores:
    segment = part.segment
    order = np.argsort(frequency, kind="stable")
    order = order[frequency[order] > 0]
    order = order[np.cumsum(frequency[order]) <= BUDGET]
    begins = segment.starts[places[order]]
    lengths = frequency[order]
    pieces = [segment.postings[a:b] for a, b in zip(begins.tolist(), (begins + lengths).tolist(), strict=True)]
    if not pieces:
        return Scores(part, np.zeros(len(segment.texts)), np.zeros(len(segment.articles)))
    added = np.bincount(np.concatenate(pieces), np.repeat(square[order], lengths), len(segment.texts))
    phrases: Doubles = added * part.inverse
    articles: NDArray[np.float64] = np.bincount(segment.rows, phrases, len(segment.articles)) * part.centroid
    return Scores(part, phrases, articles * part.alive)


def part_of(segment: Segment, others: tuple[Part, ...] = ()) -> Part:
    """Return a segment weighed as it stands beside the other parts."""
    frequency = np.diff(segment.starts)
    total = len(segment.texts)
    for other in others:
        frequency = frequency + other.segment.frequency(other.segment.find(segment.keys))
        total += len(other.segment.texts)
    weight = weights(segment.keys, frequency, total)
    inverse = norms(segment, weight)
    centroid = centroid_norms(segment, weight, inverse)
    return Part(segment, inverse, centroid, np.ones(len(segment.articles), bool))


def living(snapshot: Snapshot) -> list[Article]:
    """Return the articles that answer, in the order of the parts."""
    return [
        article
        for part in snapshot.parts
        for article, lives in zip(part.segment.articles, part.alive.tolist(), strict=True)
        if lives
    ]
