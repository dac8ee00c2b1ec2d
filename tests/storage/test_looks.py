"""Looks, which are reads in one trip: of one moment, in nobody's way, never a write, and over when the database closes."""

import asyncio
import threading

import pytest
from sqlalchemy import text

import storage.engine.sqlite_looks
from storage.engine.database import Connection, Database, DatabaseUnavailable, WorkTimedOut
from storage.engine.opening import open_database
from storage.engine.sqlite_readers import LONGEST
from tests.storage.rows import open_ticket
from tests.storage.test_reading import FOREVER, numbers


def forever(connection: Connection) -> int:
    """Never return by itself."""
    return int(connection.execute(FOREVER).scalar_one())


async def test_what_was_committed_is_seen(database: Database):
    assert await database.look(numbers) == []
    ticket = await open_ticket(database)
    assert await database.look(numbers) == [ticket.id]


async def test_a_look_writes_nothing(database: Database):
    ticket = await open_ticket(database)
    with pytest.raises(DatabaseUnavailable):
        await database.look(lambda connection: connection.execute(text("DELETE FROM ticket")))
    assert await database.look(numbers) == await database.run(numbers) == [ticket.id]


async def test_what_work_raises_is_its_own_and_the_next_look_sees_what_is_there_then(database: Database):
    def wrong(connection: Connection) -> None:
        numbers(connection)
        raise LookupError

    with pytest.raises(LookupError):
        await database.look(wrong)
    ticket = await open_ticket(database)
    assert await database.look(numbers) == [ticket.id]


async def test_all_of_a_look_is_of_one_moment_and_nobody_waits_for_it(sqlite_url: str):
    database = await open_database(sqlite_url)
    first = await open_ticket(database)
    loop, seen, written = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def halves(connection: Connection) -> tuple[list[int], list[int]]:
        before = numbers(connection)
        loop.call_soon_threadsafe(seen.set)
        assert written.wait(20)
        return before, numbers(connection)

    looking = asyncio.create_task(database.look(halves))
    await seen.wait()
    second = await open_ticket(database)
    written.set()
    assert await looking == ([first.id], [first.id])
    assert await database.look(numbers) == [second.id, first.id]
    await database.close()


async def test_a_look_that_takes_too_long_is_ended_and_holds_up_none_for_good(sqlite_url: str, monkeypatch):
    monkeypatch.setattr(storage.engine.sqlite_looks, "LONGEST", 0.2)
    database = await open_database(sqlite_url)
    looking = [asyncio.create_task(database.look(each)) for each in (forever, numbers)]
    with pytest.raises(WorkTimedOut):
        await looking[0]
    assert await looking[1] == []
    await database.close()


async def test_closing_ends_what_is_looked_at_and_what_waits(sqlite_url: str):
    database = await open_database(sqlite_url)
    looking = [asyncio.create_task(database.look(forever)) for _ in range(3)]
    await asyncio.sleep(0)
    begun = asyncio.get_running_loop().time()
    await database.close()
    found = await asyncio.gather(*looking, return_exceptions=True)
    assert asyncio.get_running_loop().time() - begun < LONGEST / 2
    assert all(isinstance(each, DatabaseUnavailable) for each in found), found
    with pytest.raises(DatabaseUnavailable):
        await database.look(numbers)


async def test_a_look_that_nobody_waits_for_any_more_holds_nothing_open(sqlite_url: str, monkeypatch):
    monkeypatch.setattr(storage.engine.sqlite_looks, "LONGEST", 0.2)
    database = await open_database(sqlite_url)
    looking = asyncio.create_task(database.look(forever))
    await asyncio.sleep(0)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    ticket = await open_ticket(database)
    assert await database.look(numbers) == [ticket.id]
    await database.close()


async def test_a_look_knows_what_sqlite_does_not(database: Database):
    assert await database.look(lambda connection: connection.scalar(text("SELECT lower('ЇЖАК')"))) == "їжак"
