"""The section ``desk``: what may never come at all, and what has to wait for something."""

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
