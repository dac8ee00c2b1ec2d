"""A copy of the records for trials, in which nobody is named and nothing that anybody wrote can be read.

What a column may hold is told by ``storage/retention/privacy.py``: a person's is masked, letter by letter, so that lengths, lines
and numbers of words stay as they were; what waits, what came in and what went out is not copied at all.
"""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, PrimaryKeyConstraint, String, Table, UniqueConstraint, insert, select

from storage.engine.database import Reads
from storage.engine.migrate import upgrade
from storage.engine.sqlite_writer import SqliteDatabase
from storage.models import (
    account,
    article,
    article_version,
    company,
    entry,
    message,
    metadata,
    person,
    request_channel,
    ticket,
)
from storage.retention.privacy import HELD
from storage.tickets.search import Search
from storage.types import Columns, Word

EACH = 500  # rows of one look
LEFT_OUT = frozenset(  # what waits, came in, went out, or is looked for by ids of the messengers
    (
        *("inbox", "outgoing", "begun", "lane", "bucket", "standstill", "timer", "person_state", "draft", "setting"),
        *("own_account", "moved_chat", "article_import"),
        *("post", "card", "thread", "searchable", "erased", "rules_revision", "audit", "old_words", "secret_answer"),
        *("announcement", "announced", "outage", "affected", "outage_ticket", "outage_quote"),
    )
)
OPEN: Mapping[str, frozenset[str]] = {  # of the team's, for all to read: answers are no one's secret
    article.name: frozenset(("question", "answer", "keywords")),
    article_version.name: frozenset(("data",)),
    request_channel.name: frozenset(("settings",)),
    company.name: frozenset(("until",)),
}
KEPT = frozenset(("source", "language", "time_zone", "notify", "role", "kind"))  # few values, which name nobody
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")


def masked_value(value: Any) -> Any:
    """Return a text, or data with texts in it, with an x for every letter and a 0 for every digit."""
    match value:
        case str():
            return _DIGIT.sub("0", _LETTER.sub("x", value))
        case Mapping():
            return {name: masked_value(each) for name, each in value.items()}
        case list():
            return [masked_value(each) for each in value]
    return value


def personal_columns(table: Table) -> frozenset[str]:
    """Return the columns of a table that can hold somebody's words or ids."""
    named = {name for held in HELD.get(table.name, ()) for name in held.columns.split()}
    words = {
        name
        for name in named
        if isinstance(table.c[name].type, String | JSON) and not isinstance(table.c[name].type, Word)
    }
    return frozenset(words - KEPT - OPEN.get(table.name, frozenset()))


def told_apart(table: Table) -> frozenset[str]:
    """Return the columns that are masked, and of which no two rows may have the same: a mask of letters alone would."""
    unique = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint | PrimaryKeyConstraint)]
    unique += [each.columns for each in table.indexes if each.unique]
    return personal_columns(table) & {column.name for columns in unique for column in columns}


def row_of(table: Table, row: Columns, place: int) -> dict[str, Any]:
    """Return a row without anybody's words or ids; ``place``: which row of its table it is."""
    found = {name: masked_value(value) if name in personal_columns(table) else value for name, value in row.items()}
    found |= dict.fromkeys(told_apart(table), f"x{place}")
    if table is person:
        found["name"] = f"Person {row['id']}"
    elif table is account:
        name = f"Person {row['person_id']}"
        found |= {
            "native": f"~{row['id']}",
            "name": name,
            "username": "",
            "chat": "",
            "name_key": "",
            "username_key": "",
        }
    elif table is message:
        found |= {"words": {"text": masked_value(row["words"]["text"]), "spans": []}, "files": []}
    elif table is entry:
        found["facts"] = {
            name: value for name, value in row["facts"].items() if not isinstance(value, str | list | dict)
        }
    elif table is article or table is article_version:
        found |= {"files": []} if table is article else {}
    return found


async def write_trial_copy(database: Reads, out: Path) -> dict[str, int]:
    """Write the copy to a new file; return how many rows each table of it has."""
    target = SqliteDatabase(f"sqlite:///{out}")
    await target.reach()
    try:
        await target.run(upgrade)
        await target.run(lambda connection: connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON"))
        counts: dict[str, int] = {}
        for table in metadata.sorted_tables:
            if table.name not in LEFT_OUT:
                counts[table.name] = await _copy_table(database, target, table)
        for number in await target.run(_tickets):
            await target.run(partial(_index, number=number))
        return counts
    finally:
        await target.close()


async def _copy_table(database: Reads, target: SqliteDatabase, table: Table) -> int:
    count = 0
    while True:
        rows = await database.read(partial(_page, table=table, offset=count))
        if rows:
            await target.run(partial(_put, table=table, rows=rows, offset=count))
        count += len(rows)
        if len(rows) < EACH:
            return count


def _page(connection: Connection, table: Table, offset: int) -> Sequence[Columns]:
    query = select(table).order_by(*table.primary_key.columns).offset(offset).limit(EACH)
    return [dict(row) for row in connection.execute(query).mappings().all()]


def _put(connection: Connection, table: Table, rows: Sequence[Columns], offset: int) -> None:
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    made = [row_of(table, row, place) for place, row in enumerate(rows, offset + 1)]
    if table is ticket:  # a request may point at one that comes later
        made = [{**row, "previous_id": None} for row in made]
    connection.execute(insert(table), made)


def _tickets(connection: Connection) -> list[int]:
    return list(connection.scalars(select(ticket.c.id)).all())


def _index(connection: Connection, number: int) -> None:
    Search(connection).renew_all(number)
