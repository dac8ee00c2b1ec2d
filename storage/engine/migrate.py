"""Bring a database to the schema that this version of the desk speaks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.engine import schema as schema
from storage.engine.database import Database, DatabaseUnusable, Reads, database_failure, notify_on_commit
from storage.engine.opening import open_database, open_reading


def alembic_config(connection: Connection | None = None) -> Config:
    """Return alembic's settings: no ini file, the scripts beside this one."""
    made = Config()
    made.set_main_option("script_location", str(files("storage").joinpath("migrations")))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def head_revision() -> str:
    """Return the revision that this version speaks."""
    revision = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert revision is not None
    return revision


def upgrade(connection: Connection) -> None:
    """Bring the schema to the head; one that is newer stays as it is: raise DatabaseUnusable where it does not serve
    this version.
    """
    check_not_newer(connection)
    now = current_revision(connection)
    if now is not None and now not in _known():
        return
    check_full_text(connection)
    command.upgrade(alembic_config(connection), "head")
    if now != head_revision():
        schema.write_served(connection, head_revision(), served_revisions())
        notify_on_commit(connection, "schema")


def served_revisions(by: str = "head") -> list[str]:
    """Return the revisions whose versions run on a schema: its own, and those before it until something was taken away."""
    scripts, found = ScriptDirectory.from_config(alembic_config()), []
    for script in scripts.walk_revisions(head=by):
        found.append(script.revision)
        if getattr(script.module, "contracts", False):
            break
    return found


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


def check_full_text(connection: Connection) -> None:
    """Raise DatabaseUnusable if this SQLite was built without what the search is made of."""
    if connection.dialect.name != "sqlite":
        return
    try:
        connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.full_text USING fts5 (words)")
    except DBAPIError as error:
        if database_failure(error) is not None:
            raise
        raise DatabaseUnusable(
            "DATABASE_URL: the SQLite of this Python has no full text search (FTS5); use a Python that has it, or PostgreSQL"
        ) from None
    connection.exec_driver_sql("DROP TABLE temp.full_text")


def downgrade(connection: Connection, to: str = "base") -> None:
    """Take the schema back."""
    command.downgrade(alembic_config(connection), to)
    now = current_revision(connection)
    if now is not None:
        schema.write_served(connection, now, served_revisions(now))
        notify_on_commit(connection, "schema")


def current_revision(connection: Connection) -> str | None:
    """Return the schema's revision, None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def check_not_newer(connection: Connection) -> None:
    """Raise DatabaseUnusable if a newer version of the desk has been here, whose schema does not serve this one."""
    now = current_revision(connection)
    if now is not None and now not in _known() and not schema.schema_fits(connection):
        raise DatabaseUnusable(schema.NEWER)


def check_current(connection: Connection) -> None:
    """Raise DatabaseUnusable unless the schema is what this version speaks, or a newer one that serves it."""
    check_not_newer(connection)
    if not schema.schema_fits(connection):
        if current_revision(connection) is None:
            raise DatabaseUnusable(
                "DATABASE_URL: this database is new: nothing is in it yet; run 'frontdesk migrate' first"
            )
        raise DatabaseUnusable(
            "DATABASE_URL: the database's schema is older than this version; run 'frontdesk migrate' first"
        )


@asynccontextmanager
async def reading_current(url: str) -> AsyncIterator[Reads]:
    """Yield what reads the database behind a ``DATABASE_URL``; raise DatabaseUnusable unless its schema is what this
    version speaks.
    """
    async with open_reading(url) as database:
        await database.read(check_current)
        yield database


async def prepare_schema(database: Database) -> None:
    """Migrate a file by itself; a shared database is migrated by ``frontdesk migrate``, once, for all who serve it."""
    await database.run(check_current if database.shared else upgrade)


async def migrate_database(url: str) -> None:
    """Bring the database behind a ``DATABASE_URL`` to the current schema."""
    database = await open_database(url, patient=True)
    try:
        if not await database.run(schema.schema_fits):
            database.alone()  # a file is not changed under a desk that serves it
        await database.run(upgrade)
    finally:
        await database.close()
