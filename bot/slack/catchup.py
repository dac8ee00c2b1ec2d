"""After downtime: Slack gives an event up after about six minutes, so what was said meanwhile is read back from the chats.

Each message has the key it would have had as an event, so whatever did arrive is not heard twice.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messenger import Accept, Wait
from bot.slack.errors import translated
from bot.slack.events import Known, said
from handlers.messages import Event
from storage import missed
from storage.database import Connection, Database

log = logging.getLogger("frontdesk.slack")

LOOKED_BACK = timedelta(days=7)  # people who were silent for longer are heard when they write again
PAGE = 200
TRIES = 5

Meet = Callable[[str], Awaitable[None]]


class CatchUp:
    """Reads back what was missed, once at a time."""

    def __init__(self, client: AsyncWebClient, database: Database, known: Known, meet: Meet) -> None:
        self._client = client
        self._database = database
        self._known = known
        self._meet = meet
        self._turn = asyncio.Lock()

    async def read(self, accept: Accept) -> None:
        """Read every chat and thread that may hold something new; what cannot be read now is left for the next time."""
        async with self._turn:
            for chat, root, oldest in await self._database.run(self._places):
                try:
                    await self._place(accept, chat, root, oldest)
                except (TimeoutError, SlackClientError, OSError) as error:
                    log.warning(
                        "%s could not be read back: %s", chat, translated(error), extra={"event": "catch_up_failed"}
                    )

    def _places(self, connection: Connection) -> Sequence[tuple[str, str, str]]:
        """Return chat, thread ("" for the chat itself) and the timestamp up to which it is known."""
        source = self._known.source
        chats = missed.chats(connection, source, datetime.now(UTC) - LOOKED_BACK)
        found = [(chat, "") for chat in chats] + [(chat, root) for chat, root in missed.roots(connection, source)]
        ends: dict[str, str] = {}
        for chat, _ in found:
            if chat not in ends:
                key = missed.last_key(connection, source, f"m:{chat}:")
                ends[chat] = key.split(":")[2] if key else ""
        return [(chat, root, ends[chat]) for chat, root in found if "." in root or not root]

    async def _place(self, accept: Accept, chat: str, root: str, oldest: str) -> None:
        cursor = ""
        events: list[Event] = []
        while True:
            page = await self._page(chat, root, oldest, cursor)
            read = [await self._event(chat, message) for message in page.get("messages") or ()]
            events += [event for event in read if event is not None]
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        await accept(sorted(events, key=lambda event: event.message))

    async def _event(self, chat: str, message: dict[str, Any]) -> Event | None:
        if message.get("user"):
            await self._meet(str(message["user"]))
        return said({**message, "channel": chat}, self._known)

    async def _page(self, chat: str, root: str, oldest: str, cursor: str) -> Any:
        """Read one page; where Slack says to wait, wait."""
        for _ in range(TRIES):
            try:
                where: dict[str, Any] = {
                    "channel": chat,
                    "oldest": oldest or None,
                    "cursor": cursor or None,
                    "limit": PAGE,
                }
                if root:
                    return (await self._client.conversations_replies(ts=root, **where)).data
                return (await self._client.conversations_history(**where)).data
            except SlackApiError as error:
                told = translated(error)
                if not isinstance(told, Wait):
                    raise
                await asyncio.sleep(told.seconds)
        raise TimeoutError
