"""The long day of docs/saturday.md, played line by line: an angry customer who writes in pieces, forwards, edits and blocks."""

import pytest

from tests.stories.harness import Desk, House, said_in
from tests.stories.long_day import DOCS, HOUSE, Day


@pytest.fixture
def house() -> House:
    """Return the desk of a Ukrainian shop."""
    return HOUSE


async def test_an_online_shops_saturday_with_one_angry_customer(desk: Desk):
    day = Day(desk, "Оля")
    await day.plays_all("saturday.md")
    await day.reads_all(2)
    kept = await desk.records(lambda tx: [[said.words["text"] for said, _ in tx.talk.of(n)] for n in (1, 2)])
    assert [len(each) for each in kept] == [17, 8], kept
    assert said_in("uk", "answer.unknown") in (DOCS / "saturday.md").read_text("utf-8")
