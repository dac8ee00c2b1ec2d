"""Articles in a table: as spreadsheets save them, with ``,``, ``;`` or tabs, under whatever headings their owner gave."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kb.article import Article
from kb.files.columns import (
    LOOKED_AT,
    Cells,
    Columns,
    column_letter,
    is_header,
    is_off,
    is_strange_header,
    match_columns,
    read_heading,
)
from kb.files.fields import FIELDS, Draft, Value, draft_of, split_list_value, unknown_field
from kb.files.formulas import with_mark, without_mark
from kb.files.notes import Notes, Options, Row
from kb.files.validation import Problem

csv.field_size_limit(1 << 24)

Line = tuple[int, list[str]]
_SHOWN = 6  # columns that are not read, by name
_ABOVE = 12  # rows in which the headings are looked for: a title, a date, an empty line may stand above them
# What a spreadsheet takes for a formula is written behind an apostrophe, as in a spreadsheet itself, and read without it.


def read_csv(text: str, options: Options, notes: Notes) -> Iterator[Row]:
    """Yield (line, draft or refusal, characters read)."""
    text, sign = _separated(text)
    stream = io.StringIO(text, newline="")
    table = csv.reader(stream, delimiter=sign)
    lines: list[Line] = []
    begins = 1
    try:
        for cells in table:
            lines.append((begins, [without_mark(cell) for cell in cells]))
            begins = table.line_num + 1
    except csv.Error as error:
        yield table.line_num, Problem("unreadable", table.line_num, {"why": str(error)}), len(text)
        return
    yield from read_table(lines, options, notes, len(text))


def read_table(lines: Sequence[Line], options: Options, notes: Notes, total: int, section: str = "") -> Iterator[Row]:
    """Yield what stands in the rows of a table, each with its line."""
    filled = [(line, cells) for line, cells in lines if any(cell.strip() for cell in cells)]
    named = [at for at, (_, cells) in enumerate(filled[:_ABOVE]) if is_header(cells)]
    # A title such as «FAQ» names a column, too; the headings name both that are needed.
    at = next((at for at in named if not match_columns(filled[at][1], (), {}).missing), next(iter(named), None))
    if at is None and filled and is_strange_header(filled[0][1], [cells for _, cells in filled[1:]]):
        at = 0
        notes.leave("row_of_names", filled[0][0], text=" | ".join(filter(None, map(str.strip, filled[0][1])))[:80])
    header = None if at is None else filled[at][1]
    body = filled[0 if at is None else at + 1 :]
    columns = match_columns(header, [cells for _, cells in body], options.columns)
    _note(notes, header, [cells for _, cells in body], columns)
    if columns.missing:
        yield from ((1, refusal, 0) for refusal in _refusals(filled[at][0] if at is not None else 1, header, columns))
        return
    names = {name.strip().lower() for name in header or () if name.strip()}
    own = "id" in names and names <= set(FIELDS)  # our export, or what remained of it
    listed = _Table(columns, own=own, width=len(header) if header else 0, section=section)
    for number, (line, cells) in enumerate(body, 1):
        for row in listed.read(line, cells, notes):
            yield line, row, total * number // len(body)


class _Table:
    """A table under way: a row that holds nothing but a name begins a section."""

    def __init__(self, columns: Columns, *, own: bool, width: int, section: str) -> None:
        self._columns = columns
        self._own = own
        self._width = width
        self._section = section
        self._sectioned = any("section" in places for places in columns.places.values())

    def read(self, line: int, cells: Cells, notes: Notes) -> Iterator[Draft | Problem]:
        """Yield what a row says, once for each language it speaks."""
        if self._width and any(cell.strip() for cell in cells[self._width :]):
            why = f"{len(cells)} columns where the header has {self._width}"
            yield Problem("unreadable", line, {"why": why})
            return
        shared = self._columns.places.get("", {})
        if (off := _cell(cells, shared.get("enabled", ()))) and is_off(off):
            notes.leave("row_off", line)
            return
        told = [cell.strip() for cell in cells if cell.strip()]
        if not self._own and not self._sectioned and self._width > 2 and len(told) == 1 and _is_name(told[0]):
            self._section = told[0]
            return
        each = self._columns.places.items()
        spoken = [(code, {**shared, **own}) for code, own in each if code] or [("", {**shared})]
        for code, places in spoken:
            fields = self._fields(cells, places)
            if code and not (fields.get("question") and fields.get("answer")):
                if alone := str(fields.get("question") or fields.get("answer") or ""):
                    notes.leave("half_row", line, text=alone[:80], language=code)
                continue
            others = {_cell(cells, (at,)).strip() for at in places.get("answer", ())} - {fields.get("answer"), ""}
            if other := "".join(sorted(others)[:1]):
                notes.leave("other_answer", line, text=other[:80])
            yield draft_of(fields | ({"language": code} if code else {}), section=self._section, own=self._own)

    def _fields(self, cells: Cells, places: Mapping[str, tuple[int, ...]]) -> dict[str, Value]:
        fields: dict[str, Value] = {}
        for name, at in places.items():
            said = _cell(cells, at)
            if name in ("aliases", "keywords"):
                fields[name] = split_list_value(said, "|" if self._own else self._columns.marks[name])
            elif name in FIELDS and (said or self._own or name in ("question", "answer")):
                fields[name] = said
        return fields


def _cell(cells: Cells, places: Iterable[int]) -> str:
    return next((cells[at] for at in places if at < len(cells) and cells[at].strip()), "")


def _is_name(cell: str) -> bool:
    return len(cell) <= 64 and cell[-1] not in "?.!…" and len(cell.split()) <= 6


def _note(notes: Notes, header: Cells | None, rows: Sequence[Cells], columns: Columns) -> None:
    width = max([len(header or ()), *map(len, rows[:LOOKED_AT])], default=0)
    filled = {at: next((row[at] for row in rows if at < len(row) and row[at].strip()), "") for at in range(width)}
    begins = [(header[at] if header and at < len(header) else "") or filled[at] for at in range(width)]
    notes.headings = [(column_letter(at), " ".join(said.split())[:40]) for at, said in enumerate(begins)]
    for code, places in columns.places.items():
        for name, some in places.items():
            told = " / ".join(f"{column_letter(at)} ({notes.headings[at][1]})" for at in some if at < width)
            notes.columns[f"{name} {code}".strip()] = told
    if unused := [f"{column_letter(at)} ({notes.headings[at][1]})" for at in columns.unused if filled.get(at)]:
        more = f" +{len(unused) - _SHOWN}" if len(unused) > _SHOWN else ""
        notes.leave("unused_columns", 0, columns=", ".join(unused[:_SHOWN]) + more)
    notes.unsure = [*columns.guessed, *columns.missing]


def _refusals(line: int, header: Cells | None, columns: Columns) -> Iterator[Problem]:
    strange = [
        name for name in header or () if name.strip() and not read_heading(name)[0] and not read_heading(name)[1]
    ]
    for name in strange:
        if (problem := unknown_field(name.strip(), line)).facts["fields"] != ", ".join(FIELDS):
            yield problem
    yield from (Problem("missing_field", line, {"field": name}) for name in columns.missing)


def _separated(text: str) -> tuple[str, str]:
    """Return a table's text with its ``sep=`` line emptied, and the sign between its cells."""
    text = text.lstrip("\ufeff")
    first, end, rest = text.partition("\n")
    if first.strip().strip('"').lower().startswith("sep=") and len(first.strip().strip('"')) <= 5:
        return end + rest, (first.strip().strip('"')[4:] or "\t")
    lines = [line for line in text.split("\n")[:50] if line.strip()]
    # The sign that most lines have equally often; quotes may hold others.
    return text, max(",;\t", key=lambda sign: _steady(lines, sign))


def _steady(lines: Sequence[str], sign: str) -> tuple[int, int]:
    counts = [len(next(csv.reader([line], delimiter=sign), ())) for line in lines]
    usual = max(set(counts), key=counts.count, default=1)
    return (counts.count(usual) if usual > 1 else 0, sum(counts))


def write_csv(articles: Iterable[Article]) -> str:
    """Return a table that spreadsheets open: a byte-order mark, one row an article; no cell of it is a formula."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(FIELDS)
    for a in articles:
        cells: list[int | str] = [
            a.id,
            a.section,
            a.language,
            a.question,
            "|".join(a.aliases),
            "|".join(a.keywords),
            a.answer,
            a.original or "",
        ]
        table.writerow([cell if isinstance(cell, int) else with_mark(cell) for cell in cells])
    return "\ufeff" + out.getvalue()
