"""What takes long and writes nothing is read beside the writer: many small looks, and the work on it elsewhere."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import astuple
from functools import partial
from typing import Any

from handlers.turns.knowledge import article
from kb.files.apart import read_apart
from kb.files.formats import BadFile, format_articles
from kb.files.validation import Problem
from storage.articles import ArticleRow, Articles
from storage.database import Database, Reads

AT_ONCE = 250  # articles of one look
LARGEST, MOST = 5, 2000  # megabytes of a file that is sent in a chat, and articles in it
SECONDS = 8  # that such a file may take its reader


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


async def brought(database: Database, facts: Mapping[str, Any], name: str, raw: bytes) -> bytes:
    """Return what a file that was sent says to the handler that asked for it: as it is, or what it would do to the articles."""
    if facts.get("then") != "faq_import":
        return raw
    if len(raw) > LARGEST * 1024 * 1024:
        return _answer([Problem("too_large", 0, {"limit": LARGEST})])
    revision, rows = await all_articles(database)
    try:
        changes = await asyncio.to_thread(
            read_apart,
            name,
            raw,
            existing=[article(row) for row in rows],
            language=str(facts.get("language", "en")),
            seconds=SECONDS,
        )
    except BadFile as bad:
        return _answer(list(bad.problems))
    if len(changes.added) + len(changes.changed) > MOST:
        return _answer([Problem("too_many_articles", 0, {"limit": MOST})])
    added, changed = ([astuple(one) for one in found] for found in (changes.added, changes.changed))
    return _answer([], revision=revision, added=added, changed=changed, same=len(changes.same))


async def written(database: Database, name: str) -> bytes:
    """Return all articles as the content of a file of this name."""
    _, rows = await all_articles(database)
    text = await asyncio.to_thread(format_articles, name, [article(row) for row in rows])
    return text.encode()


def _answer(problems: list[Problem], **facts: Any) -> bytes:
    return json.dumps({"problems": [astuple(problem) for problem in problems], **facts}, ensure_ascii=False).encode()
