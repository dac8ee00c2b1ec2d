"""Runs of each length: a shorter one leaves out tellings, never a story, and no file misses a stage that it could be told on."""

import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house.reference import ROOT
from tests.lengths import Length, rotated

STAGES = ("telegram", "slack", "crossed")
TELLABLE = st.dictionaries(st.text(min_size=1), st.lists(st.sampled_from(STAGES), min_size=1, unique=True))


@given(TELLABLE)
def test_each_story_is_told_and_each_stage_is_met(tellable: dict[str, list[str]]):
    chosen = rotated(tellable)
    assert chosen.keys() == tellable.keys()
    assert all(chosen[story] and set(chosen[story]) <= set(places) for story, places in tellable.items())
    met = {place for places in chosen.values() for place in places}
    assert met == {place for places in tellable.values() for place in places}
    assert sum(map(len, chosen.values())) <= len(tellable) + len(STAGES)


def test_stories_that_can_be_told_anywhere_take_equal_turns():
    chosen = rotated({f"story {n}": STAGES for n in range(9)})
    told = [place for places in chosen.values() for place in places]
    assert sorted(told) == sorted(STAGES * 3)


@pytest.mark.full
def test_a_longer_run_tells_all_that_a_shorter_one_does():
    told = {length: collected(length) for length in Length}
    assert told[Length.TEST] < told[Length.CHECK] < told[Length.ALL]
    assert {story(each) for each in told[Length.TEST]} == {story(each) for each in told[Length.CHECK]}


def collected(length: Length) -> set[str]:
    """Return the names of the tests that a run of a length would run."""
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests/stories"],
        cwd=ROOT, env=os.environ | {"FRONTDESK_TESTS": length}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return {line for line in found.stdout.splitlines() if "::" in line}


def story(test: str) -> str:
    """Return the story that a test tells, wherever it is told."""
    return re.sub(r"\b(telegram|slack|crossed|sqlite|postgres)\b-?", "", test)
