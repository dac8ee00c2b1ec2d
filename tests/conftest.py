"""What every test may use: databases of its own, the messengers' descriptions, and a calm environment."""

import os
import shutil
import ssl
import sys
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import pytest

import kb.index
from bot.interpreter import spare_startup_objects
from bot.settings import Settings
from tests import postgres
from tests.compiled_once import share_compiled_statements
from tests.lengths import FULL, LENGTH, Length

pytest_plugins = ("tests.crash.fixtures", "tests.raised")

HERE = Path(__file__).parent
SLOW = ("bench", "browser", "crash", "demo", "house", "race", "sandbox", "town")  # what `make test-fast` leaves out
WIRED = ("api", "slack", "telegram")  # of whose files it runs the first test: each begins a desk and a messenger
LONG = (
    "bench",
    "race",
    "town",
)  # what `make test` leaves to `make check`: minutes of processes that are killed and measured
SERVER = pytest.StashKey[postgres.Server]()

hypothesis.settings.register_profile(
    "frontdesk",
    deadline=None,
    derandomize=not FULL,  # the same examples each time, so that a red run can be repeated
    max_examples=1000 if FULL else 50,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("frontdesk")


def pytest_configure(config: pytest.Config) -> None:
    """Choose where the PostgreSQL of this run would live, once for all workers; no setting leaks in from outside."""
    for name in Settings.model_fields:
        os.environ.pop(name.upper(), None)
    os.environ["HTTP_PORT"] = "0"  # tests run side by side: each desk takes a free one
    vars(kb.index)["installed_encoder"] = lambda: (
        None
    )  # what an encoder changes depends on when it is ready: its tests bring their own
    # Each client of the Bot API reads all certificates of the world, 30 ms of CPU, to speak over loopback without any.
    vars(ssl)["create_default_context"] = cache(ssl.create_default_context)
    share_compiled_statements()
    told = getattr(config, "workerinput", {}).get("postgres")
    config.stash[SERVER] = postgres.Server(Path(told) if told else postgres.new_directory())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the PostgreSQL of this run lives."""
    node.workerinput["postgres"] = str(node.config.stash[SERVER].directory)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop PostgreSQL when the whole run is over, not when one worker is."""
    if not hasattr(config, "workerinput"):
        config.stash[SERVER].stop()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests that take long to `make test-all`, and all but the quick ones out of `make test-fast`."""
    begun: set[tuple[Path, str]] = set()
    left = [item for item in items if left_out(item) or (LENGTH is Length.FAST and is_stood_for(item, begun))]
    config.hook.pytest_deselected(items=left)
    gone = set(left)
    items[:] = [item for item in items if item not in gone]


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was imported and collected: looking through it was a twentieth of a run."""
    spare_startup_objects()


def is_stood_for(item: pytest.Item, begun: set[tuple[Path, str]]) -> bool:
    """Return whether another test stands for this one: the first of its file where each needs a wire, else its first case.

    ``begun`` are those for which one stands already.
    """
    wired = item.path.relative_to(HERE).parts[0] in WIRED
    whole = (item.path, "" if wired else getattr(item, "originalname", item.name))
    stood_for = whole in begun
    begun.add(whole)
    return stood_for


def left_out(item: pytest.Item) -> bool:
    """Return whether a test is not for a run of this length."""
    if item.get_closest_marker("full"):
        return not FULL
    room = item.path.relative_to(HERE).parts[0]
    if LENGTH is Length.TEST:
        return room in LONG
    if LENGTH is not Length.FAST:
        return False
    params = getattr(item, "callspec", None)
    on_postgres = "postgres_server" in getattr(item, "fixturenames", ()) and not (
        params is not None and params.params.get("database_url") == "sqlite"
    )
    return on_postgres or room in SLOW or item.get_closest_marker("slow") is not None


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the log name no turn as slow: how long one takes is the busy machine's doing."""
    if (loop := sys.modules.get("bot.intake.turn_loop")) is not None:
        monkeypatch.setattr(loop, "SLOW", 3600.0)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder with the messengers' own descriptions of their APIs."""
    if "FRONTDESK_SHARED" not in os.environ:
        pytest.skip("FRONTDESK_SHARED names no folder")
    return Path(os.environ["FRONTDESK_SHARED"])


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> postgres.Server:
    """Return the PostgreSQL of this run; it starts when it is first asked for anything."""
    return pytestconfig.stash[SERVER]


@pytest.fixture
async def empty_postgres_url(postgres_server: postgres.Server) -> AsyncIterator[str]:
    """Yield the URL of a PostgreSQL database with nothing in it, which only this test has."""
    async with postgres_server.fresh() as url:
        yield url


@pytest.fixture
async def postgres_url(postgres_server: postgres.Server) -> AsyncIterator[str]:
    """Yield the URL of a PostgreSQL database with the current schema, which only this test has."""
    from storage.engine.migrate import migrate_database

    async with postgres_server.fresh(migrate_database) as url:
        yield url


@pytest.fixture(scope="session")
async def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with the current schema, to be copied."""
    from storage.engine.migrate import migrate_database

    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    await migrate_database(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_file: Path, tmp_path: Path) -> str:
    """Return the URL of an SQLite file with the current schema, which only this test has."""
    return f"sqlite+aiosqlite:///{shutil.copy(sqlite_file, tmp_path / 'frontdesk.db')}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the URL of a database with the current schema, on SQLite first and then on PostgreSQL."""
    url = request.getfixturevalue(f"{request.param}_url")
    assert isinstance(url, str)
    return url
