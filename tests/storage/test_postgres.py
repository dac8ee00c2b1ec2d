"""PostgreSQL: trouble is told apart from mistakes, processes wake each other, and one of them leads."""

import asyncio
import contextlib

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage.engine.database import WORDS, DatabaseUnavailable, DatabaseUnusable, notify_on_commit
from storage.engine.opening import open_database

LOST = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


class Heard:
    """The words that a process heard, and a way to wait for one more of them."""

    def __init__(self):
        self.words: asyncio.Queue[str] = asyncio.Queue()

    def __call__(self, word):
        self.words.put_nowait(word)

    async def next(self):
        async with asyncio.timeout(10):
            return await self.words.get()


@contextlib.asynccontextmanager
async def beside(url):
    """Yield a plain connection that no process of ours knows of."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


async def until(database, *, leads):
    """Return when a process leads, or does not: the server needs a moment to see that a connection is gone."""
    async with asyncio.timeout(10):
        while await database.lead("telegram:1") is not leads:
            pass


def put(name):
    return lambda c: c.execute(text("insert into setting values (:name, '1')"), {"name": name})


async def test_a_wake_is_heard_by_every_process_once_it_is_committed(processes):
    heard = [Heard() for _ in processes]
    for database, ear in zip(processes, heard, strict=True):
        await database.listen(ear)

    def undone(connection):
        notify_on_commit(connection, "timer")
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        await processes[0].run(undone)
    for word in WORDS:
        await processes[0].run(lambda c, w=word: notify_on_commit(c, w))
    for ear in heard:
        assert [await ear.next() for _ in WORDS] == list(WORDS)


async def test_a_lost_connection_is_trouble_and_the_next_try_goes_through(processes, postgres_url):
    def work(connection):
        put("half")(connection)
        connection.execute(text("select pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(DatabaseUnavailable):
        await processes[0].run(work)
    assert (
        await processes[0].run(lambda c: c.scalar(text("select count(*) from setting where name <> 'schema.served'")))
        == 0
    )
    async with beside(postgres_url) as other:
        await other.execute(LOST)  # those that wait in the pool
    with contextlib.suppress(DatabaseUnavailable):
        await processes[0].run(put("one"))
    await processes[0].run(put("two"))


async def test_a_server_that_takes_nobody_is_trouble(processes, postgres_url):
    """As while it starts or stops: that is said when a connection is made, not when it is used."""
    async with beside(postgres_url) as other:
        name = await other.fetchval("select current_database()")
        admin = await asyncpg.connect(postgres_url.replace("+asyncpg", "").replace(name, "postgres"))
        await admin.execute(f"alter database {name} allow_connections false")
        await other.execute(LOST)
        for _ in range(3):
            with pytest.raises(DatabaseUnavailable):
                await processes[0].run(put("one"))
        await admin.execute(f"alter database {name} allow_connections true")
        await admin.close()
    await processes[0].run(put("one"))


async def test_a_mistake_is_no_trouble(processes):
    with pytest.raises(DBAPIError, match="no_such_table"):
        await processes[0].run(lambda c: c.execute(text("select * from no_such_table")))
    await processes[0].run(put("one"))
    with pytest.raises(DBAPIError, match="unique"):
        await processes[0].run(put("one"))


async def test_of_two_that_wait_for_each_other_one_begins_again(processes):
    """Each writes what the other wrote first; PostgreSQL ends one, and it is run once more."""
    for name in ("a", "b"):
        await processes[0].run(put(name))
    tries: list[str] = []
    met = asyncio.Barrier(2)

    async def cross(database, first, second):
        loop = asyncio.get_running_loop()

        def work(connection):
            again = first in tries
            tries.append(first)
            grow = text("update setting set value = to_json(value::text::int + 1) where name = :name")
            connection.execute(grow, {"name": first})
            if not again:
                met_now = asyncio.run_coroutine_threadsafe(met.wait(), loop)
                while not met_now.done():
                    connection.execute(text("select pg_sleep(0.01)"))
            connection.execute(grow, {"name": second})

        await database.run(work)

    await asyncio.gather(cross(processes[0], "a", "b"), cross(processes[1], "b", "a"))
    assert len(tries) > 2  # whoever gave way may have met the other one once more
    assert await processes[0].run(
        lambda c: c.scalars(text("select value from setting where name <> 'schema.served'")).all()
    ) == [3, 3]


async def test_listening_goes_on_after_the_connection_was_lost(processes, postgres_url):
    heard = Heard()
    await processes[0].listen(heard)
    for _ in range(2):  # lost once more it is taken up once more
        async with beside(postgres_url) as other:
            await other.execute(LOST)
        assert sorted([await heard.next() for _ in WORDS]) == sorted(WORDS)  # what was missed is looked for
        with contextlib.suppress(DatabaseUnavailable):  # the other's pool was lost too
            await processes[1].run(lambda c: notify_on_commit(c, "timer"))
        await processes[1].run(lambda c: notify_on_commit(c, "outbox"))
        while await heard.next() != "outbox":
            pass
        await processes[1].run(lambda c: notify_on_commit(c, "schema"))
        while await heard.next() != "schema":
            pass


async def test_one_process_leads_and_another_takes_over_when_it_ends(postgres_url):
    first, second = await open_database(postgres_url), await open_database(postgres_url)
    assert await first.lead("telegram:1")
    assert await first.lead("telegram:1")
    assert not await second.lead("telegram:1")
    assert await second.lead("telegram:2")
    await first.close()
    await until(second, leads=True)
    await second.close()


async def test_the_lead_is_lost_with_the_leaders_connection(processes, postgres_url):
    first, second, _ = processes
    assert await first.lead("telegram:1")
    async with beside(postgres_url) as other:
        await other.execute(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = "
            "(select oid from pg_database where datname = current_database())"
        )
    await until(second, leads=True)
    await until(first, leads=False)
    assert await second.lead("telegram:1")


async def test_a_server_that_is_not_there_is_refused_with_the_fix():
    with pytest.raises(DatabaseUnusable, match=r"DATABASE_URL: PostgreSQL does not answer: .*check host, port, user"):
        await open_database("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
