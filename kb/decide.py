"""From evidence to an order, an honest probability and a verdict; the constants come from ``kb/fit.py``."""

import json
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kb.rank import Evidence
from kb.verdict import Candidate, Maybe, Sure, Unknown, Verdict

Doubles = NDArray[np.float64]
SIGNALS = (
    *("one", "odds", "margin", "centroid", "head", "cosine", "sorted", "covered"),
    *("known", "words", "articles", "phrasings"),
)
BEST = 3  # candidates told


@dataclass(frozen=True, slots=True)
class Constants:
    """What was fitted on the development sets: ``ranker`` weighs FEATURES, ``confidence`` weighs SIGNALS."""

    ranker: dict[str, Doubles]
    confidence: dict[str, Doubles]
    sure: float
    maybe: float


def _load() -> Constants:
    raw = json.loads(files("kb").joinpath("constants.json").read_text(encoding="utf-8"))
    ranker, confidence = ({k: np.array(v) for k, v in raw[name].items()} for name in ("ranker", "confidence"))
    return Constants(ranker, confidence, raw["sure"], raw["maybe"])


CONSTANTS = _load()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a verdict depends on beside the evidence: the known share of the question, its words, the base's size."""

    known: float
    words: int
    articles: int


def order(evidence: Evidence) -> tuple[Doubles, list[int]]:
    """Return the ranker's score of every candidate, and their positions, best first."""
    ranks: Doubles = evidence.features @ CONSTANTS.ranker["headed" if evidence.headed else "plain"]
    return ranks, np.argsort(-ranks, kind="stable").tolist()


def signals(evidence: Evidence, ranks: Doubles, places: list[int], asked: Asked) -> Doubles:
    """Return the row of ``SIGNALS`` for the best candidate."""
    best = places[0]
    features = evidence.features[best]
    rest = np.exp(ranks[places[1:]] - ranks[best]).sum() + 1e-3
    margin = ranks[best] - ranks[places[1]] if len(places) > 1 else 5.0
    phrasings = 1 + len(evidence.articles[best].aliases)
    return np.array(
        [1.0, -np.log(rest), min(margin, 5.0), features[0], max(features[1], -8.0), features[2], features[3],
         features[4], asked.known, np.log1p(asked.words), np.log1p(asked.articles), np.log(phrasings)]
    )  # fmt: skip


def confidences(evidence: Evidence, asked: Asked) -> tuple[Doubles, list[int]]:
    """Return the probability that each of the best candidates answers, and their positions, best first."""
    ranks, places = order(evidence)
    row = signals(evidence, ranks, places, asked)
    top = 1.0 / (1.0 + np.exp(-float(row @ CONSTANTS.confidence["headed" if evidence.headed else "plain"])))
    best = places[:BEST]
    chance = np.minimum(top * np.exp(ranks[best] - ranks[best[0]]), 1.0 - top)
    chance[0] = top
    return chance, best


def verdict(candidates: tuple[Candidate, ...]) -> Verdict:
    """Return what the first candidate's confidence allows to say."""
    if not candidates:
        return Unknown()
    top = candidates[0].confidence
    kind = Sure if top >= CONSTANTS.sure else Maybe if top >= CONSTANTS.maybe else Unknown
    return kind(candidates)
