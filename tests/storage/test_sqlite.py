"""SQLite: one writer, commits shared by what waits together, and trouble that reaches everybody it concerns."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event, text

from storage.engine.database import DatabaseUnavailable, DatabaseUnusable
from storage.engine.opening import open_database
from storage.engine.sqlite_writer import TOGETHER, SqliteDatabase


@pytest.fixture
async def database(sqlite_url):
    opened = await open_database(sqlite_url)
    assert isinstance(opened, SqliteDatabase)
    yield opened
    await opened.close()


@contextlib.contextmanager
def commits(database):
    """Yield a list that grows by one with each commit."""
    seen: list[None] = []

    def committed(_connection):
        seen.append(None)

    engine = database._connection.engine
    event.listen(engine, "commit", committed)
    yield seen
    event.remove(engine, "commit", committed)


def put(name, size=1):
    """Return a job that writes a setting and returns its name."""

    def work(connection):
        connection.execute(
            text("insert into setting (name, value) values (:name, :value)"),
            {"name": name, "value": '"' + "x" * size + '"'},
        )
        return name

    return work


def names(connection):
    return sorted(connection.scalars(text("select name from setting where name <> 'schema.served'")).all())


async def together(database, *jobs):
    """Run jobs that all wait while the writer is busy; return what each got."""
    begun, go = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def busy(_connection):
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(go.wait(), loop).result()

    first = asyncio.create_task(database.run(busy))
    await begun.wait()
    rest = [asyncio.create_task(database.run(job)) for job in jobs]
    await asyncio.sleep(0)  # each task puts its job
    go.set()
    await first
    return await asyncio.gather(*rest, return_exceptions=True)


async def test_what_waits_together_shares_a_commit(database):
    wanted = [f"{n:03}" for n in range(TOGETHER + 10)]
    with commits(database) as seen:
        assert await together(database, *map(put, wanted)) == wanted
    assert len(seen) == 3  # the busy one's, a full batch, the rest
    assert await database.run(names) == wanted


async def test_jobs_are_done_in_their_order(database):
    done: list[int] = []
    await together(database, *((lambda _c, n=n: done.append(n)) for n in range(200)))
    assert done == list(range(200))


async def test_a_job_that_fails_undoes_itself_alone(database):
    def broken(connection):
        put("half")(connection)
        raise ValueError("a bug")

    kept, failed, doubled, after = await together(database, put("one"), broken, put("one"), put("two"))
    assert (kept, after) == ("one", "two")
    assert isinstance(failed, ValueError)
    assert "UNIQUE" in str(doubled)
    assert await database.run(names) == ["one", "two"]
    with pytest.raises(ValueError, match="a bug"):
        await database.run(broken)  # alone in its batch
    assert await database.run(names) == ["one", "two"]


def full_after(pages):
    """Return a job after which the file may grow by so many pages only, as if the disk were full then."""

    def work(connection):
        raw = connection.connection.driver_connection
        [count] = raw.execute("PRAGMA page_count").fetchone()
        raw.execute(f"PRAGMA max_page_count = {count + pages if pages else 1 << 30}")

    return work


async def test_a_full_disk_reaches_every_waiter_and_keeps_nothing_of_theirs(database):
    """SQLite ends the whole transaction by itself then: nobody may be told that theirs was done."""
    await database.run(full_after(2))
    results = await together(database, *(put(f"{n}", 3000) for n in range(12)))
    assert all(isinstance(result, DatabaseUnavailable) for result in results), results
    assert await database.run(names) == []
    await database.run(full_after(None))
    assert await database.run(put("again")) == "again"
    assert await database.run(names) == ["again"]


async def test_a_full_disk_in_a_savepoint_of_the_jobs_own_is_trouble_too(database):
    def turn(connection):
        with connection.begin_nested():
            put("a", 300_000)(connection)

    def careless(connection):
        with contextlib.suppress(Exception):
            turn(connection)
        return "as if nothing had happened"

    await database.run(full_after(2))
    for job in (turn, careless):
        [beside, told] = await together(database, put("beside"), job)
        assert isinstance(beside, DatabaseUnavailable)
        assert isinstance(told, DatabaseUnavailable)
        with pytest.raises(DatabaseUnavailable):
            await database.run(job)
    assert await database.run(names) == []


async def test_a_file_that_may_not_be_written_is_trouble_while_running(database, sqlite_url):
    await database.run(lambda c: c.connection.driver_connection.execute("PRAGMA query_only = ON"))
    results = await asyncio.gather(database.run(put("one")), database.run(put("two")), return_exceptions=True)
    assert all(isinstance(result, DatabaseUnavailable) and "readonly" in str(result) for result in results), results
    with contextlib.closing(sqlite3.connect(sqlite_url.partition("///")[2])) as beside:
        assert beside.execute("select count(*) from setting where name <> 'schema.served'").fetchone() == (0,)


async def test_another_writer_is_waited_for_and_then_it_is_trouble(database, sqlite_url):
    await database.run(lambda c: c.connection.driver_connection.execute("PRAGMA busy_timeout = 10"))
    other = sqlite3.connect(sqlite_url.partition("///")[2], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="locked"):
        await database.run(put("one"))
    other.execute("COMMIT")
    other.close()
    assert await database.run(put("one")) == "one"


async def test_a_waiter_who_left_harms_nobody(database):
    waiting = asyncio.create_task(database.run(put("one")))
    await asyncio.sleep(0)
    waiting.cancel()
    assert await database.run(put("two")) == "two"
    assert await database.run(names) == ["one", "two"]  # it was promised to nobody, and done all the same


async def test_closing_finishes_what_waits_and_takes_nothing_more(sqlite_url):
    database = await open_database(sqlite_url)
    waiting = [asyncio.create_task(database.run(put(f"{n}"))) for n in range(5)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*waiting) == [f"{n}" for n in range(5)]
    with pytest.raises(DatabaseUnavailable, match="closed"):
        await database.run(names)
    again = await open_database(sqlite_url)
    assert await again.run(names) == [f"{n}" for n in range(5)]
    await again.close()


async def test_one_file_is_served_once_at_a_time(sqlite_url):
    first, second = await open_database(sqlite_url), await open_database(sqlite_url)
    first.alone()
    with pytest.raises(DatabaseUnusable, match="another 'frontdesk run' serves"):
        second.alone()
    assert await second.run(names) == []  # a command may work beside it
    await first.close()
    second.alone()
    await second.close()


async def test_the_file_and_its_folder_are_made(tmp_path):
    database = await open_database(f"sqlite+aiosqlite:///{tmp_path}/var/deep/desk.db")
    await database.close()
    assert (tmp_path / "var" / "deep" / "desk.db").exists()


async def test_what_is_no_database_is_refused_with_the_fix(tmp_path):
    (tmp_path / "words.db").write_text("not a database, only words " * 100)
    with pytest.raises(
        DatabaseUnusable, match=r"DATABASE_URL: .*words.db is damaged or no SQLite database .*; put a backup there"
    ):
        await open_database(f"sqlite+aiosqlite:///{tmp_path}/words.db")


@pytest.mark.parametrize("name", ["folder", "folder/file/desk.db"])
async def test_what_cannot_be_a_file_is_refused_with_the_fix(tmp_path, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("")
    with pytest.raises(
        DatabaseUnusable, match=r"DATABASE_URL: cannot open .*; name a file in a folder this user may write"
    ):
        await open_database(f"sqlite+aiosqlite:///{tmp_path}/{name}")


async def test_every_commit_is_on_the_disk_before_it_is_believed(database):
    def modes(connection):
        raw = connection.connection.driver_connection
        return [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")]

    assert await database.run(modes) == ["wal", 2, 1]


async def test_whoever_gives_up_opening_is_let_go_when_nothing_is_open_any_more(tmp_path):
    file = tmp_path / "desk" / "frontdesk.db"
    await (await open_database(f"sqlite+aiosqlite:///{file}")).close()
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # so that opening has to wait
        opening = asyncio.create_task(open_database(f"sqlite+aiosqlite:///{file}"))
        await asyncio.to_thread(opened_again, file)
        opening.cancel()
        await asyncio.sleep(0)
        assert not opening.done()
        other.execute("COMMIT")
        with pytest.raises(asyncio.CancelledError):
            await opening
    assert open_files(file) == 0


def opened_again(file):
    """Return when this process has a file open more than once."""
    while open_files(file) < 2:
        pass


def open_files(file):
    """Return how many times this process has a file open."""
    found = 0
    for handle in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the one that lists them is gone by now
            found += handle.readlink() == file
    return found
