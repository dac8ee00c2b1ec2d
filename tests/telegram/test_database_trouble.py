"""PostgreSQL goes away under people's hands: whatever it does, nothing is lost, nobody is told an incident, nothing ends."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import asyncpg
import pytest

from bot.app import App, build_app
from bot.sandbox.telegram import Person, TelegramSandbox
from bot.settings import Settings
from storage.engine.postgres import Limits, PostgresDatabase
from storage.queues import inbox, undelivered
from tests.proxy import Proxy, before
from tests.starting import refused

Chosen = Callable[..., Settings]
SHORT = Limits(connect=2.0, statement=2.0, answer=1.0, free=2.0, aside=1.0, asked=1.0)
MANY = 12
LATE = 60.0  # seconds: what was leased when the database went is let go after 30
LOST = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


@pytest.fixture
async def proxy(postgres_url: str) -> AsyncIterator[Proxy]:
    async with before(postgres_url) as standing:
        yield standing


@pytest.fixture
async def admin(postgres_url: str) -> AsyncIterator["asyncpg.Connection[Any]"]:
    """Yield a connection that nothing happens to."""
    connection = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


@asynccontextmanager
async def opened(settings: Settings, proxy: Proxy) -> AsyncIterator[App]:
    """Yield a desk before the proxy, built, and stopped at the end."""
    app = await build_app(settings, database=PostgresDatabase(proxy.url, SHORT))
    try:
        yield app
    finally:
        await app.stop()


async def readiness(app: App) -> tuple[int, list[str]]:
    async with aiohttp.ClientSession() as http, http.get(f"{app.web.url}/readyz") as answer:
        return answer.status, (await answer.json())["problems"]


async def until_ready(app: App) -> None:
    async with asyncio.timeout(LATE):
        while (await readiness(app))[0] != 200:
            await asyncio.wait({app.failed}, timeout=0.1)


async def test_a_desk_that_starts_before_its_database_waits_and_says_so(
    settings: Chosen, proxy: Proxy, sandbox: TelegramSandbox, ann: Person
):
    await proxy.refuse()
    async with opened(settings(), proxy) as app:
        starting = asyncio.create_task(app.start())
        while not app.web.listening:
            await asyncio.wait({starting}, timeout=0.05)
        async with aiohttp.ClientSession() as http, http.get(f"{app.web.url}/healthz") as answer:
            assert answer.status == 200
        status, problems = await readiness(app)
        assert status == 503
        assert "database: it cannot serve" in problems
        ann.starts()
        await proxy.listen()
        await starting
        await sandbox.until(lambda: ann.chat.find("front desk"), within=LATE)
        await until_ready(app)


async def test_a_wrong_password_or_database_is_no_trouble_but_a_setting(settings: Chosen, postgres_url: str):
    wrong = postgres_url.replace("postgres@", "nobody_of_this_name@")
    assert (await refused(settings(database_url=wrong))).startswith("DATABASE_URL: PostgreSQL refuses it: ")


async def terminated(proxy: Proxy, admin: "asyncpg.Connection[Any]") -> None:
    for _ in range(5):
        await admin.execute(LOST)
        await asyncio.sleep(0.1)


async def cut(proxy: Proxy, admin: "asyncpg.Connection[Any]") -> None:
    for _ in range(5):
        proxy.reset()
        await asyncio.sleep(0.1)


async def restarted(proxy: Proxy, admin: "asyncpg.Connection[Any]") -> None:
    await proxy.refuse()
    await asyncio.sleep(1.5)
    await proxy.listen()


async def silent(proxy: Proxy, admin: "asyncpg.Connection[Any]") -> None:
    proxy.freeze()
    await asyncio.sleep(5)
    proxy.thaw()


async def only_reading(proxy: Proxy, admin: "asyncpg.Connection[Any]") -> None:
    """As a standby does that the address leads to after a failover, until it is made the new server."""
    name = await admin.fetchval("select current_database()")
    await admin.execute(f"alter database {name} set default_transaction_read_only = on")
    await admin.execute(LOST)
    await asyncio.sleep(3)
    await admin.execute("set default_transaction_read_only = off")
    await admin.execute(f"alter database {name} reset default_transaction_read_only")
    await admin.execute(LOST)


@pytest.mark.parametrize("happens", [terminated, cut, restarted, silent, only_reading])
async def test_in_the_middle_of_a_burst(
    settings: Chosen,
    proxy: Proxy,
    admin: "asyncpg.Connection[Any]",
    sandbox: TelegramSandbox,
    happens: Callable[[Proxy, Any], Coroutine[Any, Any, None]],
):
    people = [sandbox.person(f"Person {number}") for number in range(MANY)]
    async with opened(settings(), proxy) as app:
        await app.start()
        await app.introduced()
        for person in people[: MANY // 2]:
            person.starts()
        trouble = asyncio.create_task(happens(proxy, admin))
        for person in people[MANY // 2 :]:
            await asyncio.wait({trouble}, timeout=0.05)
            person.starts()
        await trouble
        await sandbox.until(lambda: all(person.chat.find("front desk") for person in people), within=LATE)
        await sandbox.until(lambda: not sandbox.unconfirmed, within=LATE)
        await until_ready(app)
        assert not app.failed.done()
        dead, failed, stored = await lasting(app)
    assert (dead, failed, stored) == ([], [], MANY)
    assert not any("incident" in text.lower() for person in people for text in person.chat.texts)


async def lasting(app: App) -> tuple[list[Any], list[Any], int]:
    """Return what failed for good, and how many events were stored."""
    return await app.database.run(
        lambda c: (
            list(inbox.dead_letters(c)),
            list(undelivered.all_undelivered(c)),
            int(c.exec_driver_sql("select count(*) from inbox").scalar() or 0),
        )
    )
