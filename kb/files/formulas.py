"""What a spreadsheet takes for an order where a cell begins so: in every table that the desk writes, and in those it reads."""

import re

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "'"  # before such a text, as in a spreadsheet itself
_ORDER = re.compile(rf"\A{MARK}*[{re.escape(''.join(FORMULA))}]")


def with_mark(cell: str) -> str:
    """Return a cell that no spreadsheet takes for an order; what reads as marked gets a further mark, so that its own stays."""
    return MARK + cell if _ORDER.match(cell) else cell


def without_mark(cell: str) -> str:
    """Return what a cell said before it was marked."""
    return cell.removeprefix(MARK) if _ORDER.match(cell) else cell
