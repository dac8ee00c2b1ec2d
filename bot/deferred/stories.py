"""The page of ``/history``, made beside the writer: read in one look, drawn in a thread."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.deferred.workshop import Produced, Workshop, reader_of, speech_of
from handlers.agent.history import HistoryView, page_of
from handlers.rules import Rules
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.deferred import StoryArgs
from handlers.vocabulary.messages import Event, Kind
from storage.engine.database import Connection
from storage.transaction import Transaction


async def story_page(workshop: Workshop, name: str, args: StoryArgs) -> Produced:
    """Make the page of a ticket's story, for whoever asked for it."""
    rules = await workshop.rules()
    draw = await workshop.database.read(lambda connection: read_story(connection, workshop.now(), rules, args))
    return Produced((await asyncio.to_thread(draw)).encode())


def read_story(connection: Connection, now: datetime, rules: Rules, args: StoryArgs) -> Callable[[], str]:
    """Read a ticket's story as whoever asked for it may read it; return what draws the page."""
    tx = Transaction(connection)
    actor = tx.people.get(int(args["person"]))
    asked = Event(Kind.COMMAND, actor.source, "", "", now, actor.chat, name="history")
    turn = Turn(asked, tx, now, rules, speech_of(rules), Knowledge(), actor)
    return page_of(HistoryView(turn, reader_of(args), bool(args["whole"])), tx.tickets.get(int(args["ticket"])))
