"""The list of who was erased, outside the database: it loses nobody, and after a restore it erases those alone."""

from datetime import timedelta
from pathlib import Path

from bot.operations import privacy
from bot.operations.erased_list import Line, append_erasure_lines, read_erasure_lines
from storage.engine.database import Connection, Database
from storage.engine.opening import open_database
from storage.people.erased import account_digest
from storage.retention.erasure import Erasure
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import SOURCE, known, transact


def test_a_line_that_broke_off_takes_no_other_with_it(tmp_path: Path):
    """The machine died while it was written: it is written again, on a line of its own."""
    path = tmp_path / "erased"
    line = Line("ab" * 32, "cd" * 32, MONDAY.isoformat())
    append_erasure_lines(path, [line])
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        append_erasure_lines(path, [line])
        assert line in list(read_erasure_lines(path)), f"{length} bytes had been written"
    path.write_bytes(b"\xff\xfe broken\n" + whole)
    assert list(read_erasure_lines(path)) == [line]


async def test_after_a_restore_who_came_back_since_is_left_in_peace(sqlite_url: str, tmp_path: Path):
    """Ann is erased, comes again and is somebody new; Zoe is back from a backup of before her erase."""
    path, key = tmp_path / "erased", "cd" * 32
    at = MONDAY + timedelta(days=1)
    append_erasure_lines(
        path, [Line(account_digest(key, SOURCE, name), key, at.isoformat()) for name in ("ann", "zoe")]
    )
    database = await open_database(sqlite_url)
    try:
        zoe = await transact(database, lambda tx: known(tx, "Zoe"))
        ann = await transact(database, lambda tx: came(tx, "ann"))
    finally:
        await database.close()
    assert await privacy.replay_erasures(sqlite_url, path) == (1, 0)
    database = await open_database(sqlite_url)
    try:
        assert await due(database) == [zoe.id]
        assert ann.id not in await due(database)
    finally:
        await database.close()


def came(tx: Transaction, native: str):
    """Make somebody known two days later."""
    later = MONDAY + timedelta(days=2)
    return tx.people.meet(SOURCE, native, name="Ann", username="ann", language="en", chat="ann", at=later)


async def due(database: Database) -> list[int]:
    """Return who is to be erased."""

    def look(connection: Connection) -> list[int]:
        tx = Transaction(connection)
        return [number for number in range(1, 5) if tx.timers.waiting("erase", person=number) is not None]

    return await database.read(look)


async def test_who_was_erased_again_after_coming_back_is_found(sqlite_url: str, tmp_path: Path):
    """Of several lines about one account the last one counts."""
    path, key = tmp_path / "erased", "cd" * 32
    for days in (3, 1):
        append_erasure_lines(
            path, [Line(account_digest(key, SOURCE, "ann"), key, (MONDAY + timedelta(days=days)).isoformat())]
        )
    database = await open_database(sqlite_url)
    try:
        ann = await transact(database, lambda tx: came(tx, "ann"))
    finally:
        await database.close()
    assert await privacy.replay_erasures(sqlite_url, path) == (1, 0)
    database = await open_database(sqlite_url)
    try:
        assert await due(database) == [ann.id]
        assert await database.read(lambda connection: Erasure(connection).all()) == []
    finally:
        await database.close()
