"""An id that anything remembers is never given to another row, nor in a database that the version before has filled."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, BigInteger, Connection, MetaData, Text, delete, insert, inspect, select, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.desk.states import States
from storage.engine import migrate
from storage.engine.database import Database, DatabaseUnavailable
from storage.engine.opening import open_database
from storage.models import MessageKind, StateKind, metadata
from storage.retention import references
from storage.types import Word
from tests.clock import MONDAY

LAST, NAMED = 7, 90  # the largest id that is left in each table, and one that only a reference remembers
PERSON = {"name": "Ann", "role": "requester", "created_at": MONDAY}
EVENT = {"source": "telegram:1", "received_at": MONDAY, "ready_at": MONDAY}
PROMISE = {"operation": "send", "state": "sent", "ready_at": MONDAY, "created_at": MONDAY, "done_at": MONDAY}
POST = {"place": "telegram:1:5", "native": "9", "part": 0, "at": MONDAY}
TALK = {"ticket_id": 7, "person_id": 7, "kind": "follow_up", "words": {}, "files": [], "at": MONDAY}
TIMER = {"name": "bulk", "due_at": MONDAY}
AUDIT = {"act": "banned", "facts": {}, "at": MONDAY}
DRAFT = {"person_id": 7, "place": "telegram:1:5", "form_id": 7, "step": "text", "waiting": True, "updated_at": MONDAY}
VERDICT = {"person_id": 7, "question": "?", "language": "en", "verdict": "sure", "candidates": [], "at": MONDAY}


def button(name: str, key: str) -> dict[str, Any]:
    """Return a promise that shows a button."""
    drawn = {"words": {"text": "Well?"}, "keys": [[{"label": "Yes", "name": name, "value": key}]]}
    return {**PROMISE, "lane": "telegram:1:5", "payload": json.dumps(drawn)}


def event(**facts: Any) -> dict[str, Any]:
    """Return an event that waits."""
    return {**EVENT, "key": "1", "lane": "telegram:1/5", "payload": json.dumps({"kind": "receipt", **facts})}


# What remembers the id: its table, its row; and whose id it is.
REMEMBERED: list[tuple[str, Mapping[str, Any], str]] = [
    ("card", {"ticket_id": 7, "team_channel_id": 7, "place": "queue", "outgoing_id": NAMED, "look": ""}, "outgoing"),
    ("draft", {**DRAFT, "answers": {}, "facts": {}, "card": NAMED}, "outgoing"),
    ("post", {**POST, "outgoing_id": NAMED}, "outgoing"),
    ("post", {**POST, "message_id": NAMED}, "message"),
    ("post", {**POST, "ticket_id": NAMED}, "ticket"),
    ("message", {**TALK, "receipt_id": NAMED}, "outgoing"),
    ("outgoing", {**PROMISE, "lane": "telegram:1:5", "payload": "", "edits": NAMED}, "outgoing"),
    ("outgoing", {**PROMISE, "lane": "telegram:1:5", "payload": "", "anchor_outgoing": NAMED}, "outgoing"),
    ("outgoing", {**PROMISE, "lane": "telegram:1:5", "payload": "", "anchor_message": NAMED}, "message"),
    ("outgoing", {**PROMISE, "lane": "telegram:1:5", "payload": "", "message_id": NAMED}, "message"),
    ("outgoing", {**PROMISE, "lane": "telegram:1:5", "payload": "", "ticket_id": NAMED}, "ticket"),
    ("outgoing", {**PROMISE, "lane": f"telegram:1:#{NAMED}/7", "payload": ""}, "ticket"),
    ("outgoing", {**PROMISE, "lane": f"telegram:1:#7/{NAMED}", "payload": ""}, "team_channel"),
    ("outgoing", {**PROMISE, "lane": "telegram:1:5", "payload": "", "fold": f"follow_up:{NAMED}"}, "ticket"),
    ("lane", {"side": "out", "name": f"telegram:1:#{NAMED}/7", "source": "telegram:1"}, "ticket"),
    ("inbox", {**EVENT, "key": "1", "lane": f"telegram:1/#{NAMED}", "payload": "{}"}, "ticket"),
    ("draft", {**DRAFT, "place": f"telegram:1:#{NAMED}/7", "answers": {}, "facts": {}}, "ticket"),
    ("outgoing", button("retry", str(NAMED)), "outgoing"),
    ("outgoing", button("submit", str(NAMED)), "draft"),
    ("outgoing", button("claim", str(NAMED)), "ticket"),
    ("outgoing", button("give", f"7.{NAMED}"), "person"),
    ("outgoing", button("article", f"{NAMED}.7"), "verdict"),
    ("outgoing", button("article", f"7.{NAMED}"), "article"),
    ("outgoing", button("unsend", str(NAMED)), "message"),
    ("outgoing", button("alias_yes", str(NAMED)), "alias"),
    ("outgoing", button("bulk_go", f"{NAMED}.0a1b2c3d"), "person"),
    ("inbox", event(facts={"outgoing": NAMED, "ticket": 7}), "outgoing"),
    ("inbox", event(kind="press", name="pick", value=f"{NAMED}.0.1"), "draft"),
    ("inbox", event(facts={"account": NAMED}), "account"),
    ("timer", {**TIMER, "facts": {"account": 7, "shown": NAMED}}, "outgoing"),
    ("timer", {**TIMER, "facts": {"account": NAMED}}, "account"),
    ("timer", {**TIMER, "facts": {"left": [8, NAMED]}}, "ticket"),
    ("draft", {**DRAFT, "answers": {}, "facts": {"verdict": NAMED}}, "verdict"),
    ("audit", {**AUDIT, "ticket_id": NAMED}, "ticket"),
    ("audit", {**AUDIT, "facts": {"who": NAMED}}, "person"),
    ("verdict", {**VERDICT, "said": {}, "tried": [], "ticket_id": NAMED}, "ticket"),
    ("searchable", {"id": 4096 * NAMED + 3, "words": "card"}, "ticket"),
    ("setting", {"name": f"target:{NAMED}", "value": 7}, "person"),
    ("setting", {"name": "target:7", "value": NAMED}, "ticket"),
    ("setting", {"name": f"asked:queue:{NAMED}", "value": ["mine"]}, "person"),
    ("setting", {"name": "home:7", "value": {"account": 7, "shown": NAMED}}, "outgoing"),
    ("setting", {"name": "turn:vip", "value": {str(NAMED): 3}}, "person"),
    ("setting", {"name": "fronts", "value": {"opened": {str(NAMED): "2026-05-01T12:00:00+00:00"}}}, "person"),
    (
        "setting",
        {"name": "link:0a1b2c3d4e", "value": {"person": NAMED, "until": "2026-05-01T12:00:00+00:00"}},
        "person",
    ),
]


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request, tmp_path):
    """Return the URL of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'before.db'}"
    return request.getfixturevalue("empty_postgres_url")


@pytest.fixture
async def before(empty_url):
    """Yield a database with the schema of the version before."""
    opened = await open_database(empty_url)
    await opened.run(lambda connection: command.upgrade(migrate.alembic_config(connection), "0001"))
    yield opened
    await opened.close()


def fill(connection: Connection) -> None:
    """Leave one row in each table, as retention might: the one with the largest id."""
    for table, row in ROWS.items():
        connection.execute(insert(metadata.tables[table]).values({"id": LAST, **typed(table, row)}))
        if connection.dialect.name == "postgresql":  # it was numbered by hand: the sequence stands where it would
            connection.execute(text(f"SELECT setval('{table}_id_seq', {LAST})"))


def typed(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with words where the table has words."""
    kinds = {
        column.name: column.type.kind for column in metadata.tables[table].columns if isinstance(column.type, Word)
    }
    return {name: kinds[name](value) if name in kinds else value for name, value in row.items()}


def remember(connection: Connection, table: str, row: Mapping[str, Any]) -> None:
    """Write down what remembers an id."""
    if table == "searchable":  # as the version before wrote it
        connection.execute(text(f"INSERT INTO searchable (id, words) VALUES ({row['id']}, '')"))
    else:
        connection.execute(insert(metadata.tables[table]).values(typed(table, row)))


def following(connection: Connection, table: str) -> int:
    """Return the id that the next row of a table gets."""
    row = {**typed(table, ROWS[table]), UNIQUE.get(table, "id"): "another"}
    row.pop("id", None)
    made = connection.execute(insert(metadata.tables[table]).values(row)).inserted_primary_key
    assert made is not None
    return int(made[0])


UNIQUE = {"form": "digest", "request_type": "name", "team_channel": "chat", "account": "native", "inbox": "key"}
ROWS: dict[str, dict[str, Any]] = {
    "form": {"name": "new", "digest": "0", "data": {}, "created_at": MONDAY},
    "article": {
        "revision": 1,
        "section": "",
        "language": "en",
        "question": "?",
        "answer": "!",
        "keywords": [],
        "files": [],
        "enabled": True,
        "helped": 0,
        "not_helped": 0,
        "shown": 0,
    },
    "request_type": {
        "name": "other",
        "revision": 1,
        "position": 0,
        "kind": "incident",
        "title": {},
        "fields": [],
        "priority": "normal",
        "current": True,
    },
    "team_channel": {"source": "telegram:1", "chat": "-1", "language": "en", "threads": True},
    "person": PERSON,
    "account": {"person_id": 7, "source": "telegram:1", "native": "5", "name": "Ann"},
    "alias": {"article_id": 7, "text": "?", "state": "live", "at": MONDAY},
    "article_version": {"article_id": 7, "act": "added", "data": {}, "at": MONDAY},
    "ticket": {
        "requester_id": 7,
        "account_id": 7,
        "request_type_id": 7,
        "form_id": 7,
        "version": 1,
        "summary": "Broken",
        "answers": {},
        "status": "new",
        "kind": "new",
        "priority": "normal",
        "language": "en",
        "unread": 0,
        "created_at": MONDAY,
        "updated_at": MONDAY,
        "talked_at": MONDAY,
    },
    "message": TALK,
    "entry": {"ticket_id": 7, "action": "claim", "was": "new", "now": "open", "facts": {}, "at": MONDAY},
    "old_words": {"message_id": 7, "words": {}, "until": MONDAY},
    "time_spent": {"ticket_id": 7, "person_id": 7, "minutes": 5, "at": MONDAY},
    "draft": {**DRAFT, "answers": {}, "facts": {}},
    "post": POST,
    "rules_revision": {"data": {}, "act": "apply", "at": MONDAY},
    "inbox": {**EVENT, "key": "0", "lane": "telegram:1/5", "payload": ""},
    "outgoing": {**PROMISE, "lane": "telegram:1:5", "payload": ""},
    "timer": {**TIMER, "facts": {}},
    "audit": AUDIT,
    "verdict": {**VERDICT, "said": {}, "tried": []},
}


def test_every_table_that_numbers_its_rows_is_filled_here():
    born_so = {
        "alert_group",
        "announcement",
        "approval",
        "approver",
        "article_remark",
        "asset",
        "company",
        "duty_override",
        "outage",
        "overheard",
        "plan",
        "recurrence",
        "request_channel",
        "token",
        "answered_call",
    }  # made later, and numbered so at once
    assert set(ROWS) == set(references.with_own_ids()) - born_so


async def test_after_the_migration_no_table_gives_an_id_that_something_remembers(before: Database):
    def remembered(connection: Connection) -> None:
        fill(connection)
        for number, (table, row, _) in enumerate(REMEMBERED):
            remember(connection, table, {**row, "key": f"key {number}"} if table == "inbox" else row)

    await before.run(remembered)
    await before.run(migrate.upgrade)
    given = await before.run(lambda c: {table: following(c, table) for table in ROWS})
    for table in {of for *_, of in REMEMBERED}:
        assert given[table] > NAMED, table
    assert all(number > LAST for number in given.values())
    assert max(given.values()) < 2 * NAMED, "nothing counted as an id that is none of ours"


async def test_each_way_to_remember_an_id_is_read_by_itself(before: Database):
    """Where others remember the same one, a way that is not read would go unnoticed."""
    script = ScriptDirectory.from_config(migrate.alembic_config()).get_revision("0002").module

    def look(connection: Connection) -> None:
        fill(connection)
        for table, row, of in REMEMBERED:
            with connection.begin_nested() as nested, Operations.context(MigrationContext.configure(connection)):
                remember(connection, table, {**row, "key": "alone"} if table == "inbox" else row)
                assert script._remembered()[of] == NAMED, (table, row)
                nested.rollback()

    await before.run(look)


async def test_the_schema_of_the_version_before_is_restored_with_its_rows(before: Database):
    state = {
        "target:7": 3,
        "asked:find:7": ["card"],
        "turn:vip": {"7": 4},
        "knowledge.revision": 12,
        "home:7": {"account": 7},
    }

    def write(connection: Connection) -> None:
        fill(connection)
        for name, value in state.items():
            remember(connection, "setting", {"name": name, "value": value})

    older = MetaData()

    def rows(connection: Connection) -> dict[str, list[Any]]:
        connection.execute(text("DELETE FROM setting WHERE name = 'schema.served'"))  # said by whatever made the schema
        if not older.tables:
            older.reflect(connection)
        indexes = ("searchable", "full_text")  # and what SQLite keeps of them
        tables = [table for name, table in older.tables.items() if not name.startswith((*indexes, "alembic"))]
        return {each.name: sorted(map(repr, connection.execute(select(each)).all())) for each in tables}

    def schema(connection: Connection) -> list[tuple[str, ...]]:
        if connection.dialect.name == "sqlite":
            return sorted(map(tuple, connection.execute(text("SELECT type, name, sql FROM sqlite_master"))))
        return [(name,) for name in sorted(inspect(connection).get_table_names())]

    await before.run(write)
    was, looked = await before.run(rows), await before.run(schema)
    await before.run(migrate.upgrade)
    assert await before.run(rows) != was, "what is remembered of people has moved"
    await before.run(lambda connection: migrate.downgrade(connection, "0001"))
    assert await before.run(rows) == was
    assert [row for row in await before.run(schema) if "sqlite_sequence" not in row] == looked
    await before.run(migrate.upgrade)
    assert await before.run(lambda c: c.scalar(text("SELECT value FROM setting WHERE name = 'knowledge.revision'")))


async def test_no_table_gives_the_id_of_a_deleted_row_again(database: Database):
    def work(connection: Connection) -> None:
        fill(connection)
        for table in ROWS:
            made = following(connection, table)
            connection.execute(delete(metadata.tables[table]).where(metadata.tables[table].c.id == made))
            assert following(connection, table) > made, table

    await database.run(work)


# The lists of what names an id without a foreign key


def columns() -> dict[str, Any]:
    return {f"{table.name}.{column.name}": column for table in metadata.tables.values() for column in table.columns}


def test_every_number_that_could_be_an_id_has_a_foreign_key_or_is_listed():
    loose = {
        name
        for name, column in columns().items()
        if isinstance(column.type, BigInteger)
        and not column.foreign_keys
        and not (column.primary_key and column.table.autoincrement_column is column)
    }
    listed = {f"{column.table.name}.{column.name}" for column in references.COLUMNS}
    assert loose == listed | set(references.COUNTERS)


def test_every_text_that_could_name_an_id_says_whose_or_that_it_names_none():
    free = {name for name, column in columns().items() if isinstance(column.type, JSON | Text | TSVECTOR)}
    assert not set(references.TEXTS) & set(references.NAMELESS)
    assert free <= set(references.TEXTS) | set(references.NAMELESS)
    assert set(references.TEXTS) | set(references.NAMELESS) <= set(columns())


def test_whose_ids_they_are_is_a_table_that_numbers_its_rows():
    own = set(references.with_own_ids())
    assert set(references.COLUMNS.values()) <= own
    assert {table for tables in references.TEXTS.values() for table in tables} <= own


# What the version before has lost or mixed up


def written(connection: Connection, table: str, **values: Any) -> None:
    connection.execute(insert(metadata.tables[table]).values({**typed(table, ROWS.get(table, {})), **values}))


def told(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(query)).all()]


async def test_posts_of_promises_that_are_gone_get_them_again(before: Database):
    """What edits and deletions go by was deleted after 30 days; each post shows enough to make it anew."""

    def story(connection: Connection) -> None:
        fill(connection)
        written(connection, "message", id=8, kind=MessageKind.REPLY)
        where = {"outgoing_id": 40, "ticket_id": 7}
        written(connection, "post", id=11, place="telegram:1:5", message_id=8, native="1", part=0, **where)
        written(connection, "post", id=12, place="telegram:1:5", message_id=8, native="2", part=1, **where)
        written(connection, "post", id=13, place="telegram:1:-1", message_id=7, native="3", outgoing_id=41, ticket_id=7)
        written(
            connection, "post", id=14, place="telegram:1:-1", message_id=None, native="4", outgoing_id=42, ticket_id=7
        )
        written(connection, "post", id=15, place="telegram:1:5", message_id=7, native="5", outgoing_id=None)

    await before.run(story)
    await before.run(migrate.upgrade)
    found = await before.run(
        lambda c: told(c, "SELECT id, lane, state, payload, message_id, receipt FROM outgoing WHERE id > 7 ORDER BY id")
    )
    assert [(*row[:-1], bool(row[-1])) for row in found] == [
        (40, "telegram:1:5", "sent", "", 8, True),
        (41, "telegram:1:#7/7", "sent", "", 7, False),
        (42, "telegram:1:-1", "sent", "", None, False),
    ]
    posts = await before.run(lambda c: told(c, "SELECT id, outgoing_id FROM post WHERE id > 10 ORDER BY id"))
    assert posts == [(11, 40), (12, 40), (13, 41), (14, 42), (15, None)]
    assert await before.run(lambda c: following(c, "outgoing")) == 43


async def test_what_names_a_promise_of_another_is_told_apart(tmp_path):
    """On SQLite an id came again: what is weeks older than the promise it names, or of another request, is not its own."""
    database = await open_database(f"sqlite+aiosqlite:///{tmp_path / 'mixed.db'}")

    def story(connection: Connection) -> None:
        command.upgrade(migrate.alembic_config(connection), "0001")
        fill(connection)
        later = MONDAY + timedelta(days=40)
        written(connection, "ticket", id=8)
        written(
            connection, "outgoing", id=20, ticket_id=8, created_at=later, lane="telegram:1:6"
        )  # the second of this id
        written(connection, "outgoing", id=21, ticket_id=7, created_at=MONDAY, lane="telegram:1:-1")
        written(connection, "post", id=11, outgoing_id=20, ticket_id=7, place="telegram:1:5", native="1", at=MONDAY)
        written(connection, "post", id=12, outgoing_id=20, ticket_id=8, place="telegram:1:6", native="2", at=later)
        written(connection, "post", id=13, outgoing_id=21, ticket_id=7, place="telegram:1:-1", native="3", at=MONDAY)
        for place, outgoing in (("queue", 21), ("thread", 20)):
            written(connection, "card", ticket_id=7, team_channel_id=7, place=place, outgoing_id=outgoing, look="")
        written(connection, "message", id=8, receipt_id=20)
        written(connection, "message", id=9, receipt_id=21)
        written(connection, "draft", id=8, place="telegram:1:5", card=20)
        written(connection, "draft", id=9, place="telegram:1:6", card=20)

    await database.run(story)
    await database.run(migrate.upgrade)
    assert await database.run(lambda c: told(c, "SELECT id, outgoing_id FROM post WHERE id > 10 ORDER BY id")) == [
        *((11, 22), (12, 20), (13, 21)),
    ]
    assert await database.run(lambda c: told(c, "SELECT id, ticket_id FROM outgoing WHERE id > 7 ORDER BY id")) == [
        *((20, 8), (21, 7), (22, 7)),
    ]
    assert await database.run(lambda c: told(c, "SELECT place, outgoing_id FROM card")) == [("queue", 21)]
    assert await database.run(lambda c: told(c, "SELECT id, receipt_id FROM message WHERE id > 7")) == [
        (8, None),
        (9, 21),
    ]
    assert await database.run(lambda c: told(c, "SELECT id, card FROM draft WHERE id > 7")) == [(8, None), (9, 20)]
    await database.close()


async def test_what_was_remembered_of_people_is_theirs_in_the_new_table(before: Database):
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    kept = {
        "target:7": 3,
        "asked:queue:7": ["mine", "free"],
        "banned:7": {"at": soon},
        "proposal:7": {"token": "0a1b2c3d"},
        "bulk:7": {"act": "close"},
        "home:7": {"account": 7, "view": "mine", "shown": 40},
        "turn:vip": {"7": 4, "99": 6},
        "link:0a1b2c3d4e": {"person": 7, "until": soon},
        "fronts": {"opened": {"7": soon}, "left": [7], "stale": True, "due": soon},
    }
    strange = {"target:99": 3, "asked:find:99": ["x"], "link:ffff": {"person": 99, "until": soon}}  # of nobody any more
    others = {"knowledge.revision": 12}

    def story(connection: Connection) -> None:
        fill(connection)
        for name, value in {**kept, **strange, **others}.items():
            remember(connection, "setting", {"name": name, "value": value})

    await before.run(story)
    await before.run(migrate.upgrade)

    def look(connection: Connection) -> None:
        states, now = States(connection), datetime.now(UTC)
        assert states.get(7, StateKind.TARGET, now) == 3
        assert states.get(7, StateKind.QUEUE, now) == ["mine", "free"]
        assert states.get(7, StateKind.BAN_TOLD, now) == {"at": soon}
        assert states.get(7, StateKind.PROPOSAL, now) == {"token": "0a1b2c3d"}
        assert states.get(7, StateKind.BULK, now) == {"act": "close"}
        assert states.get(7, StateKind.HOME, now) == kept["home:7"]
        assert [(one.person_id, one.value) for one in states.all(StateKind.TURN, now, key="vip")] == [(7, 4)]
        assert states.owner(StateKind.LINK, "0a1b2c3d4e", now) == 7
        assert states.owner(StateKind.LINK, "0a1b2c3d4e", now + timedelta(minutes=6)) is None
        assert [one.person_id for one in states.all(StateKind.PAGE_OPEN, now)] == [7]
        names = set(connection.scalars(text("SELECT name FROM setting")).all())
        assert names == {"knowledge.revision", "schema.served"}

    await before.run(look)


async def test_a_migration_that_breaks_off_leaves_all_as_it_was(before: Database, monkeypatch):
    """A full disk, or a process that is killed: it is one transaction, and the next try finds the version before."""
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    script = scripts.get_revision("0002")
    assert script is not None

    def look(connection: Connection) -> list[Any]:
        tables = [row for name in ROWS for row in connection.execute(text(f"SELECT id FROM {name} ORDER BY id")).all()]
        return [
            sorted(inspect(connection).get_table_names()),
            migrate.current_revision(connection),
            list(map(tuple, tables)),
        ]

    def broken(*_: Any) -> None:
        raise OSError("no space left")

    await before.run(fill)
    was = await before.run(look)
    with monkeypatch.context() as patched:
        patched.setattr(ScriptDirectory, "from_config", lambda _: scripts)
        patched.setattr(script.module, "_mend", broken)
        with pytest.raises((OSError, DatabaseUnavailable)):
            await before.run(migrate.upgrade)
    assert await before.run(look) == was
    await before.run(migrate.upgrade)
    assert await before.run(lambda c: following(c, "outgoing")) == LAST + 1
