"""From a ``DATABASE_URL`` to a database that serves."""

from sqlalchemy import make_url

from storage.database import Database, Trouble, Unusable


def database_at(url: str, *, patient: bool = False) -> Database:
    """Return the database behind a ``DATABASE_URL``, not reached yet; a ``patient`` one gives a statement any time."""
    if make_url(url).get_backend_name() == "sqlite":
        from storage.sqlite import SqliteDatabase

        return SqliteDatabase(url)
    from storage.postgres import PATIENT, PostgresDatabase

    return PostgresDatabase(url, PATIENT if patient else None)


async def open_database(url: str, *, patient: bool = False) -> Database:
    """Return the database behind a ``DATABASE_URL``, open; raise Unusable with the fix if it does not serve now."""
    database = database_at(url, patient=patient)
    try:
        await database.reach()
    except Trouble as trouble:
        await database.close()
        raise Unusable(f"DATABASE_URL: {trouble}") from None
    except BaseException:
        await database.close()
        raise
    return database
