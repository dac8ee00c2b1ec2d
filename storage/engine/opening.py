"""From a ``DATABASE_URL`` to a database that serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import make_url

from storage.engine.database import Database, DatabaseUnavailable, DatabaseUnusable, Reads


def database_at(url: str, *, patient: bool = False) -> Database:
    """Return the database behind a ``DATABASE_URL``, not reached yet; a ``patient`` one gives a statement any time."""
    if make_url(url).get_backend_name() == "sqlite":
        from storage.engine.sqlite_writer import SqliteDatabase

        return SqliteDatabase(url)
    from storage.engine.postgres import PATIENT, PostgresDatabase

    return PostgresDatabase(url, PATIENT if patient else None)


async def open_database(url: str, *, patient: bool = False) -> Database:
    """Return the database behind a ``DATABASE_URL``, open; raise DatabaseUnusable with the fix if it does not serve now."""
    database = database_at(url, patient=patient)
    try:
        await database.reach()
    except DatabaseUnavailable as trouble:
        await database.close()
        raise DatabaseUnusable(f"DATABASE_URL: {trouble}") from None
    except BaseException:
        await database.close()
        raise
    return database


@asynccontextmanager
async def open_reading(url: str) -> AsyncIterator[Reads]:
    """Yield what reads the database behind a ``DATABASE_URL``, beside a desk that serves it; raise DatabaseUnusable
    with the fix.
    """
    parts = make_url(url)
    database: Reads
    if parts.get_backend_name() == "sqlite" and parts.database:
        from storage.engine.sqlite_readers import SqliteReaders

        if not Path(parts.database).exists():  # noqa: ASYNC240 - one look at a local name
            raise DatabaseUnusable(f"DATABASE_URL: {parts.database} is not there; the first 'frontdesk run' makes it")
        database = SqliteReaders(parts.database)
    else:
        database = await open_database(url)
    try:
        yield database
    finally:
        await database.close()
