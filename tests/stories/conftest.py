"""Every story runs on every stage: on each messenger alone, and across both; and on each database."""

from collections.abc import AsyncIterator, Collection, Hashable, Sequence
from pathlib import Path

import pytest

from bot.slack import acquaintances
from tests.lengths import LENGTH, Length, rotated
from tests.receiver import Receiver, receiving
from tests.stories.harness import Desk, House
from tests.stories.harness.capabilities import SIDES, lacking
from tests.stories.harness.people import Somebody

HERE = Path(__file__).parent

# The stages on which every story is told in CI, on SQLite; all stages on both databases are left to `make test-all`.
ALWAYS = ("telegram", "slack", "crossed")
QUICKEST = ("slack", "telegram", "crossed")
# Told across both messengers on PostgreSQL too in CI: a story costs twice as much on it.
ON_BOTH = (
    *("happy_path", "tickets_apart", "claim_race", "dialog_ways", "dialog_files", "joining", "resolving", "receipts"),
    *("taking_back", "lost_topics", "upgraded_group", "answers_dialog", "hostile_words", "privacy"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a stage lacks the means for, and tell the rest where a run of this length tells it."""
    told = [item for item in items if isinstance(item, pytest.Function) and is_story(item)]
    impossible = {item for item in told if lacking(where(item)[0], list(item.iter_markers("needs")))}
    for item in told:
        if not told_always(item, *where(item)):
            item.add_marker(pytest.mark.full)
    elsewhere = (
        set() if LENGTH.at_least_check else {item for item in told if item not in impossible} - once(told, impossible)
    )
    out = impossible | elsewhere
    config.hook.pytest_deselected(items=list(out))
    items[:] = [item for item in items if item not in out]


def is_story(item: pytest.Function) -> bool:
    """Return whether a test is a story told on a stage."""
    return HERE in item.path.parents and hasattr(item, "callspec") and "stage" in item.callspec.params


def where(item: pytest.Function) -> tuple[str, str]:
    """Return the stage and the database a story is told on."""
    stage, database = (str(item.callspec.params.get(name, "")) for name in ("stage", "database_url"))
    return stage, database


def told_always(item: pytest.Item, stage: str, database: str) -> bool:
    """Return whether a story is told on a stage and a database in CI."""
    if database == "postgres":
        return stage == "crossed" and item.path.stem.removeprefix("test_") in ON_BOTH
    return stage in ALWAYS


def once(told: Sequence[pytest.Function], impossible: Collection[pytest.Function]) -> set[pytest.Function]:
    """Return the stories as a run tells them that tells each once, out of those that CI tells."""
    files: dict[Path, dict[Hashable, dict[tuple[str, str], pytest.Function]]] = {}
    for item in told:
        if item not in impossible and told_always(item, *where(item)):
            files.setdefault(item.path, {}).setdefault(story(item), {}).setdefault(where(item), item)
    chosen: set[pytest.Function] = set()
    for path, stories in files.items():
        if LENGTH is Length.FAST:
            main = next(iter(stories.items())) if path.stem.removeprefix("test_") in ON_BOTH else None
            turns = {main[0]: [min(main[1], key=quickest)]} if main else {}
        else:
            turns = rotated({name: list(tellings) for name, tellings in stories.items()})
        chosen |= {stories[name][place] for name, places in turns.items() for place in places}
    return chosen


def quickest(telling: tuple[str, str]) -> tuple[bool, int]:
    """Return how soon a telling is over, to be compared: PostgreSQL and two messengers take longest."""
    stage, database = telling
    return database == "postgres", QUICKEST.index(stage)


def story(item: pytest.Function) -> Hashable:
    """Return which story this is, wherever it is told; in the shortest run it is the same in each language."""
    apart = {"stage", "database_url"} | ({"language"} if LENGTH is Length.FAST else set())
    return item.originalname, tuple(
        (name, repr(value)) for name, value in item.callspec.params.items() if name not in apart
    )


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Slack say who people are however busy the machine is: who is not known in a second is spoken to in English."""
    monkeypatch.setattr(acquaintances, "PATIENCE", 20.0)


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


@pytest.fixture
async def erp(desk: Desk) -> AsyncIterator[Receiver]:
    """Another program, with the desk's own time."""
    async with receiving(lambda: desk.clock.now().timestamp()) as receiver:
        yield receiver
