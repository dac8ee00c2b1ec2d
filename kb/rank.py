"""Candidate articles, and the evidence for each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel, JaroWinkler

from kb.article import Article
from kb.question import Question
from kb.snapshot import Scores
from kb.stems import stem

FEATURES = ("centroid", "head", "cosine", "sorted", "covered")
BY_CENTROID = 10  # candidates by likeness
BY_HEAD = 4  # and by the trained head
PHRASINGS = 40  # compared letter by letter
_CLOSE = 0.86  # Jaro-Winkler of two stems that are one word mistyped
_SHORT = 2  # stems so short are never one another's slips


Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Candidate articles and, for each, the phrasing nearest to the question and a row of ``FEATURES``."""

    articles: list[Article]
    phrasings: list[str]
    features: NDArray[np.float64]  # candidates x len(FEATURES)
    headed: bool  # whether the second feature was measured

    def only(self, language: str | None) -> "Evidence":
        """Return the candidates in one language; none when no language is asked or all are in it."""
        kept = [at for at, article in enumerate(self.articles) if language and article.language == language]
        if len(kept) == len(self.articles):
            kept = []
        chosen = [self.articles[at] for at in kept]
        return Evidence(chosen, [self.phrasings[at] for at in kept], self.features[kept], self.headed)


@dataclass(frozen=True, slots=True)
class Line:
    """A phrasing of a candidate worth comparing."""

    candidate: int
    text: str
    bag: str
    cosine: float


def gather(scores: Sequence[Scores], question: Question, language: str | None = None) -> Evidence:
    """Return the evidence for the articles most like a question; some of ``language`` are always among them."""
    chosen = _choose(scores, language)
    features = np.zeros((len(chosen), len(FEATURES)))
    lines: list[Line] = []
    each = max(2, PHRASINGS // max(len(chosen), 1))
    for number, (score, row) in enumerate(chosen):
        features[number, 0] = score.articles[row]
        lines += _lines(score, row, number, each)
    headed = _head(features, chosen, scores)
    phrasings = _letters(features, lines, question, [score.part.segment.articles[row] for score, row in chosen])
    _cover(features, lines, question)
    return Evidence([score.part.segment.articles[row] for score, row in chosen], phrasings, features, headed)


def _choose(scores: Sequence[Scores], language: str | None) -> list[tuple[Scores, int]]:
    found: dict[tuple[int, int], float] = {}
    for number, score in enumerate(scores):
        picks = _top(score.articles, BY_CENTROID)
        if score.logits is not None:
            picks += _top(np.where(score.part.alive, score.logits, -np.inf), BY_HEAD)
        if language and score.part.segment.languages:
            picks += _top(np.where(score.part.segment.speaks(language), score.articles, 0.0), 2)
        found |= {(number, row): float(score.articles[row]) for row in picks if score.part.alive[row]}
    ranked = sorted((item for item in found.items() if item[1] > 0), key=lambda item: (-item[1], item[0]))
    return [(scores[number], row) for (number, row), _ in ranked[: BY_CENTROID + BY_HEAD]]


def _top(values: NDArray[np.floating], most: int) -> list[int]:
    if values.size <= most:
        return list(range(values.size))
    picked: list[int] = np.argpartition(values, -most)[-most:].tolist()
    return picked


def _lines(score: Scores, row: int, number: int, most: int) -> list[Line]:
    segment = score.part.segment
    first = int(np.searchsorted(segment.rows, row))
    cosines = score.phrases[first : first + int(segment.counts[row])].tolist()
    order = sorted(range(len(cosines)), key=lambda at: -cosines[at])[:most]
    return [Line(number, segment.texts[first + at], segment.bags[first + at], cosines[at]) for at in order]


def _head(features: NDArray[np.float64], chosen: list[tuple[Scores, int]], scores: Sequence[Scores]) -> bool:
    """Fill in the head's log-probabilities; an article newer than the head gets what its likeness is worth there."""
    raw = [float(score.logits[row]) if score.logits is not None else None for score, row in chosen]
    seen = [(value, features[at, 0]) for at, value in enumerate(raw) if value is not None]
    if not seen:
        return False
    worth = float(np.median([value / likeness for value, likeness in seen if likeness > 0] or [0.0]))
    logits = np.array([features[at, 0] * worth if value is None else value for at, value in enumerate(raw)])
    every = [np.where(s.part.alive, s.logits, -np.inf) for s in scores if s.logits is not None]
    new = logits[[value is None for value in raw]]
    joined = np.concatenate([*every, new])
    highest = joined.max()
    features[:, 1] = logits - highest - np.log(np.exp(joined - highest).sum())
    return True


def _letters(
    features: NDArray[np.float64], lines: list[Line], question: Question, articles: list[Article]
) -> list[str]:
    """Fill in the best cosine and letter likeness; return the nearest phrasing of each candidate."""
    phrasings = [article.question for article in articles]
    best = [-1.0] * len(articles)
    if not lines:
        return phrasings
    alike = process.cdist([question.bag], [line.bag for line in lines], scorer=Indel.normalized_similarity)[0].tolist()
    for line, like in zip(lines, alike, strict=True):
        row = features[line.candidate]
        row[2] = max(row[2], line.cosine)
        row[3] = max(row[3], like)
        if line.cosine + like > best[line.candidate]:
            best[line.candidate] = line.cosine + like
            phrasings[line.candidate] = line.text
    return phrasings


def _cover(features: NDArray[np.float64], lines: list[Line], question: Question) -> None:
    """Fill in the share of the question's weight whose stems the candidate holds, slips of the hand forgiven."""
    held: list[set[str]] = [set() for _ in range(len(features))]
    for line in lines:
        held[line.candidate].update(map(stem, line.bag.split()))
    total = sum(question.stems.values()) or 1.0
    missing = set()
    for number, own in enumerate(held):
        features[number, 4] = sum(weight for part, weight in question.stems.items() if part in own) / total
        missing |= {part for part in question.stems if part not in own and len(part) > _SHORT}
    if missing:
        _forgive(features, held, question, sorted(missing), total)


def _forgive(features: NDArray[np.float64], held: list[set[str]], question: Question, missing: list[str],
             total: float) -> None:  # fmt: skip
    every = sorted(set().union(*held))
    close = process.cdist(missing, every, scorer=JaroWinkler.similarity, score_cutoff=_CLOSE, dtype=np.float32)
    slips: dict[str, list[tuple[str, float]]] = {}
    for at, to in zip(*np.nonzero(close), strict=True):
        slips.setdefault(missing[at], []).append((every[to], float(close[at, to])))
    for number, own in enumerate(held):
        for part, near in slips.items():
            if part not in own:
                like = max((value for other, value in near if other in own), default=0.0)
                features[number, 4] += like * question.stems[part] / total
