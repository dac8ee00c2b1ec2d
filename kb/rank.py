"""From candidate articles to an order and an honest probability."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel

from kb.article import Article
from kb.snapshot import Scores

CANDIDATES = 12
PHRASES = 40  # phrasings compared letter by letter


@dataclass(frozen=True, slots=True)
class Evidence:
    """Candidate articles and, for each, a row of features, see ``FEATURES``."""

    articles: list[Article]
    phrasings: list[str]
    features: NDArray[np.float64]  # candidates x len(FEATURES)


FEATURES = ("centroid", "cosine", "sorted")


def gather(scores: Sequence[Scores], bag: str) -> Evidence:
    """Return the features of the best articles for a question whose sorted words are ``bag``."""
    chosen = _best(scores)
    articles: list[Article] = []
    lines: list[tuple[int, str, str, float]] = []
    central: list[float] = []
    for number, (score, row) in enumerate(chosen):
        segment = score.part.segment
        articles.append(segment.articles[row])
        central.append(float(score.articles[row]))
        first = int(np.searchsorted(segment.rows, row))
        places = range(first, first + int(segment.counts[row]))
        phrases = score.phrases[first : places.stop]
        best = (first + np.argsort(-phrases, kind="stable")).tolist()[: max(2, PHRASES // len(chosen))]
        lines += [(number, segment.texts[at], segment.bags[at], float(score.phrases[at])) for at in best]
    return _features(articles, central, lines, bag)


def _best(scores: Sequence[Scores]) -> list[tuple[Scores, int]]:
    found: list[tuple[float, int, int]] = []
    for number, score in enumerate(scores):
        values = score.articles
        some = np.argpartition(values, -CANDIDATES)[-CANDIDATES:] if values.size > CANDIDATES else range(values.size)
        found += [(float(values[row]), number, int(row)) for row in some if values[row] > 0]
    found.sort(key=lambda item: (-item[0], item[1], item[2]))
    return [(scores[number], row) for _, number, row in found[:CANDIDATES]]


def _features(articles: list[Article], central: list[float], lines: list[tuple[int, str, str, float]],
              bag: str) -> Evidence:  # fmt: skip
    features = np.zeros((len(articles), len(FEATURES)))
    features[:, 0] = central
    alike = process.cdist([bag], [line[2] for line in lines], scorer=Indel.normalized_similarity)[0] if lines else []
    phrasings = [article.question for article in articles]
    best = [-1.0] * len(articles)
    for (number, text, _, cosine), like in zip(lines, alike, strict=True):
        features[number, 1] = max(features[number, 1], cosine)
        features[number, 2] = max(features[number, 2], float(like))
        if cosine + float(like) > best[number]:
            best[number] = cosine + float(like)
            phrasings[number] = text
    return Evidence(articles, phrasings, features)
