"""A database opened for one test."""

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
