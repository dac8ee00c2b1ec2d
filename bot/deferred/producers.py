"""Who makes which deferred attachment, by name."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.deferred.assets import assets_file
from bot.deferred.lists import list_file
from bot.deferred.stories import story_page
from bot.deferred.workshop import Produced, Workshop
from bot.delivery import pictures
from bot.delivery.article_reads import format_all_articles
from bot.reports.producing import report_file
from bot.reports.why import opened_report, why_text
from handlers.vocabulary.deferred import PictureArgs, ReaderArgs
from handlers.vocabulary.messages import File

Producer = Callable[[Workshop, str, Any], Awaitable[Produced]]  # of its file's name, and of arguments of its own


async def articles_file(workshop: Workshop, name: str, args: ReaderArgs) -> Produced:
    """Make a file of all articles."""
    return Produced(await format_all_articles(workshop.database, name))


async def workflow_picture(workshop: Workshop, name: str, args: PictureArgs) -> Produced:
    """Draw a workflow."""
    return Produced(await asyncio.to_thread(pictures.draw_workflow, args["graph"]))


PRODUCERS: Mapping[str, Producer] = {
    "articles": articles_file,
    "assets": assets_file,
    "history": story_page,
    "list": list_file,
    "opened": opened_report,
    "report": report_file,
    "why": why_text,
    "workflow": workflow_picture,
}


async def produce_file(workshop: Workshop, file: File) -> Produced:
    """Make a deferred file."""
    return await PRODUCERS[file.facts["produce"]](workshop, file.name, file.facts["args"])
