"""Articles to and from files, and what a text would get: the knowledge base as an operator uses it, beside a running desk."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from bot.delivery.article_reads import all_articles
from handlers.turns.knowledge import Knowledge, article
from handlers.vocabulary.deeds import Deed
from kb import Article, Verdict
from kb.files.apart import read_apart
from kb.files.formats import BadFile, Changes, format_articles
from kb.files.validation import Problem
from kb.matching.query_reading import Reading
from storage import files
from storage.articles import ArticleRow, Articles
from storage.articles_import import Brought, Stale, Start, look, plan, write
from storage.database import Connection, Database
from storage.migrate import check_current, reading_current
from storage.opening import open_database
from storage.records import Records

T = TypeVar("T")
Progress = Callable[[str, int, int], None]  # what is being done, how much of it is done, how much there is
LARGEST, SECONDS = 100, 300  # megabytes of a file, and seconds that it may take its reader
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


async def import_file(url: str, path: Path, *, language: str, tell: Progress) -> Changes:
    """Take all that a file adds and changes, or raise BadFile and take nothing."""
    raw = _content(path)
    async with _open(url) as database:
        for left in reversed(range(TRIES)):
            start, there = await database.run(_beginning)
            existing = [article(row) for row in there]
            changes = await asyncio.to_thread(
                read_apart,
                path.name,
                raw,
                existing=existing,
                language=language,
                seconds=SECONDS,
                on_progress=lambda done, total: tell("Reading", done, total),
            )
            try:
                await _take(database, start, changes, tell)
            except Stale:
                if not left:
                    raise
            else:
                break
    return changes


def _content(path: Path) -> bytes:
    """Return the bytes of a file that an operator names, where it is not too large."""
    try:
        if path.stat().st_size > LARGEST * 1024 * 1024:
            raise BadFile([Problem("unreadable", 0, {"why": f"it has more than {LARGEST} MB; split it"})])
        return path.read_bytes()
    except OSError as error:
        raise BadFile([Problem("unreadable", 0, {"why": error.strerror or str(error)})]) from None


async def export_file(url: str, path: Path) -> int:
    """Write all articles to a file; return how many."""
    async with reading_current(url) as database:
        _, found = await all_articles(database)
    text = format_articles(path.name, [article(row) for row in found])
    files.write(path, text)
    return len(found)


async def match(url: str, text: str, language: str) -> Answered:
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


def _beginning(connection: Connection) -> tuple[Start, list[ArticleRow]]:
    return look(connection), Articles(connection).everything()


async def _take(database: Database, start: Start, changes: Changes, tell: Progress) -> None:
    """Write what a file adds and changes, in one transaction."""
    now = datetime.now(UTC)
    brought = [_brought(one) for one in (*changes.added, *changes.changed)]
    tell("Writing", 0, len(brought))
    planned = plan(start, brought, by=None, at=now)
    counts = {"added": len(changes.added), "changed": len(changes.changed), "same": len(changes.same)}

    def work(connection: Connection) -> None:
        write(connection, planned)
        Records(connection).audit(Deed.ARTICLES_IMPORTED, now, person=None, facts=counts)

    if brought:
        await database.run(work)
    tell("Writing", len(brought), len(brought))


def _brought(one: Article) -> Brought:
    number = one.id if isinstance(one.id, int) else None
    return Brought(number, one.section, one.language, one.question, one.answer, one.keywords, one.aliases)
