"""Articles to and from files, and what a text would get: the knowledge base as an operator uses it, beside a running desk."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bot.delivery import article_import
from bot.delivery.article_import import all_articles
from handlers.turns.knowledge import Knowledge, article_of
from handlers.vocabulary.deeds import Deed
from kb import Verdict
from kb.files.apart import read_apart
from kb.files.formats import Changes, content_of, format_articles
from kb.files.notes import Options
from kb.files.validation import BadFile, Problem
from kb.matching.query_reading import Reading
from storage.desk.articles import ArticleRow, Articles
from storage.desk.articles_import import ArticleConflict, Taken, forget_import, remembered_imports, taken_by, undo_part
from storage.desk.records import Records
from storage.engine import private_files
from storage.engine.database import Connection, Database
from storage.engine.migrate import check_current, reading_current
from storage.engine.opening import open_database

T = TypeVar("T")
Progress = Callable[[str, int, int], None]  # what is being done, how much of it is done, how much there is
LARGEST, SECONDS = 100, 300  # megabytes of a file, and seconds that it may take its reader
UNDONE = 20  # articles of one transaction when an import is taken back
TRIES = 5  # an import that meets a change made meanwhile looks again


@dataclass(frozen=True, slots=True)
class Answered:
    """What a text would get, and why."""

    verdict: Verdict
    reading: Reading
    articles: dict[int, ArticleRow]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, the best candidate first."""
        return {
            "verdict": type(self.verdict).__name__.lower(),
            "doubted": self.reading.doubted,
            "read_as": {"how": self.reading.how, "words": list(self.reading.words)},
            "candidates": [
                {
                    "article": candidate.article_id,
                    "question": self.articles[int(candidate.article_id)].question,
                    "language": self.articles[int(candidate.article_id)].language,
                    "confidence": candidate.confidence,
                    "phrasing": candidate.phrasing,
                }
                for candidate in self.verdict.candidates
            ],
        }


def columns_option(changes: Changes) -> str:
    """Return what ``--columns`` would say of a table as it was read; where a column was not found, B and D stand for any."""
    found = {
        name: changes.columns.get(name, column).partition(" ")[0]
        for name, column in (("question", "B"), ("answer", "D"))
    }
    return ",".join(f"{name}={column}" for name, column in found.items())


class PartlyTaken(Exception):
    """An import ended before it was through: what was written of it stays until it is run again or taken back."""

    def __init__(self, token: str, taken: Taken) -> None:
        super().__init__(token)
        self.token = token
        self.taken = taken


async def import_file(
    url: str, path: Path, *, tell: Progress, options: Options, dry: bool = False
) -> tuple[Changes, str]:
    """Take all that a file or folder adds and changes, or raise BadFile and take nothing; return it and the import's token.

    ``dry`` only says what would be done. What ends it while it writes raises PartlyTaken.
    """
    name, raw = _content(path)
    token = secrets.token_hex(4)
    seen: list[Changes] = []
    async with _open(url) as database:
        for left in reversed(range(TRIES)):
            _, rows = await all_articles(database)
            changes = await asyncio.to_thread(
                read_apart,
                name,
                raw,
                existing=[article_of(row) for row in rows],
                options=options,
                seconds=SECONDS,
                on_progress=lambda done, total: tell("Reading", done, total),
            )
            seen.append(changes)
            if dry:
                break
            if changes.unsure:  # somebody has to say which columns are meant, or to look at a dry run
                told = "; ".join(f"{field} from {column}" for field, column in changes.columns.items())
                raise BadFile([Problem("unsure_columns", 1, {"columns": told, "option": columns_option(changes)})])
            try:
                await _take(database, token, changes, tell)
            except ArticleConflict:
                if not left:
                    await _left_behind(database, token)
                    raise BadFile([Problem("busy")]) from None
            except (Exception, asyncio.CancelledError):
                await _left_behind(database, token)
                raise
            else:
                break
    return seen[0], token


async def _left_behind(database: Database, token: str) -> None:
    """Raise PartlyTaken where something of an import was written."""
    taken = None
    with suppress(Exception):  # a database that is gone is told as such
        taken = await database.run(partial(_end_half_way, token=token))
    if taken is not None:
        raise PartlyTaken(token, taken) from None


def _end_half_way(connection: Connection, token: str) -> Taken | None:
    """Note what was written of an import, and return it; by the writer, behind a part that is still under way."""
    taken = taken_by(connection, token)
    if taken is not None:
        facts = {"added": taken.added, "changed": taken.changed, "same": 0}
        Records(connection).audit(Deed.ARTICLES_IMPORTED, datetime.now(UTC), person=None, facts=facts)
    return taken


async def list_imports(url: str) -> list[tuple[str, datetime, Taken]]:
    """Return the imports that can be taken back, the newest first."""
    async with reading_current(url) as database:
        return await database.read(remembered_imports)


async def undo_import(url: str, token: str, tell: Progress) -> tuple[int, int] | None:
    """Make all articles of an import what they were before it; return how many are gone and how many as before, None: unknown."""
    gone = restored = 0
    async with _open(url) as database:
        taken = await database.read(partial(taken_by, token=token))
        if taken is None:
            return None
        while True:
            undone = await database.run(partial(undo_part, token=token, limit=UNDONE, by=None, at=datetime.now(UTC)))
            gone, restored = gone + undone.removed, restored + undone.restored
            tell("Taking back", gone + restored, gone + restored + undone.left)
            if not undone.left:
                break
        await database.run(partial(_forget, token=token, facts={"removed": gone, "restored": restored}))
    return gone, restored


def _forget(connection: Connection, token: str, facts: Mapping[str, int]) -> None:
    forget_import(connection, token)
    Records(connection).audit(Deed.IMPORT_UNDONE, datetime.now(UTC), person=None, facts=facts)


def _content(path: Path) -> tuple[str, bytes]:
    """Return the name and the bytes of a file that an operator names, where it is not too large; a folder is an archive."""
    name, raw = content_of(path)
    if len(raw) > LARGEST * 1024 * 1024:
        raise BadFile([Problem("unreadable", 0, {"why": f"it has more than {LARGEST} MB; split it"})])
    return name, raw


async def export_file(url: str, path: Path) -> int:
    """Write all articles to a file; return how many."""
    async with reading_current(url) as database:
        _, found = await all_articles(database)
    text = format_articles(path.name, [article_of(row) for row in found])
    private_files.write_private_text(path, text)
    return len(found)


async def match_question(url: str, text: str, language: str) -> Answered:
    """Return what a text would get."""
    async with reading_current(url) as database:
        return await database.read(lambda connection: _answered(Articles(connection), text, language))


def _answered(articles: Articles, text: str, language: str) -> Answered:
    knowledge = Knowledge()
    verdict = knowledge.find(articles, text, language)
    reading = knowledge.explain(articles, text, language)
    found = articles.of(candidate.article_id for candidate in verdict.candidates)
    return Answered(verdict, reading, {row.id: row for row in found})


@asynccontextmanager
async def _open(url: str) -> AsyncIterator[Database]:
    database = await open_database(url)
    try:
        await database.run(check_current)
        yield database
    finally:
        await database.close()


async def _take(database: Database, token: str, changes: Changes, tell: Progress) -> None:
    """Write what a file adds and changes."""
    todo = len(changes.added) + len(changes.changed)
    tell("Writing", 0, todo)
    counts = {"added": len(changes.added), "changed": len(changes.changed), "same": len(changes.same)}
    await article_import.import_articles(
        database, token, changes, by=None, tell=lambda done, total: tell("Writing", done, total)
    )
    if todo:
        await database.run(
            lambda connection: Records(connection).audit(
                Deed.ARTICLES_IMPORTED, datetime.now(UTC), person=None, facts=counts
            )
        )
    tell("Writing", todo, todo)
