"""The section ``desk``: what may never come at all, what has to wait for something, and a reminder before its end."""

from datetime import timedelta

import pytest

from handlers.rules import Rules
from handlers.rules.document import read_document
from handlers.rules.general import DURATIONS

MAY_NEVER_COME = {"pending_reminder", "pending_close", "idle_reminder", "plan_reminder"}


@pytest.mark.parametrize("key", DURATIONS)
def test_only_what_may_never_come_is_given_no_time(key: str):
    rules, problems = read_document({"desk": {key: "0m"}}, Rules())
    if key in MAY_NEVER_COME:
        assert (problems, getattr(rules, key)) == ([], timedelta(0))
    else:
        assert [problem.place for problem in problems] == [f"desk.{key}"]
    rules, problems = read_document({"desk": {key: "1s"}}, Rules())
    assert (problems, getattr(rules, key)) == ([], timedelta(seconds=1))


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"reminder": "2d", "auto_close": "2d"}, ["desk.reminder"]),
        ({"reminder": "3d"}, ["desk.reminder"]),  # it closes after three days, where nobody says otherwise
        ({"reminder": "71h"}, []),
        ({"reminder": "5d", "auto_close": "6d"}, []),
        ({"pending_reminder": "7d"}, ["desk.pending_reminder"]),
        ({"pending_reminder": "7d", "pending_close": "0m"}, []),  # it is never resolved, however long they are silent
        ({"pending_reminder": "0m", "pending_close": "1d"}, []),
    ],
)
def test_a_reminder_comes_before_its_end_whether_that_is_given_or_usual(given: dict[str, str], wrong: list[str]):
    assert [problem.place for problem in read_document({"desk": given}, Rules())[1]] == wrong


def test_before_an_end_that_is_earlier_than_usual_a_reminder_that_is_not_given_comes_halfway():
    rules, problems = read_document({"desk": {"auto_close": "1d", "pending_close": "2d"}}, Rules())
    assert (problems, rules.reminder, rules.pending_reminder) == ([], timedelta(hours=12), timedelta(days=1))
    rules, problems = read_document({"desk": {"auto_close": "49h", "pending_close": "73h"}}, Rules())
    assert (problems, rules.reminder, rules.pending_reminder) == ([], Rules().reminder, Rules().pending_reminder)
