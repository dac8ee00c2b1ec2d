"""From a ``DATABASE_URL`` to a database that serves."""

import asyncio

from sqlalchemy import make_url

from storage.database import Database


async def open_database(url: str) -> Database:
    """Open the database behind a ``DATABASE_URL``; raise Unusable with the fix if that cannot be done."""
    if make_url(url).get_backend_name() == "sqlite":
        from storage.sqlite import SqliteDatabase

        return await asyncio.to_thread(SqliteDatabase.open, url)
    from storage.postgres import PostgresDatabase

    return await PostgresDatabase.open(url)
