"""The SQLite file under a running desk: damaged, removed, moved away or over; and a doctor who is not told that all is well."""

import asyncio
import contextlib
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine.database import DatabaseDamaged, DatabaseUnavailable, DatabaseUnusable
from storage.engine.health import TRIAL, examine_database
from storage.engine.opening import database_at, open_database
from tests.storage.test_sqlite import full_after, names, put

WORDS = ("one", "two")


@pytest.fixture
def file(sqlite_url):
    return Path(sqlite_url.partition("///")[2])


@pytest.fixture
async def database(sqlite_url):
    opened = await open_database(sqlite_url)
    for word in WORDS:
        await opened.run(put(word))
    yield opened
    await opened.close()


def moved_away(file):
    file.rename(file.with_suffix(".away"))


def removed(file):
    file.unlink()


def another_moved_over(file):
    shutil.copy(file, file.with_suffix(".backup"))
    file.with_suffix(".backup").rename(file)


def log_removed(file):
    file.with_name(f"{file.name}-wal").unlink()


@pytest.mark.parametrize("happens", [moved_away, removed, another_moved_over, log_removed])
async def test_a_file_that_is_not_there_any_more_takes_nothing_more(database, file, happens):
    happens(file)
    for _ in range(2):
        with pytest.raises(
            DatabaseDamaged, match=r"(was removed|is another file now) while it was served.*put a backup in its place"
        ):
            await database.run(put("three"))


async def test_what_was_written_while_the_file_was_moved_is_told_as_done_to_nobody(database, file):
    def work(connection):
        put("three")(connection)
        another_moved_over(file)

    with pytest.raises(DatabaseDamaged):
        await database.run(work)


async def test_a_file_that_was_moved_away_and_back_goes_on(database, file):
    away = file.with_suffix(".away")
    file.rename(away)
    with pytest.raises(DatabaseDamaged):
        await database.run(put("three"))
    away.rename(file)
    assert await database.run(put("three")) == "three"
    assert await database.run(names) == ["one", "three", "two"]


def grown(words=400):
    """Return work that lets the file grow by some pages."""

    def work(connection):
        for number in range(words):
            connection.execute(
                text("insert into setting (name, value) values (:key, :value)"),
                {"key": f"{number}", "value": '"' + "x" * 500 + '"'},
            )

    return work


@pytest.mark.parametrize("logged", [True, False])
async def test_a_backup_that_was_copied_over_the_file_is_seen_though_the_inode_is_the_same(database, file, logged):
    backup = file.with_suffix(".backup")
    shutil.copy(file, backup)
    await database.run(grown())
    assert await database.run(put("three")) == "three"
    await database.scrub()
    await database.run(put("and more") if logged else names)
    inode = file.stat().st_ino
    await asyncio.to_thread(subprocess.run, ["cp", str(backup), str(file)], check=True)
    assert file.stat().st_ino == inode
    for _ in range(2):
        with pytest.raises(DatabaseDamaged, match=r"was written over by another file.*put a backup in its place"):
            await database.run(put("four"))


async def test_a_file_that_was_vacuumed_goes_on(database, file):
    await database.run(grown())
    await database.scrub()
    await database.run(lambda connection: connection.execute(text("delete from setting")))
    size = file.stat().st_size
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as beside:
        beside.execute("VACUUM")
        beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert file.stat().st_size < size
    assert await database.run(put("three")) == "three"


def noise(file, table="setting"):
    """Fill the first page of a table with what no database wrote."""
    with contextlib.closing(sqlite3.connect(file)) as beside:
        beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [[page]] = beside.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table])
        [[size]] = beside.execute("PRAGMA page_size")
    with file.open("r+b") as pages:
        pages.seek((page - 1) * size)
        pages.write(b"\xa7" * size)


async def test_a_damaged_file_is_told_apart_and_nothing_is_written_into_it_again(database, file):
    await database.run(lambda connection: connection.exec_driver_sql("PRAGMA cache_size = 0"))
    noise(file)
    with pytest.raises(DatabaseDamaged, match=rf"{file} is damaged \(.*malformed.*\); stop the desk"):
        await database.run(names)
    with pytest.raises(DatabaseDamaged, match="is damaged"):
        await database.run(lambda connection: connection.scalar(text("select 1")))  # which needs no damaged page


async def test_the_doctor_looks_at_every_page(sqlite_url, file):
    assert await examine_database(sqlite_url) == "it answers, can be written, and has the current schema"
    noise(file, "ticket")
    with pytest.raises(DatabaseUnusable, match=r"DATABASE_URL: .* is damaged .*put a backup in its place"):
        await examine_database(sqlite_url)


async def test_the_doctor_writes_and_keeps(database, sqlite_url, monkeypatch):
    """What is written and undone at once never meets the disk."""
    monkeypatch.setattr("storage.engine.health.open_database", lambda url: _same(database))
    await database.run(full_after(TRIAL // 4096 // 2))
    with pytest.raises(DatabaseUnusable, match=r"DATABASE_URL: it cannot be written: .*full"):
        await examine_database(sqlite_url)


async def _same(database):
    return database


async def test_the_doctor_leaves_nothing_behind(database, sqlite_url):
    before = await database.run(lambda connection: connection.scalar(text("select count(*) from bucket")))
    await examine_database(sqlite_url)
    assert await database.run(lambda connection: connection.scalar(text("select count(*) from bucket"))) == before


async def test_a_full_disk_is_waited_for_also_before_the_file_is_open(tmp_path, monkeypatch):
    database = database_at(f"sqlite+aiosqlite:///{tmp_path}/desk.db")
    with monkeypatch.context() as patched:
        patched.setattr("storage.engine.sqlite_writer.connect_writer", _no_space)
        with pytest.raises(DatabaseUnavailable, match=r"the disk of .*desk.db is full; make room there"):
            await database.reach()
    await database.reach()
    assert await database.run(lambda connection: connection.scalar(text("select 1"))) == 1
    await database.close()


def _no_space(path):
    raise OSError(28, "No space left on device")
