"""Articles in a table: as spreadsheets save them, with ``,``, ``;`` or tabs."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from kb.article import Article
from kb.files.fields import FIELDS, article_of, field_name, unknown_field
from kb.files.validation import Problem

csv.field_size_limit(1 << 24)

# What a spreadsheet takes for a formula is written behind an apostrophe, as in a spreadsheet itself, and read without it.
_FORMULA = re.compile(r"\A'*[=+\-@\t\r\n＝＋－＠]")


def read_csv(text: str, language: str) -> Iterator[tuple[int, Article | Problem, int]]:
    """Yield (line, article or refusal, characters read); aliases and keywords are parted by ``|`` or line ends."""
    stream = io.StringIO(text, newline="")
    table = csv.reader(stream, delimiter=_delimiter(text))
    try:
        header = [field_name(name) for name in next(table, [])]
        refusals = [unknown_field(name, 1) for name in header if name and name not in FIELDS]
        refusals += [Problem("missing_field", 1, {"field": f}) for f in ("question", "answer") if f not in header]
        yield from ((1, refusal, 0) for refusal in refusals)
        if refusals:
            return
        yield from _rows(table, header, language, stream)
    except csv.Error as error:
        yield table.line_num, Problem("unreadable", table.line_num, {"why": str(error)}), len(text)


def _rows(table: Iterator[list[str]], header: list[str], language: str,
          stream: io.StringIO) -> Iterator[tuple[int, Article | Problem, int]]:  # fmt: skip
    line = 2
    for cells in table:
        if any(cell.strip() for cell in cells):
            if len(cells) > len(header) and any(cells[len(header) :]):
                why = f"{len(cells)} columns where the header has {len(header)}"
                yield line, Problem("unreadable", line, {"why": why}), stream.tell()
            else:
                read = map(_plain, cells)
                yield line, article_of(dict(zip(header, read, strict=False)), language), stream.tell()
        line = getattr(table, "line_num", line) + 1


def _delimiter(text: str) -> str:
    first = text.lstrip().split("\n", 1)[0]
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4]
    return max(",;\t", key=first.count)


def write_csv(articles: Iterable[Article]) -> str:
    """Return a table that spreadsheets open: a byte-order mark, one row an article; no cell of it is a formula."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(FIELDS)
    for a in articles:
        cells = [a.id, a.section, a.language, a.question, "|".join(a.aliases), "|".join(a.keywords), a.answer]
        table.writerow([cell if isinstance(cell, int) else _harmless(cell) for cell in cells])
    return "\ufeff" + out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
