"""The audit for the command line."""

import asyncio
from pathlib import Path
from typing import Any

from bot.delivery import audit_sheet
from bot.errors import OperatorError
from handlers.vocabulary.translations import Locale
from storage.desk.audit import Wanted
from storage.engine.migrate import reading_current
from storage.engine.private_files import open_private_file


async def read_audit_records(url: str, wanted: Wanted) -> list[dict[str, Any]]:
    """Return what was done as plain data, the newest first."""
    async with reading_current(url) as database:
        found = await audit_sheet.read_audit_lines(database, wanted)
    return [
        {
            "at": one.at.isoformat(),
            "who": one.name,
            "act": one.act,
            "request": one.ticket_id,
            "whom": whom,
            "facts": dict(one.facts),
            "about": " ".join(filter(None, (f"#{one.ticket_id}" if one.ticket_id is not None else "", whom))),
        }
        for one, whom in found
    ]


async def write_audit_sheet(url: str, wanted: Wanted, out: Path, language: str, zone: str) -> None:
    """Write it as a spreadsheet."""
    async with reading_current(url) as database:
        content = await audit_sheet.build_audit_sheet(database, wanted, Locale(language, zone))
    try:
        await asyncio.to_thread(_write, out, content)
    except OSError as error:
        raise OperatorError("--out", f"{out} cannot be written ({error.strerror})") from None


def _write(out: Path, content: bytes) -> None:
    with open(out, "wb", opener=open_private_file) as file:
        file.write(content)
