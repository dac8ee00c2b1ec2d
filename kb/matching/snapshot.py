"""The whole index at one moment: immutable, so that a reader never waits for a writer."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.matching.classifier import Head, damped_weight, train_head
from kb.matching.embeddings import Meaning
from kb.matching.features import Keys, keys_of, keys_of_word
from kb.matching.query import Question, weighted_question
from kb.matching.segment import Floats, Ints, Segment, centroid_norms, inverse_norms, key_weights

Doubles = NDArray[np.floating[Any]]
Places = NDArray[np.int64]
_IN_PART = 0.6  # what a word is worth whose grams are all known but whose stem is not
_FEW = 20_000  # postings up to which one gather beats many slices
_REMEMBERED = 10_000  # words of which it is remembered how well they are known
BUDGET = 60_000  # postings added up for one question in one part, rarest keys first


@dataclass(frozen=True, slots=True)
class Part:
    """A segment with the weights it was given and the articles still living in it."""

    segment: Segment
    inverse: Floats  # one over the length of each phrasing's vector
    centroid: Floats  # one over the length of each article's
    alive: NDArray[np.bool_]
    whole: bool = True  # whether all of them do
    head: Head | None = None
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """One part's answer: the cosine of each phrasing, of each article's centroid (0 where dead), the head's logits.

    ``meant`` and ``felt`` are the same two by the sentence vector, where there is one.
    """

    part: Part
    phrases: Doubles
    articles: Doubles
    logits: Floats | None
    alive: NDArray[np.bool_]
    whole: bool
    meant: Floats | None = None
    felt: Floats | None = None

    def only(self, language: str) -> "Scores":
        """Return the scores as if there were no articles in other languages."""
        alive = self.alive & self.part.segment.speaks(language)
        meant = None if self.meant is None else np.where(alive, self.meant, -1.0)
        return replace(self, articles=self.articles * alive, alive=alive, whole=False, meant=meant)

    def with_meaning(self, vector: Floats) -> "Scores":
        """Return the scores with those by the question's vector."""
        if self.part.meaning is None:
            return self
        meant, felt = self.part.meaning.score(vector)
        if not self.whole:
            meant = np.where(self.alive, meant, -1.0)
        return replace(self, meant=meant, felt=felt)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Parts, the first the largest."""

    parts: tuple[Part, ...] = ()
    phrasings: int = 0
    _shares: dict[str, float | None] = field(default_factory=dict, compare=False, repr=False)

    def speaks_others(self, language: str) -> bool:
        """Return whether there are articles in the language, and in others."""
        spoken = {spoken for part in self.parts for spoken in part.segment.languages}
        return language in spoken and len(spoken) > 1

    @property
    def meant(self) -> bool:
        """Return whether every part knows what its articles mean."""
        return bool(self.parts) and all(part.meaning is not None for part in self.parts)

    def coverage(self, words: list[str]) -> float:
        """Return how well the base knows some words, 0..1: whole by their stems, else in part by their longer grams."""
        if not words:
            return 0.0
        shares = [(word, self._share(word)) for word in words]
        known = float(sum([len(word) for word, share in shares if share is None]))
        for word, share in shares:
            if share is not None:
                known += _IN_PART * len(word) * share
        return known / sum(map(len, words))

    def _share(self, word: str) -> float | None:
        """Return the share of a word's longer grams that the base has; None where it has the whole, by its stem."""
        try:
            return self._shares[word]  # people use the same few thousand words again and again
        except KeyError:
            there = self._holds(keys_of_word(word))
            longer = there[len(word) + 1 : -1]  # pairs of letters are known anyhow
            grams = int(np.count_nonzero(longer)) / longer.size if longer.size else 0.0
            if len(self._shares) >= _REMEMBERED:
                self._shares.clear()
            return self._shares.setdefault(word, None if there[-1] else grams)

    def _holds(self, keys: Keys) -> NDArray[np.bool_]:
        there = np.zeros(keys.size, bool)
        for part in self.parts:
            there |= part.segment.find(keys) >= 0
        return there

    def ask(self, words: list[str]) -> tuple[Question, list[Scores], float]:
        """Return the weighed question, every part's scores, and the share 0..1 of its weight that the base knows."""
        keys = keys_of(words)
        places = [part.segment.find(keys) for part in self.parts]
        counts = [part.segment.frequency(p) for part, p in zip(self.parts, places, strict=True)]
        every = sum(counts, np.zeros(keys.size, np.int64))
        asked = weighted_question(words, keys, key_weights(keys, every, self.phrasings))
        square = asked.weight.astype(np.float64) ** 2
        whole = float(np.sqrt(square.sum())) or 1.0
        length = float(np.linalg.norm(damped_weight(asked.weight, keys)))
        scores = [
            _score(part, place, count, square / whole, length)
            for part, place, count in zip(self.parts, places, counts, strict=True)
        ]
        return asked, scores, float(square[every > 0].sum()) / (whole * whole)


def index_snapshot(parts: tuple[Part, ...]) -> Snapshot:
    """Return the snapshot of some parts."""
    return Snapshot(parts, sum(len(part.segment.texts) for part in parts))


def _score(part: Part, places: Places, counts: Places, square: Doubles, length: float) -> Scores:
    segment = part.segment
    here = counts.nonzero()[0]
    logits = part.head.logits(places[here], length) if part.head else None
    if int(counts.sum()) > BUDGET:
        here = here[counts[here].argsort(kind="stable")]
        here = here[counts[here].cumsum() <= BUDGET]
    if not here.size:
        nothing = np.zeros(len(segment.texts)), np.zeros(len(segment.articles))
        return Scores(part, *nothing, logits, part.alive, part.whole)
    lengths = counts[here]
    held = _held(segment, segment.starts[places[here]], lengths)
    phrases: Doubles = np.bincount(held, square[here].repeat(lengths), len(segment.texts)) * part.inverse
    articles: Doubles = np.bincount(segment.rows, phrases, len(segment.articles)) * part.centroid
    if not part.whole:
        articles *= part.alive
    return Scores(part, phrases, articles, logits, part.alive, part.whole)


def _held(segment: Segment, begins: Places, lengths: Places) -> Ints:
    """Return the postings of some keys, one after another; the cheaper of two ways to copy them."""
    ends = lengths.cumsum()
    if ends[-1] < _FEW:
        gathered: Ints = segment.postings[np.arange(ends[-1]) + (begins - ends + lengths).repeat(lengths)]
        return gathered
    pieces = zip(begins.tolist(), (begins + lengths).tolist(), strict=True)
    return np.concatenate([segment.postings[begin:end] for begin, end in pieces])


def part_of(segment: Segment, others: tuple[Part, ...] = (), *, headed: bool = False) -> Part:
    """Return a segment weighed as it stands beside the other parts; ``headed`` trains its head."""
    frequency = np.diff(segment.starts)
    total = len(segment.texts)
    for other in others:
        frequency = frequency + other.segment.frequency(other.segment.find(segment.keys))
        total += len(other.segment.texts)
    weight = key_weights(segment.keys, frequency, total)
    inverse = inverse_norms(segment, weight)
    centroid = centroid_norms(segment, weight, inverse)
    alive = np.ones(len(segment.articles), bool)
    return Part(segment, inverse, centroid, alive, head=train_head(segment, weight) if headed else None)
