"""CSV: a line a row, in UTF-8 with its mark so that spreadsheets know it; no cell that one would take for a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

from handlers.vocabulary.tables import Column, Table, Value
from kb.files.formulas import with_mark


class CsvFile:
    """A CSV file as it grows."""

    def __init__(self, columns: Sequence[Column], zone: str) -> None:
        self.rows = 0
        self._zone = ZoneInfo(zone)
        self._out = StringIO(newline="")
        self._writer = csv.writer(self._out)
        self._writer.writerow([self._cell(column.title) for column in columns])

    def write(self, rows: Iterable[Sequence[Value]]) -> None:
        """Write rows below those that are there."""
        for row in rows:
            self.rows += 1
            self._writer.writerow([self._cell(value) for value in row])

    def close(self) -> bytes:
        """Return the file."""
        return b"\xef\xbb\xbf" + self._out.getvalue().encode("utf-8", "replace")

    def _cell(self, value: Value) -> str | int | float:
        match value:
            case None:
                return ""
            case datetime():
                return value.astimezone(self._zone).replace(tzinfo=None, microsecond=0).isoformat(" ")
            case timedelta():
                minutes = round(value.total_seconds() / 60)
                return f"{minutes // 60}:{minutes % 60:02}"
            case str():
                return with_mark(value)
        return value


def csv_file(table: Table, zone: str) -> bytes:
    """Return a whole table as CSV."""
    made = CsvFile(table.columns, zone)
    made.write(table.rows)
    return made.close()
