"""The schema: laid, taken back and laid again; equal to the models; refused where it is newer."""

from dataclasses import fields
from sqlite3 import SQLITE_CREATE_VTABLE, SQLITE_DENY, SQLITE_OK
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Table, inspect, text

from storage import models
from storage.desk.articles import ArticleRow, Version
from storage.desk.request_types import Draft, RequestType
from storage.engine import migrate
from storage.engine.database import Database, DatabaseUnusable
from storage.engine.opening import open_database
from storage.models import metadata
from storage.people.people import Channel
from storage.queues.outbox import Outgoing
from storage.tickets.messages import TicketMessage, TicketThread
from storage.tickets.tickets import Ticket


def tables(connection: Connection) -> set[str]:
    """Return the tables that are not full text's own on SQLite."""
    names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return {name for name in names if not name.startswith(FULL_TEXT)}


FULL_TEXT = "search_words"  # SQLite's virtual table, and what FTS5 keeps it in


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request, tmp_path):
    """Return the URL of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    return request.getfixturevalue("empty_postgres_url")


@pytest.fixture
async def empty(empty_url):
    """Yield a database with nothing in it."""
    opened = await open_database(empty_url)
    yield opened
    await opened.close()


@pytest.mark.slow
async def test_it_goes_up_and_down_and_up_again(empty: Database):
    for _ in range(2):
        await empty.run(migrate.upgrade)
        assert await empty.run(tables) == set(metadata.tables)
        assert await empty.run(migrate.current_revision) == migrate.head_revision()
        await empty.run(migrate.downgrade)
        assert await empty.run(tables) == set()


async def test_migrating_twice_changes_nothing(empty: Database):
    await empty.run(migrate.upgrade)
    await empty.run(lambda c: c.execute(text("insert into setting (name, value) values ('kept', '1')")))
    await empty.run(migrate.upgrade)
    assert await empty.run(lambda c: c.scalar(text("select value from setting where name = 'kept'"))) is not None


async def test_the_migrated_schema_is_what_the_models_say(database: Database):
    def differences(connection: Connection) -> list[object]:
        defaults = connection.dialect.name == "postgresql"  # SQLite spells an empty text in its own way
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": defaults,
                "include_name": lambda name, kind, _: kind != "table" or not name.startswith(FULL_TEXT),
                "include_object": lambda _object, name, *_: name != "ix_searchable_words" or defaults,
            },
        )
        return list(compare_metadata(context, metadata))

    assert await database.run(differences) == []


async def test_the_migrated_indexes_cover_the_same_rows_as_the_models_say(database: Database):
    """Alembic compares no WHERE of an index: a partial one could cover everything, or nothing."""

    def partial(connection: Connection) -> set[str]:
        source = (
            "select name from sqlite_master where type = 'index' and sql like '%WHERE%'"
            if connection.dialect.name == "sqlite"
            else "select indexname from pg_indexes where schemaname = 'public' and indexdef like '%WHERE%'"
        )
        return set(connection.scalars(text(source)).all())

    said = {
        str(index.name)
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert await database.run(partial) == said


async def test_a_newer_schema_is_refused(database: Database):
    await database.run(lambda c: c.execute(text("update alembic_version set version_num = '9999'")))
    for way in (migrate.upgrade, migrate.check_current):
        with pytest.raises(DatabaseUnusable, match="made by a newer version"):
            await database.run(way)
    with pytest.raises(DatabaseUnusable, match="made by a newer version"):
        await migrate.prepare_schema(database)


async def test_an_older_schema_is_brought_up_where_one_serves_and_refused_where_many_do(empty: Database):
    if empty.shared:
        with pytest.raises(DatabaseUnusable, match="run 'frontdesk migrate' first"):
            await migrate.prepare_schema(empty)
    else:
        await migrate.prepare_schema(empty)
        assert await empty.run(tables) == set(metadata.tables)


async def test_a_sqlite_without_full_text_is_refused_with_the_fix(tmp_path):
    opened = await open_database(f"sqlite+aiosqlite:///{tmp_path / 'plain.db'}")

    def without(connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        raw.set_authorizer(lambda act, *_: SQLITE_DENY if act == SQLITE_CREATE_VTABLE else SQLITE_OK)
        try:
            migrate.upgrade(connection)
        finally:
            raw.set_authorizer(None)

    with pytest.raises(DatabaseUnusable, match="no full text search"):
        await opened.run(without)
    await opened.run(migrate.upgrade)
    await opened.close()


RENAMED: dict[tuple[type, str], str] = {(TicketThread, "team_channel_id"): "channel_id"}
BESIDE: dict[type, set[str]] = {ArticleRow: {"aliases"}}  # what a record adds to its row


@pytest.mark.parametrize(
    ("record", "table"),
    [
        (Ticket, models.ticket),
        (Outgoing, models.outgoing),
        (TicketMessage, models.message),
        (TicketThread, models.thread),
        (Draft, models.draft),
        (RequestType, models.request_type),
        (Channel, models.team_channel),
        (ArticleRow, models.article),
        (Version, models.article_version),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_record_has_its_columns_in_order(record: type, table: Table):
    """Records are made by position: a column moved or added must move or add its field."""
    columns = [RENAMED.get((record, column.name), column.name) for column in table.columns]
    assert [field.name for field in fields(record) if field.name not in BESIDE.get(record, ())] == columns
