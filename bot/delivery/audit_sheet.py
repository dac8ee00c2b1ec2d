"""The audit as a spreadsheet or as data, read beside the writer, some of it at a time."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from bot.sheets.xlsx import build_workbook
from handlers.admin.audit import deed_title
from handlers.vocabulary.messages import phrase
from handlers.vocabulary.tables import CellKind, Column, Table
from handlers.vocabulary.translations import Locale, Translator
from storage.desk.audit import AT_ONCE, Audit, Line, Wanted
from storage.engine.database import Connection, Reads

MOST = 100_000  # lines; a year of a busy desk

COLUMNS = (
    (phrase("audit.column.at"), CellKind.TIME),
    (phrase("audit.column.who"), CellKind.TEXT),
    (phrase("audit.column.what"), CellKind.TEXT),
    (phrase("audit.column.request"), CellKind.NUMBER),
    (phrase("audit.column.whom"), CellKind.TEXT),
    (phrase("audit.column.details"), CellKind.TEXT),
)


def wanted_of(data: Mapping[str, Any]) -> Wanted:
    """Return which lines are meant.

    ``data`` is {"person", "acts", "ticket", "refused", "since", "until" (ISO)}, as handlers/admin/audit.py writes it.
    """
    since, until = (datetime.fromisoformat(data[name]) if data.get(name) else None for name in ("since", "until"))
    refused = bool(data.get("refused"))
    return Wanted(data.get("person"), tuple(data.get("acts") or ()), data.get("ticket"), since, until, refused)


async def read_audit_lines(database: Reads, wanted: Wanted) -> list[tuple[Line, str]]:
    """Return what was done, the newest first, each with the name of whom it was done to."""
    found: list[tuple[Line, str]] = []
    before: int | None = None
    while len(found) < MOST:
        some = await database.read(partial(_some, wanted=wanted, before=before))
        found += some
        if len(some) < AT_ONCE:
            break
        before = some[-1][0].id
    return found


def _some(connection: Connection, wanted: Wanted, before: int | None) -> list[tuple[Line, str]]:
    audit = Audit(connection)
    page = audit.page(wanted, limit=AT_ONCE, before=before)
    names = audit.names(sorted({int(one.facts["who"]) for one in page if one.facts.get("who") is not None}))
    return [(one, names.get(int(one.facts["who"]), "") if one.facts.get("who") is not None else "") for one in page]


async def build_audit_sheet(database: Reads, wanted: Wanted, reader: Locale) -> bytes:
    """Return it as an XLSX file, written elsewhere: that takes seconds, and others are served meanwhile."""
    return await asyncio.to_thread(_written, await read_audit_lines(database, wanted), reader)


def _written(found: Sequence[tuple[Line, str]], reader: Locale) -> bytes:
    speech = Translator()
    columns = [Column(speech.say(title, reader), kind) for title, kind in COLUMNS]
    rows = [
        (
            one.at,
            one.name or speech.say(phrase("history.desk"), reader),
            speech.say(deed_title(one.act), reader),
            one.ticket_id,
            whom,
            "; ".join(
                f"{name}: {value}" for name, value in one.facts.items() if name != "who" and value not in (None, "")
            ),
        )
        for one, whom in found
    ]
    return build_workbook([Table(speech.say(phrase("audit.title"), reader), columns, rows)], reader.zone)
