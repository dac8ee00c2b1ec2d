"""Reads beside the writer: of one moment, in nobody's way, and never a write."""

import asyncio
import gc
from pathlib import Path

import pytest
from sqlalchemy import text

import storage.engine.sqlite_readers
from storage.engine.database import Connection, Database, DatabaseUnavailable, WorkTimedOut
from storage.engine.opening import open_database
from storage.engine.sqlite_readers import MOST, SqliteReaders
from storage.reports import overview
from tests.storage.rows import open_ticket

FOREVER = text("WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT count(*) FROM n")


def numbers(connection: Connection) -> list[int]:
    """Return the tickets there are."""
    return [line.id for line in overview.ticket_lines(connection)]


async def test_what_was_committed_is_read(database: Database):
    ticket = await open_ticket(database)
    assert await database.read(numbers) == [ticket.id]


async def test_a_read_writes_nothing(database: Database):
    ticket = await open_ticket(database)
    with pytest.raises(DatabaseUnavailable):
        await database.read(lambda connection: connection.execute(text("DELETE FROM ticket")))
    assert await database.read(numbers) == await database.run(numbers) == [ticket.id]


async def test_all_of_a_read_is_of_one_moment(database: Database):
    """Half of it is read, then another request is registered, then the other half is read."""
    first = await open_ticket(database)
    loop, seen = asyncio.get_running_loop(), asyncio.Event()
    written = asyncio.Event()

    def halves(connection: Connection) -> tuple[list[int], list[int]]:
        before = numbers(connection)
        loop.call_soon(seen.set)
        from sqlalchemy.util import await_only

        await_only(written.wait())
        return before, numbers(connection)

    reading = asyncio.create_task(database.read(halves))
    await seen.wait()
    second = await open_ticket(database)
    written.set()
    assert await reading == ([first.id], [first.id])
    assert await database.read(numbers) == [second.id, first.id]


async def test_nobody_waits_for_a_read(sqlite_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(storage.engine.sqlite_readers, "LONGEST", 0.5)
    database = await open_database(sqlite_url)
    reading = [asyncio.create_task(database.read(lambda c: c.execute(FOREVER).all())) for _ in range(MOST)]
    await asyncio.sleep(0)
    ticket = await open_ticket(database)
    assert not any(task.done() for task in reading)
    for task in reading:
        with pytest.raises(WorkTimedOut):
            await task
    assert await database.read(numbers) == [ticket.id]  # who was ended holds up nobody who comes later
    await database.close()


async def test_more_reads_than_there_are_connections_take_their_turns(database: Database):
    ticket = await open_ticket(database)
    assert await asyncio.gather(*(database.read(numbers) for _ in range(40))) == [[ticket.id]] * 40


async def test_a_read_knows_what_sqlite_does_not(database: Database):
    assert await database.read(lambda connection: connection.scalar(text("SELECT lower('ЇЖАК')"))) == "їжак"


async def test_a_file_may_be_called_anything(tmp_path: Path):
    folder = tmp_path / "my desk #1? 100%"
    folder.mkdir()
    database = await open_database(f"sqlite+aiosqlite:///{folder}/стійка.db".replace("?", "%3F").replace("#", "%23"))
    [made] = await asyncio.to_thread(lambda: list(tmp_path.rglob("*.db")))
    await database.run(lambda connection: connection.execute(text("CREATE TABLE here (n)")))
    readers = SqliteReaders(made)
    assert await readers.read(lambda connection: connection.execute(text("SELECT count(*) FROM here")).scalar()) == 0
    await readers.close()
    await database.close()


async def test_nothing_is_read_of_a_database_that_is_closed(database: Database):
    await database.close()
    if not database.shared:
        with pytest.raises(DatabaseUnavailable):
            await database.read(numbers)


async def test_a_reader_notices_what_another_process_writes(sqlite_url: str):
    database = await open_database(sqlite_url)
    readers = SqliteReaders(Path(sqlite_url.partition(":///")[2]), most=1)
    before = await readers.version()
    assert await readers.version() == before
    await open_ticket(database)
    assert await readers.version() != before
    await readers.close()
    await database.close()


async def test_a_reader_waits_for_a_file_that_is_not_there_yet(tmp_path: Path):
    readers = SqliteReaders(tmp_path / "nothing.db")
    assert await readers.version() == 0
    with pytest.raises(DatabaseUnavailable):
        await readers.read(numbers)
    await readers.close()
    assert await asyncio.to_thread(lambda: list(tmp_path.iterdir())) == []


async def test_a_read_that_nobody_waits_for_any_more_leaves_nothing_open(sqlite_url: str):
    """Whoever stops is cancelled, perhaps while a connection is being made; closing ends what is still read."""
    database = await open_database(sqlite_url)
    ticket = await open_ticket(database)
    for pauses in range(6):
        reading = asyncio.create_task(database.read(lambda connection: connection.execute(FOREVER).all()))
        for _ in range(pauses):
            await asyncio.sleep(0)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await database._readers.close()  # type: ignore[attr-defined]
        assert await database.read(numbers) == [ticket.id]
    begun = asyncio.get_running_loop().time()
    task = asyncio.create_task(database.read(lambda connection: connection.execute(FOREVER).all()))
    await asyncio.sleep(0)
    await database.close()
    assert asyncio.get_running_loop().time() - begun < storage.engine.sqlite_readers.LONGEST / 2
    with pytest.raises(DatabaseUnavailable):
        await task
    gc.collect()  # a connection that was forgotten warns, and a warning is an error
