"""Stories from where people already talk: channels and groups in which requests are opened."""

from typing import Any

from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.stories.harness import Desk, Place, Somebody


async def takes_requests(
    desk: Desk, name: str, *people: Somebody, forum: bool = False, private: bool = False, **settings: Any
) -> Place:
    """Let these people's room be a request channel, as an earlier day's work of an admin."""
    room = desk.room(name, *people, forum=forum, private=private)
    source, chat = desk.stage.source(people[0].native), desk.rooms[name]

    def keep(tx: Transaction) -> None:
        tx.request_channels.keep(source, chat, title=name, settings=settings, at=MONDAY)

    await desk.records(keep)
    await desk.settles()  # whoever has just come to the team is known before they speak elsewhere
    return room


EVERY = ["mention", "every"]
