"""Once an hour what has had its time is forgotten, all of it, by one process for all; trouble only puts it off."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, func, insert, select

from bot.operations.retention import Retention
from handlers.rules import Rules
from handlers.rules.book import RulesCache
from storage.engine.database import Database, DatabaseUnavailable
from storage.engine.opening import open_database
from storage.models import inbox
from storage.retention.forgetting import CHUNK
from tests.clock import MONDAY, HandClock

BOOK = RulesCache(Rules())
MANY = 2 * CHUNK + 100
EVENT = {"source": "telegram:1", "lane": "telegram:1/5", "payload": "words", "received_at": MONDAY, "ready_at": MONDAY}


def handled(connection: Connection, *, first: int = 0, count: int = MANY) -> None:
    rows = [{**EVENT, "key": f"{first + n}", "done_at": MONDAY + timedelta(minutes=first)} for n in range(count)]
    connection.execute(insert(inbox), rows)


def full(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(inbox).where(inbox.c.payload != "")).scalar_one()


@pytest.fixture
async def database(database_url: str):
    opened = await open_database(database_url)
    yield opened
    await opened.close()


async def test_all_whose_time_has_come_is_forgotten_and_what_comes_later_the_next_time(database: Database):
    clock = HandClock()
    retention = Retention(database, clock, BOOK)
    await database.run(handled)
    await retention.forget()
    assert await database.run(full) == MANY
    clock.set(MONDAY + timedelta(hours=49))
    await retention.forget()
    assert await database.run(full) == 0
    await database.run(partial(handled, first=MANY, count=3))
    await retention.forget()
    assert await database.run(full) == 3
    clock.set(MONDAY + timedelta(days=9))
    await retention.forget()
    assert await database.run(full) == 0


async def test_it_is_done_again_each_hour(database: Database):
    clock = HandClock()
    serving = asyncio.create_task(Retention(database, clock, BOOK).serve())
    await database.run(handled)
    try:
        async with asyncio.timeout(30):
            while await database.run(full):
                if clock.idle(1):
                    clock.set(clock.now() + timedelta(hours=1))
                await asyncio.sleep(0)
    finally:
        serving.cancel()
    assert clock.now() - MONDAY >= timedelta(hours=48)


async def test_of_several_processes_one_forgets_for_all(postgres_url: str):
    one, other = [await open_database(postgres_url) for _ in range(2)]
    clock = HandClock(MONDAY + timedelta(days=3))
    first, second = Retention(one, clock, BOOK), Retention(other, clock, BOOK)
    await first.forget()
    await one.run(handled)
    await second.forget()
    assert await one.run(full) == MANY
    await first.forget()
    assert await one.run(full) == 0
    await one.close()
    await other.close()


async def test_what_a_transaction_did_not_commit_is_looked_at_again(sqlite_url: str, monkeypatch):
    """A mark that ran ahead of the rows would leave them for ever."""
    database = await open_database(sqlite_url)
    retention = Retention(database, HandClock(MONDAY + timedelta(days=3)), BOOK)
    await database.run(handled)
    run, tries = database.run, iter((True, False, True, False))

    async def troubled(work):
        if next(tries, True):
            return await run(work)
        raise DatabaseUnavailable("full")

    monkeypatch.setattr(database, "run", troubled)
    for _ in range(2):
        with pytest.raises(DatabaseUnavailable):
            await retention.forget()
    await retention.forget()
    assert await run(full) == 0
    await database.close()
