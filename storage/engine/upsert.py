"""A row that is written whether there is one of its key or not, on both databases."""

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def put_row(connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write a row; one of the same key gets these values. ``key`` and ``values`` are by column; both are needed."""
    statement = _dialect(connection).insert(table).values({**key, **values})
    changed = {name: statement.excluded[name] for name in values}
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed))


def add_one(connection: Connection, key: Mapping[str, Any], count: Column[int]) -> None:
    """Add one to a count; a row of this ``key`` (by column) that is not there yet begins with one."""
    statement = _dialect(connection).insert(count.table).values({**key, count.name: 1})
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_={count.name: count + 1}))


def _dialect(connection: Connection) -> ModuleType:
    return postgresql if connection.dialect.name == "postgresql" else sqlite
