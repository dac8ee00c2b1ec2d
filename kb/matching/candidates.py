"""Candidate articles, and the evidence for each."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import Indel, JaroWinkler

from kb.article import Article
from kb.matching.facts import DENYING, contradicts_phrasings, numbers_in_words, opposes_phrasings, opposite_sides
from kb.matching.query import Question
from kb.matching.segment import Floats, phrase_words
from kb.matching.snapshot import Scores
from kb.text.normalize import is_number

FEATURES = ("centroid", "head", "cosine", "sorted", "covered", "meant", "felt")
BY_CENTROID = 8  # candidates by likeness
BY_HEAD = 3  # by the trained head
BY_MEANING = 5  # and by what they mean
MOST = BY_CENTROID + BY_HEAD
PHRASINGS = 5  # of each, compared letter by letter
_KINDS = {(False, False): "plain", (True, False): "headed", (False, True): "plain+meaning",
          (True, True): "headed+meaning"}  # fmt: skip
_HELD, _OPPOSED = 4.0, 3.0  # logits: what a number held, or the opposite said, is worth in the order
_CLOSE = 0.86  # Jaro-Winkler of two stems that are one word mistyped
_SHORT = 2  # stems so short are never one another's slips

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Candidate articles and, for each, the phrasing nearest to the question and a row of ``FEATURES``."""

    articles: list[Article]
    phrasings: list[str]
    features: NDArray[np.float64]  # candidates x len(FEATURES)
    kind: str  # which features were measured: "plain", "headed", "plain+meaning" or "headed+meaning"
    bonus: Doubles | None = (
        None  # added to the ranker's scores: for numbers held, against the opposite of what was asked
    )
    against: frozenset[int] = frozenset()  # candidates that must not answer surely: another number, or the opposite


@dataclass(frozen=True, slots=True)
class Lines:
    """The phrasings of the candidates worth comparing, candidate by candidate; ``begins`` says where each begins."""

    texts: list[str]
    bags: list[str]
    cosines: list[float]
    begins: list[int]


def gather_evidence(scores: Sequence[Scores], question: Question) -> Evidence:
    """Return the evidence for the articles most like a question."""
    chosen = _choose(scores)
    articles = [score.part.segment.articles[row] for score, row in chosen]
    if not chosen:
        return Evidence([], [], np.zeros((0, len(FEATURES))), "plain")
    lines = _lines(chosen)
    features = np.empty((len(chosen), len(FEATURES)))
    features[:, 0] = [score.articles[row] for score, row in chosen]
    headed = _head(features, 1, [score.logits for score in scores], chosen, scores)
    meant = _meaning(features, chosen, scores)
    nearest = _letters(features, lines, question)
    features[:, 4] = _covered(lines, question)
    nearest_texts = [lines.texts[at] for at in nearest]
    bonus, against = _facts(lines, nearest, nearest_texts, chosen, question)
    return Evidence(articles, nearest_texts, features, _KINDS[headed, meant], bonus, against)


def _facts(lines: Lines, nearest: list[int], texts: list[str], chosen: list[tuple[Scores, int]],
           question: Question) -> tuple[Doubles | None, frozenset[int]]:  # fmt: skip
    """Return what numbers and opposites speak for and against each candidate; most questions have neither."""
    words = question.words
    asked, sided, denies = numbers_in_words(words), bool(opposite_sides(words)), not DENYING.isdisjoint(words)
    bonus = np.zeros(len(chosen))
    against: set[int] = set()
    for number, (at, (score, row)) in enumerate(zip(nearest, chosen, strict=True)):
        near = lines.bags[at].split()
        if asked and (facts := _facts_of(score, row)):
            if asked & facts:
                bonus[number] += _HELD * len(asked & facts) / len(asked)
            elif numbers_in_words(near):
                against.add(number)
        if (
            sided
            and opposes_phrasings(words, [phrase_words(texts[number])])
            and opposes_phrasings(words, _said(score, row))
        ):
            bonus[number] -= _OPPOSED
            against.add(number)
        if (denies or not DENYING.isdisjoint(near)) and contradicts_phrasings(words, [phrase_words(texts[number])]):
            against.add(number)
    return (bonus if bonus.any() else None), frozenset(against)


def _said(score: Scores, row: int) -> list[list[str]]:
    segment = score.part.segment
    return [phrase_words(text) for text in segment.texts[segment.firsts[row] : segment.firsts[row + 1]]]


def _facts_of(score: Scores, row: int) -> frozenset[str]:
    """Return the numbers that an article is about: in its question, or half of its phrasings, and in all that have any."""
    segment = score.part.segment
    bags = segment.bags[segment.firsts[row] : segment.firsts[row + 1]]
    held = [numbers_in_words(bag.split()) if is_number(bag) else frozenset() for bag in bags]
    some = [found for found in held if found]
    if not some:
        return frozenset()
    return some[0].intersection(*some) if held[0] or 2 * len(some) >= len(held) else frozenset()


def _choose(scores: Sequence[Scores]) -> list[tuple[Scores, int]]:
    found: list[tuple[float, int, int]] = []
    for number, score in enumerate(scores):
        picks = set(_top(score.articles, BY_CENTROID))
        if score.logits is not None:
            picks.update(_top(score.logits if score.whole else np.where(score.alive, score.logits, -np.inf), BY_HEAD))
        if score.meant is not None:
            picks.update(_top(score.meant, BY_MEANING))
        if score.felt is not None:
            picks.update(_top(score.felt if score.whole else np.where(score.alive, score.felt, -np.inf), BY_MEANING))
        alive = score.alive
        found += [(-float(score.articles[row]), number, row) for row in picks if alive[row]]
    meant = any(score.meant is not None for score in scores)
    ranked = sorted(item for item in found if item[0] < 0 or meant)
    return [(scores[number], row) for _, number, row in ranked[: 2 * MOST if meant else MOST]]


def _top(values: NDArray[np.floating], most: int) -> list[int]:
    if values.size <= most:
        return list(range(values.size))
    picked: list[int] = values.argpartition(-most)[-most:].tolist()
    return picked


def _lines(chosen: list[tuple[Scores, int]]) -> Lines:
    lines = Lines([], [], [], [])
    for score, row in chosen:
        segment = score.part.segment
        first, end = segment.firsts[row], segment.firsts[row + 1]
        lines.begins.append(len(lines.texts))
        if end - first <= PHRASINGS:
            lines.texts.extend(segment.texts[first:end])
            lines.bags.extend(segment.bags[first:end])
            lines.cosines.extend(score.phrases[first:end].tolist())
        else:
            for at in (score.phrases[first:end].argpartition(-PHRASINGS)[-PHRASINGS:] + first).tolist():
                lines.texts.append(segment.texts[at])
                lines.bags.append(segment.bags[at])
                lines.cosines.append(float(score.phrases[at]))
    return lines


def _head(features: Doubles, column: int, logits: list[Floats | None], chosen: list[tuple[Scores, int]],
          scores: Sequence[Scores]) -> bool:  # fmt: skip
    """Fill in a head's log-probabilities; an article newer than the head gets what its likeness is worth there.

    The likeness is the column before for the lexical head, the same for the head by meaning.
    """
    of = {id(score): found for score, found in zip(scores, logits, strict=True)}
    raw = [None if (found := of[id(score)]) is None else float(found[row]) for score, row in chosen]
    seen = [value for value in raw if value is not None]
    if not seen:
        features[:, column] = 0.0
        return False
    if len(seen) < len(raw):
        like = features[:, column - 1]
        pairs = [(value, like[at]) for at, value in enumerate(raw) if value is not None and like[at] > 0]
        worth = float(np.median([value / likeness for value, likeness in pairs] or [0.0]))
        seen = [like[at] * worth if value is None else value for at, value in enumerate(raw)]
    every = [found if s.whole else found[s.alive] for s in scores if (found := of[id(s)]) is not None]
    every.append(np.array([new for new, old in zip(seen, raw, strict=True) if old is None], np.float32))
    joined = np.concatenate(every)
    highest = float(joined.max())
    features[:, column] = np.array(seen) - (highest + np.log(np.exp(joined - highest).sum()))
    return True


def _meaning(features: Doubles, chosen: list[tuple[Scores, int]], scores: Sequence[Scores]) -> bool:
    """Fill in the two features by the question's vector; say whether it was there for every part."""
    features[:, 5:] = 0.0
    if any(score.meant is None for score in scores):
        return False
    features[:, 5] = [0.0 if score.meant is None else score.meant[row] for score, row in chosen]
    _head(features, 6, [score.felt for score in scores], chosen, scores)
    return True


def _letters(features: Doubles, lines: Lines, question: Question) -> list[int]:
    """Fill in the best cosine and letter likeness; return the line of each candidate's nearest phrasing."""
    alike = process.cdist([question.bag], lines.bags, scorer=Indel.normalized_similarity, dtype=np.float32)[0]
    features[:, 2] = np.maximum.reduceat(lines.cosines, lines.begins)
    features[:, 3] = np.maximum.reduceat(alike, lines.begins)
    both = (alike + lines.cosines).tolist()
    ends = [*lines.begins[1:], len(both)]
    return [max(range(begin, end), key=both.__getitem__) for begin, end in zip(lines.begins, ends, strict=True)]


def _covered(lines: Lines, question: Question) -> list[float]:
    """Return the share of the question's weight whose stems each candidate holds, slips of the hand forgiven."""
    ends = [*lines.begins[1:], len(lines.bags)]
    held = [set(" ".join(lines.bags[begin:end]).split()) for begin, end in zip(lines.begins, ends, strict=True)]
    stems = question.stems
    covered = [sum([weight for part, weight in stems.items() if part in own]) for own in held]
    every = set().union(*held)
    strange = [part for part in stems if part not in every and len(part) > _SHORT]
    if strange:
        _forgive(covered, held, sorted(every), strange, stems)
    total = sum(stems.values()) or 1.0
    return [mass / total for mass in covered]


def _forgive(covered: list[float], held: list[set[str]], every: list[str], strange: list[str],
             stems: dict[str, float]) -> None:  # fmt: skip
    """Add the stems that no candidate holds but that some hold with a slip."""
    close = process.cdist(strange, every, scorer=JaroWinkler.similarity, score_cutoff=_CLOSE, dtype=np.float32)
    for part, row in zip(strange, close, strict=True):
        near = [(every[to], float(row[to])) for to in row.nonzero()[0]]
        for number, own in enumerate(held if near else []):
            covered[number] += max((like for other, like in near if other in own), default=0.0) * stems[part]
