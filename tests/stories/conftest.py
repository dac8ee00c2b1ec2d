"""Every story runs on each messenger and on each database; what a desk is like a story chooses by its own ``house``."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.harness import Desk, House
from tests.stories.harness.people import Somebody

HERE = Path(__file__).parent


# Told on PostgreSQL in every run; the others there only in `make test-all`: a story costs twice as much on it.
ON_BOTH = (
    *("happy_path", "tickets_apart", "claim_race", "dialog_ways", "dialog_files", "joining", "resolving", "receipts"),
    *("taking_back", "lost_topics", "upgraded_group", "answers_dialog"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave some stories on PostgreSQL to the long run."""
    for item in items:
        mine = item.path.parent == HERE and "-postgres" in item.name
        if mine and item.path.stem.removeprefix("test_") not in ON_BOTH:
            item.add_marker(pytest.mark.full)


@pytest.fixture
def house() -> House:
    """Return what the desk of a story is like."""
    return House()


@pytest.fixture(params=["telegram"])
def messenger(request: pytest.FixtureRequest) -> str:
    """Return the messenger that people talk on."""
    name = request.param
    assert isinstance(name, str)
    return name


@pytest.fixture
async def desk(request: pytest.FixtureRequest, messenger: str, house: House, database_url: str) -> AsyncIterator[Desk]:
    """Open a desk, and at the end of the story see that nothing was lost, left unsaid or said too much."""
    desk = await Desk.open(messenger, database_url, house)
    try:
        yield desk
    except BaseException:
        await desk.leaves()
        raise
    if request.node.stash.get(FAILED, False):
        await desk.leaves()
    else:
        await desk.closes()


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Remember that a story has failed, so that its end is not judged as well."""
    report = yield
    if call.when == "call" and report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture
def ann(desk: Desk) -> Somebody:
    """Somebody who needs help."""
    return desk.requester("Ann")


@pytest.fixture
def bob(desk: Desk) -> Somebody:
    """An agent."""
    return desk.agent("Bob")
