"""What texts mean: sentence vectors, where the optional encoder is installed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.matching.classifier import LIMIT, solve_dual_weights
from kb.matching.encoders import Encoder, Remembering
from kb.matching.segment import Floats, Segment

SCALE = 10.0  # cosines are small numbers: the kernel of the trained head is their tenfold (dev: flat from 5 to 30)
_BATCH = 256  # phrasings encoded at a time, so that others get their turn


@dataclass(frozen=True, slots=True)
class Meaning:
    """The vectors of a segment: its articles' centroids, and in a small base its phrasings and a trained head."""

    centroids: Floats  # articles x size, unit rows
    phrases: Floats | None
    head: Floats | None  # size x articles

    def score(self, vector: Floats) -> tuple[Floats, Floats | None]:
        """Return the cosine of each article's centroid, and the head's logits."""
        return self.centroids @ vector, None if self.head is None else vector @ self.head


def encode_texts(encoder: Encoder, texts: Sequence[str]) -> Floats:
    """Return the vectors of some texts."""
    parts = [encoder.encode(list(texts[at : at + _BATCH])) for at in range(0, len(texts), _BATCH)]
    return np.concatenate(parts).astype(np.float32)


def question_vector(encoder: Encoder, text: str, *, waiting: bool) -> Floats | None:
    """Return the vector of a question; None where it would have to be waited for and nobody is to wait."""
    if waiting or not isinstance(encoder, Remembering):
        found: Floats = encode_texts(encoder, [text])[0]
        return found
    return encoder.known(text)


def segment_meaning(segment: Segment, vectors: Floats, *, headed: bool = False) -> Meaning:
    """Return the meaning of a segment whose phrasings have these vectors; ``headed`` trains a head."""
    sums = np.add.reduceat(vectors, segment.firsts[:-1])
    centroids = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    small = len(vectors) <= LIMIT
    head = None
    if headed and small and len(segment.articles) > 1:
        kernel = np.float32(SCALE) * (vectors @ vectors.T)
        head = np.float32(SCALE) * (vectors.T @ solve_dual_weights(kernel, segment.rows, len(segment.articles)))
    return Meaning(centroids, vectors if small else None, head)


def join_meanings(parts: Sequence[tuple[Segment, Meaning | None, NDArray[np.bool_]]], whole: Segment, *,
         headed: bool) -> Meaning | None:  # fmt: skip
    """Return the meaning of the living articles of several segments as one; None where one has none yet."""
    known = [(segment, meaning, alive) for segment, meaning, alive in parts if meaning is not None]
    if len(known) < len(parts):
        return None
    if headed and all(meaning.phrases is not None for _, meaning, _ in known):
        kept = [m.phrases[alive[s.rows]] for s, m, alive in known if m.phrases is not None]
        return segment_meaning(whole, np.concatenate(kept), headed=True)
    return Meaning(np.concatenate([meaning.centroids[alive] for _, meaning, alive in known]), None, None)
