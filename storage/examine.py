"""Is a database fit to serve? What `frontdesk doctor` asks; nothing is changed by the question."""

import os
from pathlib import Path

from sqlalchemy import Connection, insert, make_url
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Trouble, Unusable
from storage.migrate import check_not_newer
from storage.models import bucket
from storage.opening import open_database
from storage.revision import fits


class _Undone(Exception):
    """A write worked, and is taken back."""


async def examine(url: str) -> str:
    """Return what there is to say of a database that can serve; raise Unusable with the fix of one that cannot."""
    file = database_file(url)
    if file is not None and not file.exists():
        return _unmade(file)
    database = await open_database(url)
    try:
        await database.run(check_not_newer)
        if not await database.run(fits):
            if database.shared:
                raise Unusable(
                    "DATABASE_URL: the schema is missing or older than this version; run 'frontdesk migrate'"
                )
            return "it answers; the next 'frontdesk run' brings its schema up to date"
        await database.run(_write)
    except _Undone:
        return "it answers, can be written, and has the current schema"
    except (Trouble, SQLAlchemyError) as error:
        raise Unusable(
            f"DATABASE_URL: it cannot be written: {getattr(error, 'orig', None) or error}; look at its disk and rights"
        ) from None
    finally:
        await database.close()
    raise AssertionError("a write neither worked nor failed")


def database_file(url: str) -> Path | None:
    """Return the file behind a ``DATABASE_URL``, None where there is none."""
    parts = make_url(url)
    return Path(parts.database) if parts.get_backend_name() == "sqlite" and parts.database else None


def _unmade(file: Path) -> str:
    """Say that the first start makes the file, if it can."""
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise Unusable(f"DATABASE_URL: {folder} cannot be written; name a file in a folder this user may write")
    return f"{file} is not there yet; the first 'frontdesk run' makes it"


def _write(connection: Connection) -> None:
    connection.execute(insert(bucket).values(name="doctor", sent="[]"))
    raise _Undone
