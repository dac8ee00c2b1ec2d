"""A database opened for one test, and connections beside it where several processes are the story."""

from collections.abc import AsyncIterator

import pytest

from storage.engine.database import Database
from storage.engine.opening import open_database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Yield a database with the current schema, on SQLite first and then on PostgreSQL."""
    opened = await open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def processes(postgres_url: str) -> AsyncIterator[list[Database]]:
    """Yield what three processes on one PostgreSQL have: each its own pool, none knows of the others."""
    opened = [await open_database(postgres_url) for _ in range(3)]
    yield opened
    for each in opened:
        await each.close()
