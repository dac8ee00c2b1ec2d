"""What a start cannot do without is waited for."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import TypeVar

from bot.errors import OperatorError
from bot.monitoring.health import Health
from storage.engine import schema
from storage.engine.database import Database, DatabaseUnavailable, DatabaseUnusable

T = TypeVar("T")

PAUSES = (1, 2, 5, 10, 30)  # seconds between tries while the database is in trouble


async def retry_until_served(work: Callable[[], Awaitable[T]], health: Health, about: str = "start") -> T:
    """Do ``work`` as soon as the database can serve; until then what it is about is not healthy."""
    for pause in chain(PAUSES, repeat(PAUSES[-1])):
        try:
            done = await work()
        except DatabaseUnavailable as trouble:
            health.failed(about, trouble)
        else:
            health.went(about)
            return done
        await asyncio.sleep(pause)
    raise AssertionError("it repeats for ever")


async def prepare_database(database: Database) -> None:
    """Open the database, claim it, and bring it to the current schema; raise OperatorError with the fix, or
    DatabaseUnavailable.
    """
    try:
        await database.reach()
        database.alone()
        if not await database.run(schema.schema_fits):
            from storage.engine import migrate  # brings alembic with it

            await migrate.prepare_schema(database)
    except DatabaseUnusable as error:
        name, _, fix = str(error).partition(": ")
        raise OperatorError(name, fix) from None
