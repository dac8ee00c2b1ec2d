"""A PostgreSQL that falls silent, is cut off or lets nobody in: every wait has an end, and what comes back is served."""

import asyncio
import time
from contextlib import asynccontextmanager

import pytest

from storage.engine.database import WORDS, DatabaseUnavailable, DatabaseUnusable, notify_on_commit
from storage.engine.opening import open_database
from storage.engine.postgres import Limits, PostgresDatabase
from tests.proxy import before
from tests.storage.test_postgres import Heard, put

SHORT = Limits(connect=0.5, statement=0.5, answer=0.5, free=0.5, aside=0.5, asked=0.5)
SOON = 5.0  # seconds: a few of the limits, on a busy machine


@asynccontextmanager
async def opened(url):
    database = PostgresDatabase(url, SHORT)
    await database.reach()
    try:
        yield database
    finally:
        await database.close()


async def test_a_silent_host_is_trouble_within_the_limits_and_serves_when_it_answers(postgres_url):
    async with before(postgres_url) as proxy, opened(proxy.url) as database:
        await database.run(put("one"))
        proxy.freeze()
        began = time.monotonic()
        told = await asyncio.gather(*(database.run(put(f"{n}")) for n in range(20)), return_exceptions=True)
        assert all(isinstance(error, DatabaseUnavailable) for error in told), told
        assert time.monotonic() - began < SOON
        proxy.thaw()
        await until_served(database)


async def test_closing_does_not_wait_for_a_silent_host(postgres_url):
    async with before(postgres_url) as proxy:
        database = PostgresDatabase(proxy.url, SHORT)
        await database.reach()
        await database.listen(Heard())
        proxy.freeze()
        began = time.monotonic()
        await database.close()
        assert time.monotonic() - began < SOON


async def test_a_statement_may_not_take_for_ever(postgres_url):
    async with opened(postgres_url) as database:
        with pytest.raises(DatabaseUnavailable, match="57014"):
            await database.run(lambda c: c.exec_driver_sql("select pg_sleep(60)"))


async def test_a_migration_may(postgres_url):
    database = await open_database(postgres_url, patient=True)
    assert await database.run(lambda c: c.exec_driver_sql("show statement_timeout").scalar()) == "0"
    await database.close()


async def test_the_connection_that_listens_is_asked_and_replaced_when_it_is_silent(postgres_url):
    heard = Heard()
    async with before(postgres_url) as proxy, opened(proxy.url) as database, opened(postgres_url) as other:
        await database.listen(heard)
        assert await database.lead("telegram:1")
        proxy.freeze()
        for _ in range(500):
            if not await database.lead("telegram:1"):
                break
            await asyncio.sleep(0.01)
        else:
            pytest.fail("it still leads by a connection that nobody answers")
        proxy.thaw()
        assert sorted([await heard.next() for _ in WORDS]) == sorted(WORDS)  # what was missed is looked for
        await other.run(lambda c: notify_on_commit(c, "outbox"))
        while await heard.next() != "outbox":
            pass


async def test_a_connection_that_was_cut_is_trouble_in_the_middle_and_then_it_goes_on(postgres_url):
    async with before(postgres_url) as proxy, opened(proxy.url) as database:
        loop = asyncio.get_running_loop()

        def work(connection):
            put("half")(connection)
            proxy.reset()
            connection.exec_driver_sql("select pg_sleep(0.2)")

        assert loop.is_running()
        with pytest.raises(DatabaseUnavailable):
            await database.run(work)
        await until_served(database)
        assert (
            await database.run(lambda c: c.exec_driver_sql("select count(*) from setting where name = 'half'").scalar())
            == 0
        )


@pytest.mark.parametrize("nobody", ["refused", "silent"])
async def test_a_server_that_is_not_up_yet_is_trouble_and_not_a_wrong_setting(postgres_url, nobody):
    async with before(postgres_url) as proxy:
        if nobody == "refused":
            await proxy.refuse()
        else:
            proxy.freeze()
        database = PostgresDatabase(proxy.url, SHORT)
        with pytest.raises(
            DatabaseUnavailable, match=r"PostgreSQL does not answer: .*; check host, port, user and that it runs"
        ):
            await database.reach()
        if nobody == "refused":
            await proxy.listen()
        proxy.thaw()
        await database.reach()
        await database.close()


async def test_what_will_never_be_is_a_wrong_setting(postgres_url, postgres_server):
    there = postgres_url.replace(postgres_url.split("/")[3].split("?")[0], "no_such_database")
    for wrong in (
        there,
        postgres_url.replace("postgres@", "nobody_of_this_name@"),
        f"{postgres_url}&no_such_option=1",
    ):
        with pytest.raises(
            DatabaseUnusable, match=r"DATABASE_URL: PostgreSQL refuses it: .*check user, password, database"
        ):
            await open_database(wrong)


async def until_served(database):
    async with asyncio.timeout(SOON):
        while True:
            try:
                return await database.run(lambda c: c.exec_driver_sql("select 1"))
            except DatabaseUnavailable:
                await asyncio.sleep(0.05)
