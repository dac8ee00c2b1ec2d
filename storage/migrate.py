"""Bring a database to the schema that this version of the desk speaks."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.database import Database, Unusable, trouble
from storage.opening import open_database


def config(connection: Connection | None = None) -> Config:
    """Return alembic's settings: no ini file, the scripts beside this one."""
    made = Config()
    made.set_main_option("script_location", str(files("storage").joinpath("migrations")))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def head() -> str:
    """Return the revision that this version speaks."""
    revision = ScriptDirectory.from_config(config()).get_current_head()
    assert revision is not None
    return revision


def upgrade(connection: Connection) -> None:
    """Bring the schema to the head; raise Unusable where it is newer than this version knows."""
    check_not_newer(connection)
    check_full_text(connection)
    command.upgrade(config(connection), "head")


def check_full_text(connection: Connection) -> None:
    """Raise Unusable if this SQLite was built without what the search is made of."""
    if connection.dialect.name != "sqlite":
        return
    try:
        connection.exec_driver_sql("CREATE VIRTUAL TABLE temp.full_text USING fts5 (words)")
    except DBAPIError as error:
        if trouble(error) is not None:
            raise
        raise Unusable(
            "DATABASE_URL: the SQLite of this Python has no full text search (FTS5); use a Python that has it, or PostgreSQL"
        ) from None
    connection.exec_driver_sql("DROP TABLE temp.full_text")


def downgrade(connection: Connection, to: str = "base") -> None:
    """Take the schema back."""
    command.downgrade(config(connection), to)


def revision(connection: Connection) -> str | None:
    """Return the schema's revision, None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def check_not_newer(connection: Connection) -> None:
    """Raise Unusable if a newer version of the desk has been here."""
    now = revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    if now is not None and now not in known:
        raise Unusable(
            "DATABASE_URL: this database was made by a newer version of frontdesk; install that version, or restore a backup"
        )


def check_current(connection: Connection) -> None:
    """Raise Unusable unless the schema is exactly what this version speaks."""
    check_not_newer(connection)
    if revision(connection) != head():
        raise Unusable("DATABASE_URL: the database's schema is older than this version; run 'frontdesk migrate' first")


async def prepare(database: Database) -> None:
    """Migrate a file by itself; a shared database is migrated by ``frontdesk migrate``, once, for all who serve it."""
    await database.run(check_current if database.shared else upgrade)


async def migrate(url: str) -> None:
    """Bring the database behind a ``DATABASE_URL`` to the current schema."""
    database = await open_database(url, patient=True)
    try:
        await database.run(upgrade)
    finally:
        await database.close()
