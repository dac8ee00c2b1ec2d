"""Spreadsheets: a table with types, so that numbers add up and times are times; what people wrote is text, never a formula."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

WIDEST = 60  # characters of a column
LONGEST = 32_000  # characters of a cell; Excel takes 32,767
NAME = 31  # characters of a sheet's name


def workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Any]]]], zone: str = "UTC") -> bytes:
    """Return an XLSX file of these sheets: a name, the titles of its columns, its rows; times are told in a zone."""
    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        forms = {
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            timedelta: book.add_format({"num_format": "[h]:mm:ss"}),
        }
        for name, titles, rows in sheets:
            _sheet(book.add_worksheet(_name(name)), titles, rows, head, forms, zone)
    return made.getvalue()


def _sheet(sheet: Any, titles: Sequence[str], rows: Iterable[Sequence[Any]], head: Any, forms: Any, zone: str) -> None:
    widths = [len(title) for title in titles]
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, head)
    count = 0
    for count, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _cell(sheet, count, column, value, forms, zone)
            widths[column] = max(widths[column], min(len(str(value)), WIDEST))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)
    sheet.freeze_panes(1, 0)
    if titles:
        sheet.autofilter(0, 0, max(count, 1), len(titles) - 1)


def _cell(sheet: Any, row: int, column: int, value: Any, forms: Any, zone: str) -> None:
    match value:
        case None | "":
            return
        case bool():
            sheet.write_boolean(row, column, value)
        case int() | float():
            sheet.write_number(row, column, value)
        case datetime():
            sheet.write_datetime(row, column, value.astimezone(ZoneInfo(zone)).replace(tzinfo=None), forms[datetime])
        case timedelta():
            sheet.write_datetime(row, column, value, forms[timedelta])
        case _:
            sheet.write_string(row, column, str(value)[:LONGEST])


def _name(name: str) -> str:
    """Return a sheet's name without what Excel does not take in one."""
    return "".join(" " if one in "[]:*?/\\'" else one for one in name)[:NAME].strip() or "Sheet"
