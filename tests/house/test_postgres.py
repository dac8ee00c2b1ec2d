"""The PostgreSQL of the tests: real, quick, and one database per test."""

import asyncio
import time
from statistics import median

import asyncpg

from storage.engine.migrate import migrate_database
from tests.postgres import Server


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def one_table(url: str) -> None:
    await ask(url, "CREATE TABLE kept (word text)")


async def test_it_is_a_real_postgresql(postgres_url):
    assert str(await ask(postgres_url, "SHOW server_version")).startswith("18")


async def test_each_test_has_a_database_of_its_own(postgres_server: Server):
    async with postgres_server.fresh(one_table) as first, postgres_server.fresh(one_table) as second:
        await ask(first, "INSERT INTO kept VALUES ('mine')")
        assert await ask(second, "SELECT count(*) FROM kept") == 0
    names = await ask(postgres_server.url("postgres"), "SELECT string_agg(datname, ' ') FROM pg_database")
    assert first.split("/")[3].split("?")[0] not in str(names)


async def test_a_database_is_there_in_a_blink(postgres_server: Server, postgres_url):
    async def seconds() -> float:
        began = time.perf_counter()
        async with postgres_server.fresh(migrate_database):
            return time.perf_counter() - began

    # About 20 ms where there is memory to keep it in; the bound leaves room for a busy disk.
    assert median([await seconds() for _ in range(5)]) < 0.5


async def test_many_at_once_do_not_meet(postgres_server: Server):
    async def count() -> object:
        async with postgres_server.fresh(one_table) as url:
            await ask(url, "INSERT INTO kept VALUES ('one')")
            return await ask(url, "SELECT count(*) FROM kept")

    assert await asyncio.gather(*(count() for _ in range(8))) == [1] * 8
