"""A desk of people of one language, for stories about the team's slips."""

import pytest

from tests.stories.harness import Desk, House, Somebody
from tests.stories.harness.given import asked, claimed


@pytest.fixture(params=["en", "uk"])
def language(request: pytest.FixtureRequest) -> str:
    """Return what everybody here speaks."""
    return str(request.param)


@pytest.fixture
def house(language: str) -> House:
    """Return the desk of a team that speaks it."""
    return House(team_language=language)


@pytest.fixture
def bob(desk: Desk, language: str) -> Somebody:
    """Return an agent who speaks it."""
    return desk.agent("Bob", language=language)


@pytest.fixture
def eve(desk: Desk, language: str) -> Somebody:
    """Return another agent who speaks it."""
    return desk.agent("Eve", language=language)


@pytest.fixture
def ann(desk: Desk, language: str) -> Somebody:
    """Return a requester who speaks it."""
    return desk.requester("Ann", language=language)


async def on_it(ann: Somebody, bob: Somebody, *, ticket: int = 1) -> None:
    """Ann has asked, and Bob is on it."""
    await asked(ann, ticket=ticket)
    await claimed(bob, ann, ticket=ticket, language=bob.language)
