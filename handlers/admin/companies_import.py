"""Companies from a table: read as a whole, shown as what it would change, taken all or nothing."""

import csv
import io
from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.admin.companies import COLUMNS, READERS
from handlers.turns.awaited_file import fetch_document
from handlers.turns.confirmations import settle_proposal, show_proposal
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.fetches import COMPANIES
from handlers.vocabulary.messages import Part, phrase
from storage.lifecycle import Refused
from storage.models import Role
from storage.people.companies import company_changes

on = Routes()

MOST = 500  # rows of a file
LARGEST = 1_000_000  # bytes of it
TOLD = 10  # companies whose changes are shown


@on.command("company import", role=Role.ADMIN)
def import_(turn: Turn) -> None:
    """Companies from a table (CSV or XLSX): send it with /company import as its caption; what would change is shown first."""
    fetch_document(turn, "company import", COMPANIES, most=LARGEST, too_large="company_file")


@on.fetched(COMPANIES, role=Role.ADMIN, act="company import")
def imported(turn: Turn) -> None:
    """The table was read: what it would change is shown, or why it cannot be taken, by its line."""
    assert turn.event.fetched is not None
    rows = read_company_table(turn, b64decode(turn.event.fetched.content))
    told: list[Part] = []
    kept: list[dict[str, Any]] = []
    for row in rows:
        known = turn.tx.companies.named(row["name"])
        said = {name: value for name, value in row.items() if name != "name"}
        changes = company_changes(known, said) if known else {name: (type(now)(), now) for name, now in said.items()}
        if known is not None and not changes:
            continue
        kept.append({"name": row["name"], "changes": changes})
        what = change_lines(changes) if known is not None else phrase("company.new")
        told.append(phrase("company.would", name=row["name"], what=what))
    if not kept:
        turn.say(phrase("company.same"))
        return
    more = [phrase("company.more", n=len(told) - TOLD)] if len(told) > TOLD else []
    title = phrase("company.title")
    show_proposal(turn, "companies", {"rows": kept}, *told[:TOLD], *more, title=title, command="company import")


def change_lines(changes: Mapping[str, Sequence[Any]]) -> list[str]:
    """Return what was and is of a company, value by value."""
    return [f"{name}: {company_value_text(was)} → {company_value_text(now)}" for name, (was, now) in changes.items()]


def company_value_text(value: Any) -> str:
    """Return a value of a company on one line."""
    return ", ".join(value) if isinstance(value, list | tuple) and value else str(value or "—")


def read_company_table(turn: Turn, raw: bytes) -> list[dict[str, Any]]:
    """Return the rows of a table of companies; refuse it as a whole where one cannot be taken, naming the line."""
    if len(raw) > LARGEST:
        raise Refused("company_file", problem=phrase("company.too_large"))
    try:
        text = raw.decode("utf-8-sig")
        head = text.partition("\n")[0]
        lines = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
        names = [str(name or "").strip().lower() for name in lines.fieldnames or ()]
        unknown = [name for at, name in enumerate(names) if name not in ("name", *READERS) or name in names[:at]]
        if "name" not in names or unknown:
            problem = phrase("company.columns", known=["name", *READERS], word=unknown or "—")
            raise Refused("company_file", problem=problem)
        cells = [[str(value or "").strip() for value in line.values()] for line in lines]
    except (UnicodeDecodeError, csv.Error):
        raise Refused("company_file", problem=phrase("company.not_text")) from None
    if len(cells) > MOST:
        raise Refused("company_file", problem=phrase("company.too_many", n=MOST))
    rows = [dict(zip(names, line, strict=False)) for line in cells]
    return [
        {"name": row["name"], **read_company_row(turn, row, number)}
        for number, row in enumerate(rows, 2)
        if row.get("name")
    ]


def read_company_row(turn: Turn, cells: Mapping[str, str], number: int) -> dict[str, Any]:
    """Return what a line says of a company."""
    found: dict[str, Any] = {}
    for name, value in cells.items():
        if name == "name":
            continue
        try:
            found[COLUMNS.get(name, name)] = READERS[name](turn, value)
        except Refused:
            problem = phrase("company.bad_cell", line=number, name=name, word=value)
            raise Refused("company_file", problem=problem) from None
    return found


def apply_company_rows(turn: Turn, facts: Mapping[str, Any]) -> None:
    """What was shown of the table is so now; what it does not change stays as it is, whoever has changed that meanwhile.

    ``facts`` are {"rows": [{"name", "changes": {column: [was, now]}}]}.
    """
    rows: Sequence[Mapping[str, Any]] = facts["rows"]
    for row in rows:
        if "changes" not in row:  # shown by the version before, with what was so then
            raise Refused("expired")
        must_be_as_shown(turn, row)
    for row in rows:
        turn.tx.companies.put(str(row["name"]), turn.now, **{name: now for name, (_, now) in row["changes"].items()})
    turn.audit(Deed.COMPANIES_IMPORTED, n=len(rows))
    settle_proposal(turn, phrase("company.imported", n=len(rows)))


def must_be_as_shown(turn: Turn, row: Mapping[str, Any]) -> None:
    """Refuse to change what somebody else has changed to something else since it was shown: ``row`` is one of the proposal's."""
    known, changes = turn.tx.companies.named(str(row["name"])), row["changes"]
    if known is None:
        return
    since = company_changes(known, {name: was for name, (was, _) in changes.items()})
    other = company_changes(known, {name: changes[name][1] for name in since})
    if other:
        what = change_lines({name: (changes[name][0], now) for name, (now, _) in other.items()})
        raise Refused("company_changed", name=known.name, what=what)
