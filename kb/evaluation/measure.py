"""How good the answers are on labelled questions: what ``kb eval`` prints."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kb.article import Article
from kb.index import Index
from kb.verdict import Sure, Verdict

Labelled = tuple[str, str]  # label, text
_BINS = 10
_PRECISION = 0.95


@dataclass(frozen=True, slots=True)
class Measured:
    """Percentages of the questions, milliseconds, and the expected calibration error (0..1).

    ``coverage`` is the largest share of the in-scope questions answered rightly-or-wrongly at a threshold where 95 % of
    all answers, out-of-scope ones counted as wrong, are right: the oracle threshold of this very set.
    """

    questions: int
    strangers: int
    top1: float
    recall3: float
    auroc: float | None
    coverage: float
    answered: float
    precision: float | None
    strangers_answered: float | None
    suggested: float
    ece: float
    p50: float
    p99: float

    def as_dict(self) -> dict[str, float | int | None]:
        """Return plain numbers for JSON."""
        return asdict(self)


class BadRow(ValueError):
    """A labelled file cannot be read; the message names the line."""


def read_labelled(path: Path) -> list[Labelled]:
    """Return the rows of a TSV file ``label<TAB>text`` with a header line; more columns are ignored."""
    rows: list[Labelled] = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        cells = line.split("\t")
        if number > 1 and line.strip():
            if len(cells) < 2:
                raise BadRow(f"{path}, line {number}: expected label<TAB>text")
            rows.append((cells[0], cells[1]))
    return rows


def base_of(rows: Sequence[Labelled], per_label: int | None = None, hold_out: frozenset[str] = frozenset(),
            language: str = "en") -> list[Article]:  # fmt: skip
    """Return one article a label: its first text is the question, the next ``per_label - 1`` the aliases."""
    texts: dict[str, list[str]] = {}
    for label, text in rows:
        if label not in hold_out:
            texts.setdefault(label, []).append(text)
    kept = {label: found[:per_label] for label, found in texts.items()}
    return [Article(label, found[0], "", tuple(found[1:]), language=language) for label, found in kept.items()]


def evaluate_index(index: Index, asked: Sequence[Labelled], strangers: Sequence[str] = ()) -> Measured:
    """Return what the index makes of questions with known answers, and of strangers that no article answers."""
    verdicts, times = _ask(index, [text for _, text in asked] + list(strangers))
    truth: list[str | None] = [label for label, _ in asked]
    truth += [None] * len(strangers)
    found = [[c.article_id for c in v.candidates] for v in verdicts]
    top = np.array([v.candidates[0].confidence if v.candidates else 0.0 for v in verdicts])
    right = np.array([bool(f) and t is not None and f[0] == t for f, t in zip(found, truth, strict=True)], bool)
    inside = np.arange(len(truth)) < len(asked)
    three = [t in f for f, t in zip(found, truth, strict=True) if t is not None]
    sure = np.array([isinstance(v, Sure) for v in verdicts])
    told = np.array([type(v).__name__ == "Maybe" for v in verdicts])
    return Measured(
        questions=len(asked),
        strangers=len(strangers),
        top1=_share(right[inside]),
        recall3=_share(np.array(three)),
        auroc=auroc_percent(top[inside], top[~inside]) if strangers else None,
        coverage=coverage_percent(top, right, inside),
        answered=_share(sure[inside]),
        precision=_share(right[sure]) if sure.any() else None,
        strangers_answered=_share(sure[~inside]) if strangers else None,
        suggested=_share(told[inside]),
        ece=calibration_error(top, right),
        p50=float(np.percentile(times, 50)) if times else 0.0,
        p99=float(np.percentile(times, 99)) if times else 0.0,
    )


def _ask(index: Index, texts: Sequence[str]) -> tuple[list[Verdict], list[float]]:
    verdicts, times = [], []
    for text in texts:
        start = time.perf_counter()
        verdicts.append(index.find(text))
        times.append((time.perf_counter() - start) * 1000)
    return verdicts, times


def _share(flags: NDArray[np.bool_]) -> float:
    return round(100.0 * float(flags.mean()), 2) if flags.size else 0.0


def auroc_percent(inside: NDArray[np.float64], outside: NDArray[np.float64]) -> float:
    """Return in percent how often an in-scope question scores above an out-of-scope one, ties half."""
    every = np.sort(outside)
    below = np.searchsorted(every, inside, "left") + np.searchsorted(every, inside, "right")
    return round(100.0 * float(below.sum()) / (2.0 * inside.size * outside.size), 2) if inside.size else 0.0


def precision_threshold(top: NDArray[np.float64], right: NDArray[np.bool_], precision: float = _PRECISION,
              weight: NDArray[np.float64] | None = None) -> float:  # fmt: skip
    """Return the lowest confidence from which the answers are right often enough; infinity where none is."""
    order = np.argsort(-top, kind="stable")
    mass = np.ones(top.size) if weight is None else weight
    good = np.cumsum((right * mass)[order]) >= precision * np.cumsum(mass[order]) - 1e-12
    ends = np.append(top[order][1:] != top[order][:-1], True) if top.size else np.empty(0, bool)
    at = np.flatnonzero(good & ends)
    return float(top[order][at[-1]]) if at.size else float("inf")


def coverage_percent(top: NDArray[np.float64], right: NDArray[np.bool_], inside: NDArray[np.bool_]) -> float:
    """Return the percentage of in-scope questions answered at the oracle threshold of 95 % precision."""
    return _share((top >= precision_threshold(top, right))[inside])


def calibration_error(top: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return the expected calibration error over ten equal bins of confidence."""
    place = np.minimum((top * _BINS).astype(int), _BINS - 1)
    gaps = [abs(float((right[place == b].astype(float) - top[place == b]).sum())) for b in range(_BINS)]
    return round(sum(gaps) / max(top.size, 1), 4)
