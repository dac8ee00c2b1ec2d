"""A workbook's first sheet as CSV, for tables that are no articles: read in a process of its own, as every stranger's file."""

import csv
import io
from datetime import date, datetime, time

from python_calamine import CalamineError, CalamineWorkbook

from kb.files.apart import Ended, call_in_subprocess, serve_one_request
from kb.files.formats import Progress
from kb.files.xlsx import ENDINGS

MOST = 5_000  # rows


def sheet_as_csv(name: str, raw: bytes) -> bytes:
    """Return the first sheet of a workbook that has anything in it as CSV; whatever is no workbook as it is."""
    if not name.lower().endswith(ENDINGS):
        return raw
    try:
        return call_in_subprocess("kb.files.sheet", raw)
    except Ended:
        return raw


def read_first_sheet(raw: bytes, _: Progress | None = None) -> bytes:
    """Return the first sheet that has anything in it as CSV; what cannot be read comes back as it is."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheets = (book.get_sheet_by_name(name).to_python(nrows=MOST) for name in book.sheet_names)
        rows = next((found for found in sheets if any(cell != "" for row in found for cell in row)), [])
    except CalamineError:
        return raw
    out = io.StringIO()
    csv.writer(out).writerows([[cell_as_text(cell) for cell in row] for row in rows])
    return out.getvalue().encode()


def cell_as_text(cell: object) -> str:
    """Return a cell as somebody would type it: a whole number without a point, a day without its midnight."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


if __name__ == "__main__":
    serve_one_request(read_first_sheet)
