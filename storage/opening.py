"""From a ``DATABASE_URL`` to a database that serves."""

import asyncio

from sqlalchemy import make_url

from storage.database import Database


async def open_database(url: str) -> Database:
    """Open the database behind a ``DATABASE_URL``; raise Unusable with the fix if that cannot be done.

    Whoever is cancelled meanwhile is let go only when nothing is open any more: a thread cannot be stopped half-way,
    and would make its files in a folder that is being removed.
    """
    if make_url(url).get_backend_name() != "sqlite":
        from storage.postgres import PostgresDatabase

        return await PostgresDatabase.open(url)
    from storage.sqlite import SqliteDatabase

    opening = asyncio.create_task(asyncio.to_thread(SqliteDatabase.open, url))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        await asyncio.wait({opening})
        if opening.exception() is None:
            await opening.result().close()
        raise
