"""What a table is: named columns, each of one kind, and values of Python's own types. Writers decide how a kind looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

Value = str | int | float | datetime | timedelta | None


class CellKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    DECIMAL = "decimal"
    SHARE = "share"  # 0 to 1, shown in percent
    TIME = "time"  # an aware moment, shown in the table's zone
    LENGTH = "length"  # a duration, shown as hours and minutes


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what its header says, and what it holds."""

    title: str
    kind: CellKind = CellKind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table that is small enough to be held."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    chart: str = ""  # "bar" or "line": of the first column against the numbers
    note: str = ""
