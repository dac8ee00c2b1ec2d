"""Workbooks: real dates, durations and numbers; text is text whatever it begins with; a header that stays and filters.

Rows are written one after another and kept nowhere, so a sheet of any length costs the same memory.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.sheets.cells import cell_text
from handlers.vocabulary.tables import CellKind, Column, Table, Value

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

FORMATS = {
    CellKind.TIME: "yyyy-mm-dd hh:mm",
    CellKind.LENGTH: "[h]:mm",
    CellKind.SHARE: "0%",
    CellKind.DECIMAL: "0.00",
    CellKind.NUMBER: "0",
    CellKind.TEXT: "@",
}
WIDTHS = (6, 60)  # characters of a column, at least and at most
USUAL = {CellKind.TIME: 17, CellKind.LENGTH: 9, CellKind.SHARE: 8, CellKind.DECIMAL: 9, CellKind.NUMBER: 8}
DAY = timedelta(days=1)
MOST = 1_048_575  # rows below the header that a sheet of a workbook may have


class Book:
    """A workbook as it grows."""

    def __init__(self, zone: str) -> None:
        from xlsxwriter import Workbook

        self._out = BytesIO()
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.workbook: Workbook = Workbook(self._out, {**options, "strings_to_numbers": False})
        self.zone = ZoneInfo(zone)
        self.head = self.workbook.add_format(
            {"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        self.looks = {kind: self.workbook.add_format({"num_format": form}) for kind, form in FORMATS.items()}
        self._names: set[str] = set()

    def sheet(self, title: str, columns: Sequence[Column]) -> "Sheet":
        """Begin a sheet."""
        return Sheet(self, title, columns)

    def begin_sheet(self, title: str) -> "Worksheet":
        """Return a new sheet under a name that no other one has."""
        return self.workbook.add_worksheet(self._named(title))

    def add(self, table: Table) -> None:
        """Write a whole table as a sheet, with its chart."""
        sheet = self.sheet(table.title, table.columns)
        sheet.write(table.rows)
        sheet.close()
        if table.chart and table.rows:
            sheet.chart(table)

    def close(self) -> bytes:
        """Return the file."""
        self.workbook.close()
        return self._out.getvalue()

    def _named(self, title: str) -> str:
        """Return a name that a sheet may have: 31 letters, none that a reference is made of, no other sheet's."""
        plain = "".join(" " if letter in "[]:*?/\\" else letter for letter in title).strip("' ")[:31] or "Sheet"
        name, number = plain, 2
        while name.casefold() in self._names:
            name, number = f"{plain[:28]} {number}", number + 1
        self._names.add(name.casefold())
        return name


class Sheet:
    """One sheet as it grows, row after row; where it is full it goes on in another."""

    def __init__(self, book: Book, title: str, columns: Sequence[Column]) -> None:
        self._book, self._title, self._columns = book, title, columns
        self._begin()

    def _begin(self) -> None:
        self.rows, self._sheet = 0, self._book.begin_sheet(self._title)
        self._widths = [max(USUAL.get(one.kind, WIDTHS[0]), min(len(one.title) + 3, 24)) for one in self._columns]
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._columns):
            self._sheet.write_string(0, place, cell_text(column.title), self._book.head)

    def write(self, rows: Iterable[Sequence[Value]]) -> None:
        """Write rows below those that are there."""
        for row in rows:
            if self.rows == MOST:
                self.close()
                self._begin()
            self.rows += 1
            for place, (column, value) in enumerate(zip(self._columns, row, strict=True)):
                if value is not None:
                    self._cell(place, column, value)

    def close(self) -> None:
        """Let the header filter, and the columns be as wide as what stands in them."""
        self._sheet.autofilter(0, 0, max(self.rows, 1), len(self._columns) - 1)
        for place, width in enumerate(self._widths):
            self._sheet.set_column(place, place, width)

    def _cell(self, place: int, column: Column, value: Value) -> None:
        sheet, look = self._sheet, self._book.looks[column.kind]
        if isinstance(value, datetime):
            local = value.astimezone(self._book.zone).replace(tzinfo=None, microsecond=0)
            sheet.write_datetime(self.rows, place, local, look)
        elif isinstance(value, timedelta):
            sheet.write_number(self.rows, place, value / DAY, look)
        elif isinstance(value, str):
            text = cell_text(value)
            longest = max(map(len, text[:400].split("\n")))
            self._widths[place] = max(self._widths[place], min(longest + 1, WIDTHS[1]))
            sheet.write_string(self.rows, place, text, look)
        elif value is not None:
            sheet.write_number(self.rows, place, value, look)

    def chart(self, table: Table) -> None:
        """Draw the sheet's numbers beside them, as a chart of the spreadsheet's own."""
        numbers = [place for place, one in enumerate(table.columns) if one.kind is not CellKind.TEXT]
        alike = [place for place in numbers if table.columns[place].kind is table.columns[numbers[0]].kind]
        if not alike:
            return
        made: Any = self._book.workbook.add_chart({"type": "line" if table.chart == "line" else "bar"})
        name, last = self._sheet.get_name(), self.rows
        for place in alike[:6]:
            made.add_series(
                {
                    "name": [name, 0, place],
                    "categories": [name, 1, 0, last, 0],
                    "values": [name, 1, place, last, place],
                }
            )
        made.set_title({"name": table.title})
        if table.chart != "line":
            made.set_y_axis({"reverse": True})
        made.set_legend({"position": "bottom"})
        made.set_size({"width": 720, "height": max(288, min(40 + 22 * last, 900))})
        self._sheet.insert_chart(1, len(table.columns) + 1, made)


@contextlib.contextmanager
def open_workbook(zone: str) -> Iterator[Book]:
    """Yield a workbook that is closed whatever happens, so that nothing of it is left behind."""
    made = Book(zone)
    try:
        yield made
    except BaseException:
        made.close()
        raise


def build_workbook(tables: Sequence[Table], zone: str) -> bytes:
    """Return a workbook with a sheet for each table."""
    with open_workbook(zone) as made:
        for table in tables:
            made.add(table)
        return made.close()
