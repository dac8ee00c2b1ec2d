"""A schema grows before it shrinks: the version before runs on the next one's, or is told that it does not and takes nothing."""

import asyncio
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.desk.records import Records
from storage.engine import migrate, schema
from storage.engine.database import Database, DatabaseUnavailable, DatabaseUnusable, notify_on_commit
from storage.engine.health import examine_database
from storage.engine.opening import open_database
from storage.engine.sqlite_writer import SqliteDatabase
from tests.storage.test_migrations import empty, empty_url  # noqa: F401 - a database with nothing in it

SCRIPTS = ScriptDirectory.from_config(migrate.alembic_config())
CHAIN = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]
LETS_GO = ("CASCADE", "SET NULL")  # the version before may delete what a new table refers to


class Schema:
    """What a version that does not know of the next one counts on."""

    def __init__(self, connection: Connection) -> None:
        look = inspect(connection)
        self.columns = {
            (table, column["name"]): column
            for (_, table), columns in look.get_multi_columns().items()
            for column in columns
            if table != "alembic_version"
        }
        self.tables = {table for table, _ in self.columns}
        self.unique = {
            (table, tuple(each["column_names"]))
            for source in (look.get_multi_unique_constraints(), look.get_multi_indexes())
            for (_, table), constraints in source.items()
            for each in constraints
            if each.get("unique", True)
        }
        self.keys = {
            (table, tuple(key["constrained_columns"]), key["referred_table"], str(key["options"].get("ondelete")))
            for (_, table), keys in look.get_multi_foreign_keys().items()
            for key in keys
        }


def breaks(old: Schema, new: Schema) -> list[str]:
    """Return what a version that writes the old schema would trip over in the new one."""
    found = [f"{table} is gone" for table in old.tables - new.tables]
    known = {key: column for key, column in old.columns.items() if key[0] in new.tables}
    found += [
        f"{table}.{name} {told}" for (table, name), was in known.items() if (told := changed(was, new, table, name))
    ]
    for table, name in new.columns.keys() - old.columns.keys():
        column = new.columns[table, name]
        if table in old.tables and not column["nullable"] and column["default"] is None:
            found.append(f"{table}.{name} is new and must have a value")
    found += [f"{table} {names} must be unique now" for table, names in new.unique - old.unique if table in old.tables]
    for table, names, referred, on_delete in new.keys - old.keys:
        if table in old.tables:
            found.append(f"{table} {names} must name a row now")
        elif referred in old.tables and on_delete not in LETS_GO:
            found.append(f"{table} {names} holds rows of {referred} that the version before may delete")
    return found


def changed(was: Any, new: Schema, table: str, name: str) -> str:
    """Return what became of a column that cannot be, nothing where it serves as before."""
    now = new.columns.get((table, name))
    if now is None:
        return "is gone"
    if str(now["type"]) != str(was["type"]):
        return "is of another type"
    if was["nullable"] and not now["nullable"]:
        return "must have a value now"
    return "has no default any more" if was["default"] is not None and now["default"] is None else ""


def to(target: str) -> Callable[[Connection], None]:
    """Return what brings a schema to a revision."""
    return lambda connection: command.upgrade(migrate.alembic_config(connection), target)


@pytest.mark.slow
async def test_each_schema_serves_the_version_before_unless_it_says_that_it_does_not(empty: Database):  # noqa: F811
    for older, newer in pairwise(CHAIN):
        await empty.run(to(older))
        before = await empty.run(Schema)
        await empty.run(to(newer))
        found = breaks(before, await empty.run(Schema))
        script = SCRIPTS.get_revision(newer)
        assert script is not None
        assert not found or getattr(script.module, "contracts", False), f"{newer}: " + "; ".join(found)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DROP TABLE view", "view is gone"),
        ("ALTER TABLE view DROP COLUMN words", "view.words is gone"),
        ("ALTER TABLE view ADD COLUMN more TEXT NOT NULL", "view.more is new and must have a value"),
        ("ALTER TABLE view ADD COLUMN more TEXT NOT NULL DEFAULT 'x'", None),
        ("ALTER TABLE view ADD COLUMN more TEXT", None),
        ("ALTER TABLE person ALTER COLUMN language SET NOT NULL", "person.language must have a value now"),
        ("ALTER TABLE person ALTER COLUMN language TYPE TEXT", "person.language is of another type"),
        ("ALTER TABLE account ALTER COLUMN username DROP DEFAULT", "account.username has no default any more"),
        ("CREATE UNIQUE INDEX one ON view (words)", "view ('words',) must be unique now"),
        (
            "CREATE TABLE more (id BIGINT PRIMARY KEY, who BIGINT REFERENCES person)",
            "more ('who',) holds rows of person",
        ),
        ("CREATE TABLE more (id BIGINT PRIMARY KEY, who BIGINT REFERENCES person ON DELETE CASCADE)", None),
        (
            "ALTER TABLE post ADD FOREIGN KEY (message_id) REFERENCES message",
            "post ('message_id',) must name a row now",
        ),
    ],
)
async def test_what_would_break_the_version_before_is_seen(postgres_url: str, change: str, told: str | None):
    database = await open_database(postgres_url)
    before = await database.run(Schema)
    await database.run(lambda connection: connection.execute(text(change)))
    found = breaks(before, await database.run(Schema))
    await database.close()
    assert [told in each for each in found] == [True] if told else found == []


def test_a_schema_serves_those_before_it_until_something_was_taken_away(monkeypatch):
    assert migrate.served_revisions() == [*reversed(CHAIN)]
    contracting = SCRIPTS.get_revision(CHAIN[-1])
    assert contracting is not None
    monkeypatch.setattr(contracting.module, "contracts", True, raising=False)
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _: SCRIPTS)
    assert migrate.served_revisions() == [CHAIN[-1]]


def newer(serves: bool) -> Any:
    """Let a schema be of a newer version, which serves this one, or does not."""

    def work(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        schema.write_served(connection, "9999", ["9999", *([schema.HEAD] if serves else [])])
        notify_on_commit(connection, "schema")

    return work


def ours(connection: Connection) -> None:
    connection.execute(text(f"UPDATE alembic_version SET version_num = '{schema.HEAD}'"))
    notify_on_commit(connection, "schema")


async def test_a_newer_schema_that_serves_us_is_served_and_left_as_it_is(database: Database, database_url: str):
    await database.run(newer(serves=True))
    await database.run(migrate.check_current)
    await database.run(migrate.upgrade)
    assert await database.run(migrate.current_revision) == "9999"
    assert "can be written" in await examine_database(database_url)


async def test_one_that_does_not_is_refused(database: Database):
    await database.run(newer(serves=False))
    for way in (migrate.check_current, migrate.upgrade, migrate.check_not_newer):
        with pytest.raises(DatabaseUnusable, match="made by a newer version"):
            await database.run(way)
    assert not await database.run(schema.schema_fits)


async def test_what_another_schema_said_of_itself_does_not_count(database: Database):
    await database.run(newer(serves=True))
    await database.run(lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '10000'")))
    assert not await database.run(schema.schema_fits)


async def test_taken_back_a_schema_serves_what_its_version_served(database: Database):
    await database.run(lambda connection: migrate.downgrade(connection, CHAIN[0]))
    told = await database.run(lambda connection: Records(connection).get(schema.SERVED))
    assert told == {"revision": CHAIN[0], "serves": [CHAIN[0]]}


async def until(database: Database, *, serves: bool) -> None:
    """Return when a process serves the database, or does not."""
    async with asyncio.timeout(40):  # on a busy machine: a lost line is tried again after 1, 2, 5 and 10 s
        while True:
            try:
                await database.run(lambda connection: connection.execute(text("SELECT 1")))
            except DatabaseUnavailable:
                if not serves:
                    return
            else:
                if serves:
                    return
            await asyncio.sleep(0.01)


async def test_a_process_takes_nothing_from_a_schema_that_does_not_serve_it(processes: list[Database], caplog):
    old, migrating, _ = processes
    await old.listen(lambda _: None)
    await migrating.run(newer(serves=True))
    await asyncio.sleep(0.1)
    await until(old, serves=True)
    await migrating.run(newer(serves=False))
    await until(old, serves=False)
    with pytest.raises(DatabaseUnavailable, match="of a newer version"):
        await old.run(lambda connection: connection.execute(text("SELECT 1")))
    assert "install that version" in caplog.text
    await migrating.run(ours)
    await until(old, serves=True)


async def test_it_looks_again_whenever_the_connection_was_lost(processes: list[Database], postgres_url: str):
    """While it is lost nothing is heard: neither that a newer version came, nor that it went."""
    old = processes[0]
    await old.listen(lambda _: None)
    beside = await asyncpg.connect(postgres_url.replace("+asyncpg", ""))
    for version, serves in (("9999", False), (schema.HEAD, True)):
        await beside.execute(f"UPDATE alembic_version SET version_num = '{version}'")
        await beside.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await until(old, serves=serves)
    await beside.close()


async def test_a_file_is_not_migrated_under_a_desk_that_serves_it(tmp_path):
    url = f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}"
    serving = await open_database(url)
    assert isinstance(serving, SqliteDatabase)
    serving.alone()
    await serving.run(lambda connection: command.upgrade(migrate.alembic_config(connection), CHAIN[0]))
    with pytest.raises(DatabaseUnusable, match="another 'frontdesk run' serves"):
        await migrate.migrate_database(url)
    assert await serving.run(migrate.current_revision) == CHAIN[0]
    await serving.close()
    await migrate.migrate_database(url)
