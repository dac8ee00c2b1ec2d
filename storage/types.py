"""Column types that read the same on SQLite and PostgreSQL, and what JSON columns hold."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import TIMESTAMP, BigInteger, CursorResult, Dialect, String, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

E = TypeVar("E", bound=StrEnum)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
Columns = Mapping[str, Any]  # values of one row, by the names of its table's columns
Answers = Mapping[str, Any]  # of a form, by field: text, a number, a list of files; "" or None where it was skipped


def moment_ticks(moment: datetime) -> int:
    """Return a moment in microseconds since 1970."""
    return (moment - EPOCH) // _MICROSECOND


def ticks_moment(ticks: int) -> datetime:
    """Return the moment that is so many microseconds since 1970, in UTC."""
    return EPOCH + timedelta(microseconds=ticks)


class ticks(FunctionElement[int]):  # noqa: N801 - a function of SQL, as SQLAlchemy spells them
    """A column of moments in microseconds since 1970, on either database."""

    type = BigInteger()
    inherit_cache = True


@compiles(ticks)
def _ticks(element: ticks, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


@compiles(ticks, "postgresql")
def _ticks_of_timestamp(element: ticks, compiler: SQLCompiler, **how: Any) -> str:
    return f"CAST(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **how)}) * 1000000 AS BIGINT)"


def made_id(result: CursorResult[Any]) -> int:
    """Return the id of the row that an insert made."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


class Moment(TypeDecorator[datetime]):
    """An aware UTC time: ``timestamptz`` on PostgreSQL, microseconds since 1970 on SQLite (sortable, never naive)."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the column type of this database."""
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if dialect.name == "postgresql" else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Return what the driver takes."""
        if value is None or dialect.name == "postgresql":
            return value
        return moment_ticks(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return an aware time."""
        if value is None or dialect.name == "postgresql":
            return None if value is None else value.astimezone(UTC)
        return ticks_moment(value)


class Word(TypeDecorator[E]):
    """A ``StrEnum`` kept as its word."""

    impl = String(24)
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, dialect: Dialect) -> Any:
        """Return the word."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> E | None:
        """Return the enum's member."""
        return None if value is None else self.kind(value)
