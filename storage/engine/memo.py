"""What a turn has read it does not ask for again, until it writes into a table that this was read from.

A card is drawn for each channel, each time from the same rows: of the 89 statements of one claim 40 were exact repeats.
Nobody has to remember to forget: every statement passes here, and one that writes, waits for a lock, or cannot be
looked into makes the turn read again.
"""

import contextlib
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, ForeignKeyConstraint, Select, Table, TextClause, event
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import Delete, UpdateBase

Rows = Sequence[Sequence[Any]]
_MEMO = "memo"
_WRITTEN: WeakKeyDictionary[Any, frozenset[str] | None] = WeakKeyDictionary()  # by compiled statement, which is kept
_WRITES = re.compile(r"\b(?:INSERT(?: OR REPLACE)? INTO|(?<!DO )UPDATE) (\w+)")
_READABLE, _OPAQUE = re.compile(r"\A\s*(?:WITH|SELECT|INSERT|UPDATE)\b"), re.compile(r"\bDELETE\b|FOR UPDATE|_lock\b")


class Memo:
    """The rows that one turn has read, by what was asked and with which values; and what it has written, to write it once.

    ``written`` holds, for each table, values by key: they stand there until something else is written into the table.
    ``happened`` is what became of tickets (storage/tickets/happened.py), in order; nothing is forgotten of it.
    """

    def __init__(self) -> None:
        self._rows: dict[Hashable, tuple[frozenset[str], dict[Hashable, Rows]]] = {}
        self.written: dict[str, dict[Hashable, Any]] = {}
        self.happened: list[Any] = []

    def read(
        self, asked: Hashable, tables: frozenset[str], params: Mapping[str, Any], read: Callable[[], Rows]
    ) -> Rows:
        """Return the rows of a question: those it was answered with before, else what ``read`` returns.

        ``params`` are the question's values, by the names of its bound parameters.
        """
        values = tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in params.items())
        _, known = self._rows.setdefault(asked, (tables, {}))
        if values not in known:
            known[values] = read()
        return known[values]

    def forget(self, written: frozenset[str] | None) -> None:
        """Forget what was read from any of these tables; None: from whichever."""
        if written is None:
            self._rows.clear()
            self.written.clear()
            return
        for table in written:
            self.written.pop(table, None)
        for asked in [asked for asked, (tables, _) in self._rows.items() if tables & written]:
            del self._rows[asked]


@contextlib.contextmanager
def remember_reads(connection: Connection) -> Iterator[None]:
    """Let what is read inside be read once."""
    info = connection.info  # taken once: a connection that was lost meanwhile gives none, and hides what it was lost by
    info[_MEMO] = Memo()
    try:
        yield
    finally:
        info.pop(_MEMO, None)


def memo_of(connection: Connection) -> Memo | None:
    """Return what the turn on this connection remembers; None outside of any."""
    return connection.info.get(_MEMO)


def tables_of(statement: Any) -> frozenset[str]:
    """Return the names of all tables that a statement names."""
    return frozenset(each.name for each in visitors.iterate(statement) if isinstance(each, Table))


def written_by(statement: Any) -> frozenset[str] | None:
    """Return the tables that a statement may change: none for a plain question, None where it cannot be told.

    A question that locks rows may have waited for another's commit: whatever was read before it may be old.
    """
    if isinstance(statement, TextClause):
        return _written_by_text(statement.text)
    if isinstance(statement, Select) and (lock := statement._for_update_arg) is not None:
        # One that only keeps its rows from being deleted waits for nobody but whoever deletes them.
        return tables_of(statement) if lock.key_share and lock.read else None
    changes = [each for each in visitors.iterate(statement) if isinstance(each, UpdateBase)]
    if not changes:
        return frozenset() if getattr(statement, "is_select", False) else None
    return frozenset(name for each in changes for name in _reached(each))


def _written_by_text(sql: str) -> frozenset[str] | None:
    return frozenset(_WRITES.findall(sql)) if _READABLE.match(sql) and not _OPAQUE.search(sql) else None


def _reached(change: UpdateBase) -> Iterable[str]:
    table = change.table
    assert isinstance(table, Table)
    return _followers(table) if isinstance(change, Delete) else (table.name,)


@cache
def _followers(table: Table) -> frozenset[str]:
    """Return a table and those whose rows go, or lose what they name, with its rows."""
    found, new = {table}, {table}
    while new:
        new = {each for each in table.metadata.tables.values() if each not in found and _follows(each, new)}
        found |= new
    return frozenset(each.name for each in found)


def _follows(table: Table, gone: Iterable[Table]) -> bool:
    keys = (each for each in table.constraints if isinstance(each, ForeignKeyConstraint))
    return any(key.ondelete and key.referred_table in gone for key in keys)


def watch_writes(engine: Engine) -> None:
    """Let each statement that writes through this engine be noticed."""

    @event.listens_for(engine, "before_cursor_execute")
    def notice(connection: Connection, *details: Any) -> None:
        memo = memo_of(connection)
        if memo is None:
            return
        compiled = getattr(details[3], "compiled", None)  # SQL given as a string has none
        if compiled is None:
            memo.forget(None)
            return
        if compiled not in _WRITTEN:
            _WRITTEN[compiled] = written_by(compiled.statement)
        memo.forget(_WRITTEN[compiled])
