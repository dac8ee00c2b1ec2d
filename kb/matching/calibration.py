"""From evidence to an order, an honest probability and a verdict; the constants come from ``tests/bench/kb_fit.py``."""

import json
import math
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kb.matching.candidates import Evidence
from kb.verdict import Candidate, Maybe, Sure, Unknown, Verdict

Doubles = NDArray[np.float64]
SIGNALS = (
    *("one", "odds", "margin", "centroid", "head", "cosine", "sorted", "covered"),
    *("known", "words", "articles", "phrasings", "meant", "felt"),
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
    raw = json.loads(files("kb.matching").joinpath("constants.json").read_text(encoding="utf-8"))
    ranker, confidence = ({k: np.array(v) for k, v in raw[name].items()} for name in ("ranker", "confidence"))
    return Constants(ranker, confidence, raw["sure"], raw["maybe"])


CONSTANTS = _load()
SURE = CONSTANTS.sure
MOST_UNSURE = SURE - 0.01  # the highest confidence of what must not be sure


@dataclass(frozen=True, slots=True)
class Asked:
    """What a verdict depends on beside the evidence: the known share of the question, its words, the base's size."""

    known: float
    words: int
    articles: int


def rank_candidates(evidence: Evidence) -> tuple[Doubles, list[int]]:
    """Return the ranker's score of every candidate, and their positions, best first."""
    ranks: Doubles = evidence.features @ CONSTANTS.ranker[evidence.kind]
    if evidence.bonus is not None:
        ranks = ranks + evidence.bonus
    return ranks, (-ranks).argsort(kind="stable").tolist()


def confidence_signals(evidence: Evidence, ranks: Doubles, places: list[int], asked: Asked) -> Doubles:
    """Return the row of ``SIGNALS`` for the best candidate."""
    scores = ranks[places].tolist()
    rest = sum([math.exp(score - scores[0]) for score in scores[1:]]) + 1e-3
    margin = min(scores[0] - scores[1], 5.0) if len(scores) > 1 else 5.0
    centroid, head, cosine, letters, covered, meant, felt = evidence.features[places[0]].tolist()
    phrasings = 1 + len(evidence.articles[places[0]].aliases)
    sizes = math.log1p(asked.words), math.log1p(asked.articles), math.log(phrasings)
    row = (1.0, -math.log(rest), margin, centroid, max(head, -8.0), cosine, letters, covered, asked.known, *sizes, meant,
           max(felt, -8.0))  # fmt: skip
    return np.array(row)


def candidate_confidences(evidence: Evidence, asked: Asked) -> tuple[list[float], list[int]]:
    """Return the probability that each of the best candidates answers, and their positions, best first."""
    ranks, places = rank_candidates(evidence)
    row = confidence_signals(evidence, ranks, places, asked)
    top = 1.0 / (1.0 + math.exp(-float(row @ CONSTANTS.confidence[evidence.kind])))
    if places[0] in evidence.against:
        top = min(top, MOST_UNSURE)
    best = places[:BEST]
    rest = [min(top * math.exp(ranks[at] - ranks[best[0]]), 1.0 - top) for at in best[1:]]
    return [top, *rest], best


def verdict_by_confidence(candidates: tuple[Candidate, ...]) -> Verdict:
    """Return what the first candidate's confidence allows to say."""
    if not candidates:
        return Unknown()
    top = candidates[0].confidence
    kind = Sure if top >= CONSTANTS.sure else Maybe if top >= CONSTANTS.maybe else Unknown
    return kind(candidates)
