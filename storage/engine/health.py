"""Is a database fit to serve? What `frontdesk doctor` asks; what it writes to see that it can, it takes away again."""

import asyncio
import contextlib
import os
import sqlite3
from pathlib import Path

from sqlalchemy import Connection, delete, insert, make_url
from sqlalchemy.exc import SQLAlchemyError

from storage.engine.database import DatabaseUnavailable, DatabaseUnusable
from storage.engine.opening import open_database
from storage.engine.schema import schema_fits
from storage.engine.sqlite_file import damage_message, driver_message
from storage.models import bucket

TRIAL = (
    64 * 1024
)  # bytes written and kept for a moment: a disk may still take what fits into room that a file has already


async def examine_database(url: str) -> str:
    """Return what there is to say of a database that can serve; raise DatabaseUnusable with the fix of one that cannot."""
    from storage.engine.migrate import check_not_newer  # brings alembic with it

    file = database_file(url)
    if file is not None and not file.exists():
        return _unmade(file)
    database = await open_database(url)
    try:
        await database.run(check_not_newer)
        if not await database.run(schema_fits):
            if database.shared:
                raise DatabaseUnusable(
                    "DATABASE_URL: the schema is missing or older than this version; run 'frontdesk migrate'"
                )
            return "it answers; the next 'frontdesk run' brings its schema up to date"
        if file is not None:
            await asyncio.to_thread(_check_pages, file)
        await database.run(_write)
        await database.run(_take_away)
    except (DatabaseUnavailable, SQLAlchemyError) as error:
        raise DatabaseUnusable(
            f"DATABASE_URL: it cannot be written: {driver_message(error)}; look at its disk and rights"
        ) from None
    finally:
        await database.close()
    return "it answers, can be written, and has the current schema"


def database_file(url: str) -> Path | None:
    """Return the file behind a ``DATABASE_URL``, None where there is none."""
    parts = make_url(url)
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


def _unmade(file: Path) -> str:
    """Say that the first start makes the file, if it can."""
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise DatabaseUnusable(f"DATABASE_URL: {folder} cannot be written; name a file in a folder this user may write")
    return f"{file} is not there yet; the first 'frontdesk run' makes it"


def _check_pages(file: Path) -> None:
    """Look at every page, beside whoever writes: raise DatabaseUnusable where one is damaged."""
    try:
        with contextlib.closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as beside:
            [found] = beside.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise DatabaseUnusable(f"DATABASE_URL: {damage_message(str(file), error)}") from None
    if found != "ok":
        raise DatabaseUnusable(f"DATABASE_URL: {damage_message(str(file), ValueError(found.splitlines()[-1]))}")


def _write(connection: Connection) -> None:
    _take_away(connection)  # one that was killed in between may have left it
    connection.execute(insert(bucket).values(name="doctor", sent=f"[{' ' * TRIAL}]"))


def _take_away(connection: Connection) -> None:
    connection.execute(delete(bucket).where(bucket.c.name == "doctor"))
