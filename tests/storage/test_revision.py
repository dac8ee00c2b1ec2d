"""A desk whose schema is in order starts without alembic."""

import asyncio
import sys

import pytest

from storage.engine import migrate, schema
from storage.engine.database import Database
from storage.engine.opening import open_database


async def test_the_newest_revision_is_known_by_heart(database: Database, tmp_path):
    assert migrate.head_revision() == schema.HEAD
    assert await database.run(schema.schema_fits)
    empty = await open_database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    assert not await empty.run(schema.schema_fits)
    await empty.close()


@pytest.mark.slow
async def test_the_desk_is_imported_without_alembic():
    script = "import sys, bot.app, bot.telegram.adapter; sys.exit('alembic' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    assert await process.wait() == 0
