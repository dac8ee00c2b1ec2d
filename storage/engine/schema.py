"""Whether this version may serve a database as it is, seen without alembic: a desk in order does without its 12 MiB.

A schema grows before it shrinks: the version before runs on the schema of the next one, which only adds to it, and what nobody
uses any more goes one version later. So workers are replaced one by one. A schema says itself which versions it still serves.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, inspect, text

from storage.engine.setting_table import SettingTable

HEAD = "0037"  # the newest of the migrations; a test holds it to them
SERVED = "schema.served"  # a setting: {"revision", "serves"}: the schema, and the revisions whose versions run on it
NEWER = (
    "DATABASE_URL: this database was made by a newer version of frontdesk; install that version, or restore a backup"
)


def schema_revision(connection: Connection) -> str | None:
    """Return the revision of the schema, None where there is none."""
    known = inspect(connection).has_table("alembic_version")
    return connection.scalar(text("SELECT version_num FROM alembic_version")) if known else None


def schema_fits(connection: Connection) -> bool:
    """Return whether this version may serve the database: its schema is our own, or a newer one that serves us still."""
    revision = schema_revision(connection)
    return revision is not None and (revision == HEAD or _serves(connection, revision))


def _serves(connection: Connection, revision: str) -> bool:
    told = SettingTable(connection).get(SERVED) if inspect(connection).has_table("setting") else None
    return told is not None and told["revision"] == revision and HEAD in told["serves"]


def write_served(connection: Connection, revision: str, serves: Sequence[str]) -> None:
    """Write down which versions a schema serves."""
    SettingTable(connection).put(SERVED, {"revision": revision, "serves": list(serves)})
