"""A table of a page: as a table, or as the questions and answers that its columns name."""

import re
from collections.abc import Sequence

from kb.files.columns import is_header, match_columns

_STRUCTURE = re.compile(r"(^|\n)(#{1,6} |\||<summary>)")  # a page that is laid out by a table has such in its cells


class Grid:
    """A table under way: its first row decides what the others are."""

    def __init__(self) -> None:
        self._rows = 0
        self._names: list[str] = []
        self._places: dict[str, int] = {}
        self._section = ""

    def write_row(self, cells: Sequence[str]) -> str:
        """Return a row as Markdown."""
        cells = [cell.strip() for cell in cells]
        if any(_STRUCTURE.search(cell) for cell in cells):
            return "".join(f"\n\n{cell}\n\n" for cell in cells)
        flat = [" ".join(cell.split()) for cell in cells]
        self._rows += 1
        if self._rows == 1:
            self._places = _places(flat)
            self._names = [cell.strip("*_ ") for cell in flat]
        if self._places:
            return self._asked(cells, flat) if self._rows > 1 else ""
        line = f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in flat)} |\n"
        return line if self._rows > 1 else f"{line}|{' --- |' * len(flat)}\n"

    def _asked(self, cells: Sequence[str], flat: Sequence[str]) -> str:
        """Return a row as a question that unfolds its answer; what stands in other columns belongs to the answer."""
        told = [cell for cell in flat if cell]
        if len(told) == 1 and not self._cell(flat, "answer") and _is_name(told[0]):
            return f"\n\n### {told[0]}\n\n"
        if not self._cell(flat, "question"):
            return f"\n\n{' '.join(told)}\n\n"
        section = self._cell(flat, "section")
        begun = f"\n\n### {section}\n\n" if section and section != self._section else "\n\n"
        self._section = section or self._section
        used = {self._places.get(name) for name in ("question", "answer", "section", "id")}
        named = zip(self._names, flat, strict=False)
        more = [f"{name}: {cell}" if name else cell for at, (name, cell) in enumerate(named) if cell and at not in used]
        more += flat[len(self._names) :]
        answer = "\n\n".join([self._cell(cells, "answer"), *more])
        return f"{begun}<summary>{self._cell(flat, 'question').strip('*_ ')}</summary>\n\n{answer}\n\n"

    def _cell(self, cells: Sequence[str], name: str) -> str:
        at = self._places.get(name, len(cells))
        return cells[at] if at < len(cells) else ""


def _is_name(cell: str) -> bool:
    return len(cell) <= 64 and cell[-1] not in "?.!…"


def _places(names: Sequence[str]) -> dict[str, int]:
    """Return where the question and the answer stand, and what else is known; nothing where the names are of other things."""
    plain = [name.strip("*_ ") for name in names]
    if not is_header(plain):
        return {}
    found = match_columns(plain, (), {})
    return {} if found.missing else {name: at[0] for name, at in found.places.get("", {}).items()}
