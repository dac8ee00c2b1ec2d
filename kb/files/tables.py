"""Tables inside a document that say in one column what is asked and in another what is answered."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from kb.files.columns import NEEDED, read_heading
from kb.files.csv import Line, read_table
from kb.files.fences import code_lines
from kb.files.fields import Draft
from kb.files.notes import Notes, Options, Row
from kb.files.outline import heading_of
from kb.files.titles import clean_title, plain_text

_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
Table = list[Line]  # the headings first; each row with its place


def question_tables(lines: Sequence[str]) -> list[Table]:
    """Return the tables of a document whose headings name a question and an answer."""
    found: list[Table] = []
    under = False
    for at, (line, code) in enumerate(zip(lines, code_lines(lines), strict=True)):
        if code or "|" not in line:
            under = False
        elif under:
            found[-1].append((at, _cells(line)))
        elif at + 1 < len(lines) and _is_ruled(lines[at + 1]) and _asks_and_answers(_cells(line)):
            found.append([(at, [plain_text(cell) for cell in _cells(line)])])
            under = True
    return [[row for row in table if not _is_ruled(lines[row[0]])] for table in found]


def without_tables(lines: Sequence[str], tables: Sequence[Table]) -> list[str]:
    """Return the lines of a document with those of some tables empty."""
    taken = {at for table in tables for at, _ in table}
    ruled = {table[0][0] + 1 for table in tables}
    return ["" if at in taken or at in ruled else line for at, line in enumerate(lines)]


def read_tables(
    lines: Sequence[str], tables: Sequence[Table], begins: int, notes: Notes, shared: Draft
) -> Iterator[Row]:
    """Yield what stands in the rows of some tables; the heading above one is its section, else what is ``shared`` holds."""
    for table in tables:
        above = next((title for at in range(table[0][0], -1, -1) if (title := heading_of(lines[at])[1])), "")
        rows = [(begins + at, cells) for at, cells in table]
        section = shared.section or plain_text(above)
        for line, row, done in read_table(rows, Options(), notes, sum(map(len, lines)), section=section):
            if isinstance(row, Draft):
                row = replace(row, question=clean_title(row.question), language=row.language or shared.language,
                              keywords=shared.keywords if row.keywords is None else row.keywords)  # fmt: skip
            yield line, row, done


def _cells(line: str) -> list[str]:
    said = line.strip().removeprefix("|")
    said = said[:-1] if said.endswith("|") and not said.endswith("\\|") else said
    return [_BREAK.sub("\n", cell.strip().replace("\\|", "|")) for cell in re.split(r"(?<!\\)\|", said)]


def _is_ruled(line: str) -> bool:
    said = "".join(line.split())
    return "|" in said and "---" in said and not said.strip("|:-")


def _asks_and_answers(cells: Sequence[str]) -> bool:
    named = [read_heading(plain_text(cell)) for cell in cells]
    return all(any(name == sure for sure, _, _ in named) for name in NEEDED)
