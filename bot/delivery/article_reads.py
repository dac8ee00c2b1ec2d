"""What takes long and writes nothing is read beside the writer: many small looks, and the work on it elsewhere."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.delivery import article_import
from bot.delivery.article_import import all_articles
from bot.delivery.photo_codes import codes_on
from handlers.turns.knowledge import article_of
from handlers.vocabulary.fetches import ANSWER_CODE, ASSETS, COMPANIES, SHOW, SHOW_CODE, TAKE, ArticlesFile
from kb.files.formats import format_articles
from kb.files.sheet import sheet_as_csv
from storage.engine.database import Database, Reads


async def read_fetched(database: Database, facts: Mapping[str, Any], name: str, raw: bytes) -> bytes:
    """Return what a file that was sent says to the handler that asked for it: as it is, or what it does to the articles.

    ``facts`` say which handler that is, {"then"}, and what it remembers.
    """
    if facts.get("then") in (COMPANIES, ASSETS):
        return await asyncio.to_thread(sheet_as_csv, name, raw)
    if facts.get("then") in (ANSWER_CODE, SHOW_CODE):
        return await asyncio.to_thread(codes_on, raw)
    if facts.get("then") not in (SHOW, TAKE):
        return raw
    return await article_import.preview_or_import(database, ArticlesFile.read(facts), name, raw)


async def format_all_articles(database: Reads, name: str) -> bytes:
    """Return all articles as the content of a file of this name."""
    _, rows = await all_articles(database)
    text = await asyncio.to_thread(format_articles, name, [article_of(row) for row in rows])
    return text.encode()
