"""Articles in the sheets of a workbook: XLSX, XLSM, XLSB, ODS or XLS."""

import io
from collections.abc import Iterator
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook

from kb.files.csv import read_table
from kb.files.notes import Notes, Options, Row
from kb.files.validation import Problem

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_ROWS = 100_000  # of one sheet


def read_workbook(raw: bytes, options: Options, notes: Notes) -> Iterator[Row]:
    """Yield what stands in the rows of every sheet; where several hold articles, a sheet's name is its section."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheets = {name: book.get_sheet_by_name(name).to_python(nrows=_ROWS) for name in book.sheet_names}
    except CalamineError as error:
        yield 0, Problem("unreadable", 0, {"why": str(error)[:200]}), 0
        return
    filled = {name: rows for name, rows in sheets.items() if any(any(cell != "" for cell in row) for row in rows)}
    found = 0
    refused: list[Row] = []
    for name, rows in filled.items():
        lines = [(at, [_said(cell) for cell in row]) for at, row in enumerate(rows, 1)]
        told = Notes()
        for row in read_table(lines, options, told, len(raw), section=name if len(filled) > 1 else ""):
            if isinstance(row[1], Problem) and not told.columns.keys() >= {"question", "answer"}:
                refused.append(row)  # a sheet of something else
            else:
                found += 1
                yield row
        if not notes.columns or not notes.columns.keys() >= {"question", "answer"}:
            notes.columns, notes.headings, notes.unused = told.columns, told.headings, told.unused
            notes.unsure = told.unsure
        notes.left_out += told.left_out
    if not found:
        yield from refused


def _said(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)
