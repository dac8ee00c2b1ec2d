"""Votes move confidence within bounds, and never what is certain."""

import pytest

from kb import Candidate, Maybe, Sure
from kb.matching.votes import verdict_with_votes, vote_shift


def test_votes_move_little_at_first_and_never_far() -> None:
    assert vote_shift(0, 0) == 0.0
    assert 0 < vote_shift(1, 0) < 0.2
    assert vote_shift(1000, 0) == -vote_shift(0, 1000) == 0.8


def test_an_article_that_misleads_is_offered_and_no_longer_answered() -> None:
    sure = (Candidate(1, 0.9, "a"), Candidate(2, 0.05, "b"))
    assert isinstance(verdict_with_votes(sure, {}), Sure)
    assert isinstance(verdict_with_votes(sure, {1: (0, 12)}), Maybe)
    assert isinstance(verdict_with_votes(sure, {1: (30, 12)}), Sure)


def test_words_that_are_an_articles_own_stay_certain() -> None:
    assert verdict_with_votes((Candidate(1, 1.0, "a"),), {1: (0, 500)}).candidates[0].confidence == 1.0


@pytest.mark.parametrize("votes", [(0, 0), (3, 0), (0, 3), (500, 500)])
def test_the_order_follows_the_moved_confidence(votes: tuple[int, int]) -> None:
    found = verdict_with_votes((Candidate(1, 0.5, "a"), Candidate(2, 0.45, "b")), {1: votes}).candidates
    assert [one.confidence for one in found] == sorted((one.confidence for one in found), reverse=True)
