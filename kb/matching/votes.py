"""What people said of an article moves how sure it may be, within bounds: a little for each vote, never far."""

import math
from collections.abc import Mapping
from dataclasses import replace

from kb.matching.calibration import MOST_UNSURE, SURE, verdict_by_confidence
from kb.verdict import Candidate, Verdict

Votes = Mapping[int | str, tuple[int, int]]  # article -> how often it helped, how often it did not
_DOUBT = 6.0  # votes either way that are taken for granted: the first few weigh little
_MOST = 0.8  # logits; takes 90 % to 80 or to 95
LIFTED = 1.0 / (1.0 + math.exp(_MOST) * (1.0 / SURE - 1.0))  # the lowest confidence that votes can make sure


def vote_shift(helped: int, not_helped: int) -> float:
    """Return by how many logits votes move an article's confidence, between -0.8 and 0.8."""
    return max(-_MOST, min(_MOST, math.log((helped + _DOUBT) / (not_helped + _DOUBT))))


def verdict_with_votes(candidates: tuple[Candidate, ...], votes: Votes) -> Verdict:
    """Return the verdict on candidates whose articles have these votes; words that are an article's own stay certain.

    However often an article helped with other questions, what is only to be offered stays so.
    """
    moved = [_moved(one, vote_shift(*votes.get(one.article_id, (0, 0)))) for one in candidates]
    return verdict_by_confidence(tuple(sorted(moved, key=lambda one: -one.confidence)))


def _moved(one: Candidate, logits: float) -> Candidate:
    if not 0.0 < one.confidence < 1.0 or not logits:
        return one
    moved = 1.0 / (1.0 + math.exp(-(math.log(one.confidence / (1.0 - one.confidence)) + logits)))
    return replace(one, confidence=round(min(moved, MOST_UNSURE) if one.offered else moved, 4))
