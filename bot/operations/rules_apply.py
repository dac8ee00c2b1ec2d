"""The desk's rules to and from a file, beside a running desk."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.operations.rules_file import desk_file_text, load_desk_file, yaml_line
from bot.operations.seed import example_rules
from bot.settings import Settings
from handlers.rules import Rules
from handlers.rules.change import Change, document_changes, put_document
from handlers.rules.document import Document, ordered_document
from handlers.vocabulary.deeds import Deed
from storage.engine import private_files
from storage.engine.database import Connection
from storage.engine.opening import open_database
from storage.transaction import Transaction

SHOWN = 60  # characters of a value in a difference


def rules_of(settings: Settings) -> Rules:
    """Return the rules that the settings choose, where the document says nothing."""
    admins = frozenset((admin.messenger, admin.id) for admin in settings.admins)
    return Rules(settings.language, settings.time_zone, settings.team_language, admins)


async def export_file(url: str, path: Path) -> None:
    """Write the rules in force to a file that only its owner may read; a desk that never ran yet has the example's."""
    from storage.engine.migrate import reading_current  # brings alembic with it

    async with reading_current(url) as database:
        text = desk_file_text(await database.read(lambda connection: _newest(Transaction(connection))))
    private_files.write_private_text(path, text)


async def apply_file(url: str, path: Path, base: Rules, *, dry: bool) -> list[Change]:
    """Put a file's rules in force, unless ``dry``; return what differs, nothing where nothing does. Raises BadDeskFile."""
    document = load_desk_file(path, base)

    def work(connection: Connection) -> list[Change]:
        tx = Transaction(connection)
        found = document_changes(_newest(tx), document)
        if not dry and (found or tx.rules.mark() is None):
            now = datetime.now(UTC)
            put_document(tx, document, base, act="apply", by=None, at=now)
            tx.records.audit(Deed.RULES_APPLIED, now, person=None, facts={"changes": len(found)})
        return found

    from storage.engine.migrate import check_current  # brings alembic with it

    database = await open_database(url)
    try:
        await database.run(check_current)
        return await database.run(work)
    finally:
        await database.close()


def _newest(tx: Transaction) -> Document:
    newest = tx.rules.newest()
    return ordered_document(newest.data if newest else example_rules())


def rules_change_lines(found: Sequence[Change]) -> list[str]:
    """Return a difference line by line: what came (+), what went (-), what is another now (~)."""
    return [_line(change) for change in found]


def _line(change: Change) -> str:
    place = ".".join(str(step) for step in change.path)
    if change.was is None:
        return f"+ {place}: {_short(change.now)}"
    if change.now is None:
        retired = " (retired: requests that have it keep it)" if len(change.path) == 2 else ""
        return f"- {place}{retired}"
    return f"~ {place}: {_short(change.was)} → {_short(change.now)}"


def _short(value: Any) -> str:
    text = yaml_line(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
