"""A file of articles meets those of the desk: first what it would do; once somebody has said yes, it does so in small parts."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from handlers.turns.knowledge import article_of
from handlers.vocabulary.fetches import TAKE, ArticlesFile, ArticlesRead
from kb import Article
from kb.files.apart import read_apart
from kb.files.formats import Changes, Refusals
from kb.files.notes import Options
from kb.files.validation import BadFile, Problem
from storage.desk.articles import ArticleRow, Articles
from storage.desk.articles_import import (
    NOTHING_TAKEN,
    ArticleConflict,
    Brought,
    Plan,
    plan_import,
    read_import_start,
    taken_by,
    write_part,
)
from storage.engine.database import Connection, Database, Reads
from storage.people.people import People

AT_ONCE = 250  # articles of one look
PART = 40  # articles of one transaction: some milliseconds
LARGEST, MOST = 20, 5000  # megabytes of a file that is sent in a chat, and articles in it
SECONDS = 30  # that such a file may take its reader
TRIES = 5  # an import that meets a change made meanwhile looks again
SHOWN = 3  # of each kind, told as samples
Told = Callable[[int, int], None]  # how many articles are written, of how many


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants done with a file."""

    options: Options
    rest: bool = False  # what is not refused is wanted without what is
    revision: int | None = None  # of the articles that they were shown it beside


async def all_articles(database: Reads) -> tuple[int, list[ArticleRow]]:
    """Return every article that is not deleted, by id, and the revision they are of; what changes meanwhile has a newer one."""
    revision = await database.read(lambda connection: Articles(connection).revision())
    found: list[ArticleRow] = []
    while True:
        last = found[-1].id if found else 0
        some = await database.read(partial(_after, last=last))
        found += some
        if len(some) < AT_ONCE:
            return revision, found


def _after(connection: Any, last: int) -> list[ArticleRow]:
    return Articles(connection).after(last, AT_ONCE)


async def preview_or_import(database: Database, sent: ArticlesFile, name: str, raw: bytes) -> bytes:
    """Return what a file that was sent in a chat would do to the articles, or did, for the handler that asked for it."""
    options = Options(fallback=sent.language, columns=sent.columns, charset=sent.charset)
    asked = Asked(options, rest=sent.rest, revision=sent.revision)
    if len(raw) > LARGEST * 1024 * 1024:
        return _json({"problems": [astuple(Problem("too_large", 0, {"limit": LARGEST}))], "wrong": 1})
    if sent.then == TAKE:
        return _json(await _taken(database, asked, sent, name, raw))
    revision, rows = await all_articles(database)
    return _json(await _preview(rows, revision, asked, name, raw))


def _json(told: ArticlesRead) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()


async def _taken(database: Database, asked: Asked, sent: ArticlesFile, name: str, raw: bytes) -> ArticlesRead:
    """Take what was shown, unless the articles have changed since: then show it anew."""
    token, by = sent.token, await _person(database, sent.account)
    for _ in range(TRIES):
        revision, rows = await all_articles(database)
        begun = await database.read(partial(taken_by, token=token))  # by a delivery that did not come to its end
        told = await _preview(rows, revision, asked, name, raw)
        if told["problems"] and not (asked.rest and told["added"] + told["changed"]):
            return told
        if asked.revision not in (None, revision) and not begun:
            return told
        try:
            changes = await _changes(rows, asked, name, raw)
            await import_articles(database, token, changes, by=by)
        except ArticleConflict:
            continue
        taken = await database.read(partial(taken_by, token=token)) or NOTHING_TAKEN
        return {
            "problems": [],
            "taken": token,
            "added": taken.added,
            "changed": taken.changed,
            "same": told["same"],
        }
    return {"problems": [astuple(Problem("busy"))], "wrong": 1}


async def _person(database: Database, account: int) -> int:
    return await database.read(lambda connection: People(connection).of_account(account).id)


async def _changes(rows: Sequence[ArticleRow], asked: Asked, name: str, raw: bytes) -> Changes:
    existing = [article_of(row) for row in rows]
    try:
        return await asyncio.to_thread(
            read_apart, name, raw, existing=existing, options=asked.options, seconds=SECONDS
        )  # fmt: skip
    except Refusals as bad:
        if asked.rest and bad.rest is not None:
            return bad.rest
        raise


async def _preview(rows: Sequence[ArticleRow], revision: int, asked: Asked, name: str, raw: bytes) -> ArticlesRead:
    """Return what a file would do, small enough for a message: counts, samples, reasons, how it was read."""
    try:
        changes = await _changes(rows, Asked(asked.options), name, raw)
        problems: Sequence[Problem] = ()
    except Refusals as bad:
        if bad.rest is None:
            notes = bad.notes
            return {
                **_wrong(bad.problems),
                "headings": notes.headings,
                "unsure": notes.unsure,
                "columns": notes.columns,
            }
        changes, problems = bad.rest, bad.problems
    except BadFile as bad:
        return _wrong(bad.problems)
    if len(changes.added) + len(changes.changed) > MOST:
        return _wrong([Problem("too_many_articles", 0, {"limit": MOST})])
    there = {row.id: row for row in rows}
    spoken = {one.id for one in (*changes.changed, *changes.same)}
    return {
        **_wrong(problems),
        "revision": revision,
        "added": len(changes.added),
        "changed": len(changes.changed),
        "same": len(changes.same),
        "tied": sum(one.original is not None for one in (*changes.added, *changes.changed)),
        "alone": len(there.keys() - spoken),
        "new": [(one.question, one.answer[:300], one.section, one.language) for one in _some(changes.added)],
        "edited": [_edited(there[int(one.id)], one) for one in changes.changed[:SHOWN]],
        "clashes": [astuple(one) for one in changes.clashes[:SHOWN]],
        "clashing": len(changes.clashes),
        "left_out": [astuple(one) for one in changes.left_out[:SHOWN]],
        "leaving": len(changes.left_out),
        "columns": dict(changes.columns),
        "unsure": list(changes.unsure),
        "headings": list(changes.headings),
        "charset": changes.charset,
    }


def _wrong(problems: Sequence[Problem]) -> ArticlesRead:
    return {"problems": [astuple(problem) for problem in problems[:10]], "wrong": len(problems)}


def _some(added: Sequence[Article]) -> Sequence[Article]:
    """Return the first, one from the middle, and the last: a slip in the reading shows somewhere."""
    return added if len(added) <= SHOWN else (added[0], added[len(added) // 2], added[-1])


def _edited(row: ArticleRow, one: Article) -> tuple[int, str, list[str]]:
    was = article_of(row)
    parts = ("question", "answer", "aliases", "keywords", "section", "language", "original")
    return row.id, one.question, [name for name in parts if getattr(was, name) != getattr(one, name)]


async def import_articles(
    database: Database, token: str, changes: Changes, *, by: int | None, tell: Told | None = None
) -> None:
    """Write what a file adds and changes, part by part, letting everybody else in between; raise
    ArticleConflict where that has changed."""
    at = datetime.now(UTC)
    todo, done = (*changes.added, *changes.changed), 0
    for part in _parts(todo):
        began = time.perf_counter()
        some = [imported_article(one) for one in part]
        planned = plan_import(await database.read(partial(read_import_start, brought=some)), some, by=by, at=at)
        await database.run(partial(_write, token=token, planned=planned, at=at))
        done += len(part)
        if tell is not None:
            tell(done, len(todo))
        if done < len(todo):
            await asyncio.sleep(time.perf_counter() - began)  # as long as it worked: whoever waits comes first


def _write(connection: Connection, *, token: str, planned: Plan, at: datetime) -> None:
    write_part(connection, token, planned, at)


def imported_article(one: Article) -> Brought:
    """Return an article of a file as it is written; its number is kept where it has one."""
    number = one.id if isinstance(one.id, int) else None
    said = (one.section, one.language, one.question, one.answer, one.keywords, one.aliases)
    return Brought(number, *said, name=one.id, translates=one.original)


def _families(articles: Sequence[Article]) -> list[Article]:
    """Return articles with those that are tied to one another side by side, the original first."""
    places: dict[int | str, int] = {}
    for at, one in enumerate(articles):
        places.setdefault(one.id if one.original is None else one.original, at)
    return sorted(
        articles, key=lambda one: (places[one.id if one.original is None else one.original], one.original is not None)
    )


def _parts(articles: Sequence[Article]) -> Iterator[list[Article]]:
    """Yield articles some at a time; those that are tied to one another are written at once."""
    part: list[Article] = []
    for one in _families(articles):
        if len(part) >= PART and (one.original is None or one.original not in {each.id for each in part}):
            yield part
            part = []
        part.append(one)
    if part:
        yield part
