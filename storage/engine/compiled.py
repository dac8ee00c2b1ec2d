"""Statements of the hot path, made ready once: SQLAlchemy writes the SQL and knows the types, SQLite's own driver runs it.

Measured on SQLite: executing a Core statement costs 35 µs (100 µs where it is built anew each time), the same through a plan
4 to 10. A statement with a list in it (``IN``), and everything on PostgreSQL, goes the ordinary way.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, Executable, Insert, bindparam, or_
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from storage.engine.memo import memo_of, tables_of, written_by
from storage.engine.storable import storable_value
from storage.types import made_id

Row = Sequence[Any]
Params = Mapping[str, Any]  # a statement's values, by the names of its bound parameters or columns
_Convert = Callable[[Any], Any]


_WIDTH = 4  # values that ``any_of`` compares with at once


def any_of(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether a column has one of a few values, which ``few_values`` gives: with no list in it, it is made ready once."""
    return or_(*(column == bindparam(f"any_{place}") for place in range(_WIDTH)))


def few_values(values: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """Yield the parameters of ``any_of`` until each value has had its turn; the last one fills what is left over."""
    for start in range(0, len(values), _WIDTH):
        some = values[start : start + _WIDTH]
        yield {f"any_{place}": some[min(place, len(some) - 1)] for place in range(_WIDTH)}


class Prepared:
    """A statement, or one for each dialect by name (``sqlite``, ``postgresql``); ``once``: a turn asks it once (memo.py)."""

    def __init__(self, statement: Executable | Mapping[str, Executable], *, once: bool = False) -> None:
        each = statement if isinstance(statement, Mapping) else dict.fromkeys(("sqlite", "postgresql"), statement)
        self.statements: Mapping[str, Any] = each
        self._once = once
        self._plans: dict[tuple[str, ...], _Plan | None] = {}

    @cached_property
    def _tables(self) -> frozenset[str]:
        return frozenset().union(*(tables_of(each) for each in self.statements.values()))

    @cached_property
    def _written(self) -> frozenset[str] | None:
        return written_by(self.statements["sqlite"])

    def all(self, connection: Connection, params: Params | None = None) -> Sequence[Row]:
        """Return every row."""
        params = params or {}
        memo = memo_of(connection) if self._once else None
        if memo is None:
            return self._rows(connection, params)
        return memo.read(self, self._tables, params, lambda: self._rows(connection, params))

    def know(self, connection: Connection, params: Params, rows: Sequence[Row]) -> None:
        """Let this turn have these rows for an answer without asking: it has just written them."""
        if (memo := memo_of(connection)) is not None:
            memo.read(self, self._tables, params, lambda: rows)

    def _rows(self, connection: Connection, params: Params) -> Sequence[Row]:
        plan = self._plan(connection, params)
        if plan is None:
            return connection.execute(self._core(connection), params).all()
        if self._written != frozenset():
            self._forget(connection)
        return plan.rows(connection, params)

    def _forget(self, connection: Connection) -> None:
        """Let a turn read again what this has changed; what SQLAlchemy runs is noticed by itself."""
        if (memo := memo_of(connection)) is not None:
            memo.forget(self._written)

    def first(self, connection: Connection, params: Params | None = None) -> Row | None:
        """Return the first row, if there is one."""
        return next(iter(self.all(connection, params)), None)

    def scalar(self, connection: Connection, params: Params | None = None) -> Any:
        """Return the first column of the first row, None where there is no row."""
        row = self.first(connection, params)
        return None if row is None else row[0]

    def run(self, connection: Connection, params: Params) -> int:
        """Do it once; return how many rows it changed."""
        plan = self._plan(connection, params)
        if plan is None:
            return connection.execute(self._core(connection), params).rowcount
        self._forget(connection)
        return plan.run(connection, params).rowcount

    def insert(self, connection: Connection, row: Params) -> int:
        """Insert a row and return the id it got."""
        plan = self._plan(connection, row)
        if plan is None:
            return made_id(connection.execute(self._core(connection), row))
        self._forget(connection)
        made = plan.run(connection, row).lastrowid
        assert made is not None
        return made

    def each(self, connection: Connection, rows: Sequence[Params]) -> None:
        """Do it for each of these, in order; all name the same parameters."""
        if not rows:
            return
        plan = self._plan(connection, rows[0])
        if plan:
            self._forget(connection)
            plan.each(connection, rows)
        else:
            connection.execute(self._core(connection), rows)

    def _core(self, connection: Connection) -> Any:
        return self.statements[connection.dialect.name]

    def _plan(self, connection: Connection, params: Params) -> "_Plan | None":
        if connection.dialect.name != "sqlite":
            return None
        names = tuple(params)
        if names not in self._plans:
            self._plans[names] = _plan(self.statements["sqlite"], names, connection.dialect)
        return self._plans[names]


@contextlib.contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Undo all that is done inside when it fails, and nothing that was done before."""
    # Taken before anything fails: a connection that is lost gives none, and hides what it was lost by.
    memo = memo_of(connection)
    try:
        with _undoing(connection):
            yield
    except BaseException:
        if memo is not None:
            memo.forget(None)  # what was read or written inside may have been undone
        raise


@contextlib.contextmanager
def _undoing(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        with connection.begin_nested():
            yield
        return
    raw = _raw(connection)
    raw.execute("SAVEPOINT inside")
    try:
        yield
    except BaseException:
        if raw.in_transaction:  # else SQLite has undone everything already (a full disk)
            raw.execute("ROLLBACK TO inside")
            raw.execute("RELEASE inside")
        raise
    raw.execute("RELEASE inside")


class _Plan:
    """The SQL of a statement, and how values go into it and come out of it."""

    def __init__(self, compiled: SQLCompiler, columns: Iterable[TypeEngine[Any]], dialect: Dialect) -> None:
        self._sql = str(compiled)
        names = compiled.positiontup or ()
        self._names = [(name, _into(compiled.binds[name].type, dialect)) for name in names]
        self._fixed = dict(compiled.params)
        out = ((index, _out_of(type_, dialect)) for index, type_ in enumerate(columns))
        self._convert = [(index, convert) for index, convert in out if convert]

    def rows(self, connection: Connection, params: Params) -> Sequence[Row]:
        found = self.run(connection, params).fetchall()
        return [self._converted(row) for row in found] if self._convert else found

    def run(self, connection: Connection, params: Params) -> sqlite3.Cursor:
        return _raw(connection).execute(self._sql, self._values(params))

    def each(self, connection: Connection, rows: Sequence[Params]) -> None:
        _raw(connection).executemany(self._sql, [self._values(row) for row in rows])

    def _values(self, params: Params) -> list[Any]:
        fixed = self._fixed
        return [
            storable_value(into(value) if into else value)
            for name, into in self._names
            for value in (params[name] if name in params else fixed[name],)
        ]

    def _converted(self, row: Row) -> Row:
        values = list(row)
        for index, convert in self._convert:
            values[index] = convert(values[index])
        return values


def _plan(statement: Any, names: Sequence[str], dialect: Dialect) -> _Plan | None:
    """Return a statement's plan, None where its SQL depends on the values."""
    compiled = statement.compile(dialect=dialect, column_keys=names if isinstance(statement, Insert) else None)
    if any(bind.expanding for bind in compiled.binds.values()):
        return None
    columns = getattr(statement, "selected_columns", ()) or getattr(statement, "exported_columns", ())
    return _Plan(compiled, [column.type for column in columns], dialect)


def _into(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _out_of(type_: TypeEngine[Any], dialect: Dialect) -> _Convert | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)


def _raw(connection: Connection) -> sqlite3.Connection:
    """Return the driver's own connection."""
    raw: Any = connection.connection.dbapi_connection
    return raw  # type: ignore[no-any-return]
