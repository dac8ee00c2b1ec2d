"""What the answers of a round come to: any, all or a majority, whoever has not answered yet, and whoever was replaced."""

from itertools import product

import pytest

from handlers.tickets.approval_seats import outcome_of, with_newcomers
from storage.models import Answer, ApprovalState
from storage.tickets.approvals import Seat

YES, NO, CHANGES, GONE = Answer.YES, Answer.NO, Answer.CHANGES, Answer.REPLACED


def outcome(need: str, *answers: Answer | None) -> ApprovalState | None:
    """Return what these answers come to."""
    seats = [Seat(n, 1, 1, n, None, None, None, answer, "", None, None) for n, answer in enumerate(answers)]
    return outcome_of(need, seats)


@pytest.mark.parametrize(
    ("need", "answers", "expected"),
    [
        ("any", (None, None), None),
        ("any", (YES, None), ApprovalState.APPROVED),
        ("any", (NO, None), None),
        ("any", (NO, NO), ApprovalState.DECLINED),
        ("all", (YES, None), None),
        ("all", (YES, YES), ApprovalState.APPROVED),
        ("all", (NO, None), ApprovalState.DECLINED),
        ("majority", (YES, None, None), None),
        ("majority", (YES, YES, None), ApprovalState.APPROVED),
        ("majority", (YES, NO), ApprovalState.DECLINED),
        ("majority", (NO, None, None), None),
        ("majority", (NO, NO, None), ApprovalState.DECLINED),
        ("any", (CHANGES, None), ApprovalState.CHANGES),
        ("all", (YES, GONE), ApprovalState.APPROVED),
        ("any", (GONE,), None),
        ("any", (), None),
        ("all", (), None),
        ("majority", (), None),
    ],
)
def test_what_a_round_comes_to(need: str, answers: tuple[Answer | None, ...], expected: ApprovalState | None):
    assert outcome(need, *answers) is expected


@pytest.mark.parametrize("need", ["any", "all", "majority"])
def test_a_round_that_everybody_has_answered_is_decided_one_way(need: str):
    for answers in product((YES, NO), repeat=4):
        assert outcome(need, *answers) in (ApprovalState.APPROVED, ApprovalState.DECLINED), answers


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ([], [1, 2]),
        ([(3, 1)], [3, 2]),
        ([(3, 1), (4, 3)], [4, 2]),
        ([(3, 1), (1, 3)], [1, 2]),  # she can answer again
        ([(3, 1), (1, 2)], [3, 1]),  # and is named for somebody else
        ([(3, 1), (4, 2), (1, 3), (2, 4)], [1, 2]),
        ([(3, None)], [1, 2, 3]),
        ([(3, 9)], [1, 2, 3]),  # the rules name her no more
    ],
)
def test_whoever_was_named_is_asked_in_the_place_of_whom_they_replaced(
    named: list[tuple[int, int | None]], expected: list[int]
):
    rows = [Seat(n, 1, -1, who, of, None, None, None, "", None, None) for n, (who, of) in enumerate(named)]
    assert with_newcomers([1, 2], rows) == expected
