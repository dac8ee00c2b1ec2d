"""Articles in the sheets of a workbook: XLSX, XLSM, XLSB, ODS or XLS."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from kb.files.columns import NEEDED
from kb.files.csv import read_table
from kb.files.fields import place_in_file
from kb.files.notes import Notes, Options, Row
from kb.files.validation import Problem

ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_ROWS = 100_000  # of one sheet


def read_workbook(raw: bytes, options: Options, notes: Notes) -> Iterator[Row]:
    """Yield what stands in the rows of every sheet; where several hold articles, a sheet's name is its section."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        found_sheets = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        begins = {name: (sheet.start or (0, 0))[0] + 1 for name, sheet in found_sheets.items()}
        sheets = {name: _rows_of(sheet, notes) for name, sheet in found_sheets.items()}
    except CalamineError as error:
        yield 0, Problem("unreadable", 0, {"why": str(error)[:200]}), 0
        return
    filled = {name: rows for name, rows in sheets.items() if any(any(cell != "" for cell in row) for row in rows)}
    found = 0
    refused: list[Row] = []
    for name, rows in filled.items():
        lines = [(at, [_said(cell) for cell in row]) for at, row in enumerate(rows, begins[name])]
        told, section = Notes(), name if len(filled) > 1 else ""
        read = list(read_table(lines, options, told, len(raw), section=section))
        if not _answers(notes):
            notes.columns, notes.headings, notes.unsure = told.columns, told.headings, told.unsure
        if not _answers(told) and all(isinstance(row, Problem) for _, row, _ in read):
            refused += read
            notes.leave("sheet_left", 0, name=name[:60])
            continue
        found += len(read)
        yield from ((at, place_in_file(row, section), done) for at, row, done in read)
        notes.left_out += [one.in_file(section) for one in told.left_out]
    if not found:
        notes.left_out.clear()
        yield from refused


def _rows_of(sheet: CalamineSheet, notes: Notes) -> list[list[Any]]:
    if sheet.total_height > _ROWS:
        notes.leave("rows_beyond", 0, limit=_ROWS, name=sheet.name[:60])
    rows = sheet.to_python(nrows=_ROWS)
    above, left = sheet.start or (0, 0)
    for (first, column), (last, _) in sheet.merged_cell_ranges or ():
        _fill_down(rows, first - above, min(last - above, len(rows) - 1), column - left)
    return rows


def _fill_down(rows: list[list[Any]], first: int, last: int, column: int) -> None:
    """Let each row of a cell that is merged over several hold what it says: a section, or one answer to many questions."""
    if 0 <= first < last and 0 <= column < len(rows[first]):
        for row in rows[first + 1 : last + 1]:
            row[column] = rows[first][column]


def _answers(notes: Notes) -> bool:
    """Return whether a table has questions and answers, in any language."""
    return {name.partition(" ")[0] for name in notes.columns} >= {*NEEDED}


def _said(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return str(cell).lower()
    return cell.isoformat() if isinstance(cell, date | datetime) else str(cell)
