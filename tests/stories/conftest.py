"""Every story runs on every stage: on each messenger alone, and across both; and on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.harness import Desk, House
from tests.stories.harness.capabilities import SIDES, lacking
from tests.stories.harness.people import Somebody

HERE = Path(__file__).parent

# In every run a story is told on these stages on SQLite; all stages on both databases are left to `make test-all`.
ALWAYS = ("telegram", "slack", "crossed")
# Told across both messengers on PostgreSQL too in every run: a story costs twice as much on it.
ON_BOTH = (
    *("happy_path", "tickets_apart", "claim_race", "dialog_ways", "dialog_files", "joining", "resolving", "receipts"),
    *("taking_back", "lost_topics", "upgraded_group", "answers_dialog", "hostile_words"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a stage lacks the means for, and leave the rest of the full product to the long run."""
    impossible: list[pytest.Item] = []
    for item in items:
        if not isinstance(item, pytest.Function) or HERE not in item.path.parents or not hasattr(item, "callspec"):
            continue
        stage, database = (str(item.callspec.params.get(name, "")) for name in ("stage", "database_url"))
        if stage and lacking(stage, list(item.iter_markers("needs"))):
            impossible.append(item)
        elif stage and not told_always(item, stage, database):
            item.add_marker(pytest.mark.full)
    config.hook.pytest_deselected(items=impossible)
    items[:] = [item for item in items if item not in set(impossible)]


def told_always(item: pytest.Item, stage: str, database: str) -> bool:
    """Return whether a story is told on a stage and a database in every run."""
    if database == "postgres":
        return stage == "crossed" and item.path.stem.removeprefix("test_") in ON_BOTH
    return stage in ALWAYS


@pytest.fixture
def house() -> House:
    """Return what the desk of a story is like."""
    return House()


@pytest.fixture(params=list(SIDES))
def stage(request: pytest.FixtureRequest) -> str:
    """Return where the story is told: on one messenger, or with its requesters on one and its team on the other."""
    name = request.param
    assert isinstance(name, str)
    return name


@pytest.fixture
async def desk(request: pytest.FixtureRequest, stage: str, house: House, database_url: str) -> AsyncIterator[Desk]:
    """Open a desk, and at the end of the story see that nothing was lost, left unsaid or said too much."""
    desk = await Desk.open(stage, database_url, house)
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
