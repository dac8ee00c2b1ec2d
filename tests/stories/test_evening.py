"""The long day of docs/evening.md, played line by line: one street of an internet provider is without internet for an evening."""

import pytest

from tests.stories.harness import Desk, House
from tests.stories.long_day import HOUSE, Day

PEOPLE = ("Марія", "Степан", "Ганна", "Тарас")


@pytest.fixture
def house() -> House:
    """Return the desk of a Ukrainian provider."""
    return HOUSE


async def test_an_internet_providers_evening_with_an_outage_of_one_street(desk: Desk):
    day = Day(desk, *PEOPLE)
    await day.plays_all("evening.md")
    for neighbour in day.neighbours:  # who has only asked, and did not want to hear more, hears nothing more
        told = [line.text for line in await neighbour.catches_up()]
        assert not any("Усе знову працює" in text for text in told), told
    await day.reads_all(3)
    kinds = await desk.records(lambda tx: [tx.tickets.get(number).kind.value for number in (1, 2, 3)])
    assert kinds == ["closed", "closed", "closed"]
