"""A desk with two requests, an answer and a company in it, for tests that call its API."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.models import Role
from tests.api.program import Program, let_in
from tests.stories.harness import QUEUE, Desk, House


async def furnished(url: str) -> Desk:
    """Return a desk in which something of everything is known."""
    desk = await Desk.open("telegram", url, House())
    bob = desk.agent("Bob")
    for name, words in (("Ann", "My card was charged twice"), ("Dan", "The printer is on fire")):
        person = desk.requester(name)
        await person.says(words)
        await person.presses("I still need a person")
        await person.fills(type="Something else")
    await bob.says("/claim 1", at=QUEUE)

    def more(tx):
        tx.companies.put("Acme", desk.clock.now())
        tx.articles.add(by=None, at=desk.clock.now(), question="How do I reset my password?", answer="Press *Forgot*.",
                        section="", language="en", aliases=["forgot my password"])  # fmt: skip

    await desk.records(more)
    await desk.settles()
    return desk


@pytest.fixture(scope="module")
def lasting_url(sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the URL of an SQLite file that the tests of a file share."""
    return f"sqlite+aiosqlite:///{shutil.copy(sqlite_file, tmp_path_factory.mktemp('api') / 'frontdesk.db')}"


@pytest.fixture(scope="module")
async def lasting_desk(lasting_url: str) -> AsyncIterator[Desk]:
    """Yield one desk for all tests of a file."""
    desk = await furnished(lasting_url)
    yield desk
    await desk.leaves()


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    """Yield a desk of one test, on each database."""
    desk = await furnished(database_url)
    yield desk
    await desk.leaves()


@pytest.fixture(scope="module")
async def admin(lasting_desk: Desk) -> AsyncIterator[Program]:
    """Yield a program that may do everything, as often as it likes."""
    async with let_in(lasting_desk, "Everything", role=Role.ADMIN, rate=100_000) as everything:
        yield everything
