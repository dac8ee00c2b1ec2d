"""Rows of which a person has one a key, given to another person and given back; what the way back needs is JSON."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, insert, select, tuple_
from sqlalchemy.sql import ColumnElement

from storage.types import Columns, Moment

BATCH = 500  # ids or keys in one statement

Key = tuple[Any, ...]  # of a row, without its person; empty where a person has one row at most
# The keys of the rows that moved, and as a whole those whose key the other had already, and those of the other's that were over.
Moved = dict[str, list[Any]]


def move_rows(connection: Connection, table: Table, keep: int, gone: int) -> Moved:
    """Give the rows of one person to another, leaving out those whose key the other has; return both sorts.

    Of two of which one is over, the other counts: it is given in the place of that, which is returned, too.
    """
    had, rows = rows_by_key(connection, table, keep), rows_by_key(connection, table, gone)
    connection.execute(delete(table).where(table.c.person_id == gone))
    moved = {key: row for key, row in rows.items() if key not in had}
    over = {key: had[key] for key, row in rows.items() if key in had and _is_over(had[key]) and not _is_over(row)}
    for batch in in_batches([*over]):
        connection.execute(delete(table).where(table.c.person_id == keep, *_having(table, batch)))
    given = [*moved.values(), *(rows[key] for key in over)]
    if given:
        connection.execute(insert(table), [{**row, "person_id": keep} for row in given])
    both = [_plain(row) for key, row in rows.items() if key in had]
    return {"moved": [*map(list, moved)], "both": both, "over": [*map(_plain, over.values())]}


def divide_rows(
    connection: Connection, table: Table, keep: int, second: int, moved: Mapping[str, Sequence[Any]]
) -> None:
    """Give back what was the second's: what moved as it is now, what both had as it was; what is gone since is gone.

    What has ended since, has ended for both; what was over before is so again.
    """
    there = rows_by_key(connection, table, keep)
    keys = [key for key in map(_read_key, moved["moved"]) if key in there]
    both = {key: row for each in moved["both"] for key, row in [_read_row(table, each, there)] if key in there}
    both = {key: {**row, **_ended(there[key])} if not _is_over(row) else row for key, row in both.items()}
    over = {key: row for each in moved.get("over", ()) for key, row in [_read_row(table, each, there)] if key in there}
    for batch in in_batches([*keys, *over]):  # the version before kept none that was over
        connection.execute(delete(table).where(table.c.person_id == keep, *_having(table, batch)))
    back = [{**row, "person_id": second} for row in (*(there[key] for key in keys), *both.values())]
    back += [{**row, "person_id": keep} for row in over.values()]
    if back:
        connection.execute(insert(table), back)


def _is_over(row: Columns) -> bool:
    """Return whether what a row tells has an end that has come."""
    return row.get("ended_at") is not None


def _ended(row: Columns) -> Columns:
    return {"ended_at": row["ended_at"]} if _is_over(row) else {}


def rows_by_key(connection: Connection, table: Table, person_id: int) -> dict[Key, Columns]:
    """Return a person's rows by their keys."""
    rows = connection.execute(select(table).where(table.c.person_id == person_id)).mappings().all()
    return {_key_of(table, row): row for row in map(dict[str, Any], rows)}


def in_batches(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield ids a few at a time: a statement takes no more."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _key_columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.primary_key.columns if column.name != "person_id"]


def _key_of(table: Table, row: Columns) -> Key:
    return tuple(row[column.name] for column in _key_columns(table))


def _having(table: Table, keys: Sequence[Key]) -> list[ColumnElement[bool]]:
    columns = _key_columns(table)
    return [tuple_(*columns).in_(keys)] if columns else []


def _plain(row: Columns) -> dict[str, Any]:
    """Return a row as JSON has it: times as ISO 8601."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _read_key(kept: Any) -> Key:
    """Return a key as it was before it was JSON; the version before kept one of a single column as its value."""
    return tuple(kept) if isinstance(kept, list) else (kept,)


def _read_row(table: Table, kept: Any, there: Mapping[Key, Columns]) -> tuple[Key, Columns]:
    """Return a row as it was before it was JSON, with its key; the version before kept its key alone."""
    if not isinstance(kept, dict):
        return _read_key(kept), there.get(_read_key(kept), {})
    times = {column.name for column in table.columns if isinstance(column.type, Moment)}
    row = {
        name: datetime.fromisoformat(value) if name in times and value is not None else value
        for name, value in kept.items()
    }
    return _key_of(table, row), row
