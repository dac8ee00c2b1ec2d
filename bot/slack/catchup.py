"""After downtime: Slack gives an event up after about six minutes, so what was said meanwhile is read back from the chats.

A mark says up to when everything was heard. It moves on while the line is well, and after everything since was read back.
Each message has the key it would have had as an event, so whatever did arrive is not heard twice.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.messenger import Accept, Wait
from bot.slack.acquaintances import Acquaintances
from bot.slack.errors import translated
from bot.slack.events import Known, said
from bot.slack.receiving import mentioned
from handlers.messages import Event
from storage import missed
from storage.database import Connection, Database, Trouble
from storage.records import Records

log = logging.getLogger("frontdesk.slack")

RETRIED = timedelta(minutes=10)  # longer than Slack goes on sending what nobody acknowledged
MOVED = timedelta(minutes=1)
BRIEF = timedelta(minutes=2)  # after a shorter gap Slack itself sends everything again
TALKED = timedelta(days=7)  # threads that were silent for longer are heard when somebody writes there again
PAGE = 200
TRIES = 5


class CatchUp:
    """Reads back what was missed, once at a time."""

    def __init__(
        self, client: AsyncWebClient, database: Database, known: Known, people: Acquaintances, clock: Clock
    ) -> None:
        self._client, self._database, self._known, self._people = client, database, known, people
        self._clock = clock
        self._turn = asyncio.Lock()
        self._behind = True  # something may not have been heard yet
        self._moved: datetime | None = None

    @property
    def _name(self) -> str:
        return f"heard:{self._known.source}"

    async def read(self, accept: Accept, *, failed: bool = False) -> None:
        """Read every chat and thread that may hold something new; what cannot be read now is left for the next time."""
        async with self._turn:
            self._behind = True
            began = self._clock.now()
            try:
                since, roots = await self._database.run(lambda connection: self._look(connection, began))
                if since is not None and (failed or began - since > RETRIED + BRIEF):
                    await self._all(accept, since, roots)
                await self._mark(began - RETRIED)
            except Exception as error:  # whatever it is, the line stays open, and the next look tries again
                log.warning(
                    "not everything could be read back: %r", translated(error), extra={"event": "catch_up_failed"}
                )
                return
            self._behind = False

    async def steady(self, accept: Accept, *, failed: bool) -> None:
        """All is well: move the mark. Where something failed meanwhile, read it back first."""
        if self._turn.locked():
            return
        if self._behind or failed:
            await self.read(accept, failed=failed)
        elif self._moved is None or self._clock.now() - self._moved >= MOVED:
            try:
                await self._mark(self._clock.now() - RETRIED)
            except Trouble:
                self._behind = True

    async def _mark(self, at: datetime) -> None:
        await self._database.run(lambda connection: Records(connection).put(self._name, at.isoformat()))
        self._moved = self._clock.now()

    def _look(self, connection: Connection, now: datetime) -> tuple[datetime | None, Sequence[tuple[str, str]]]:
        """Return since when, and the threads to look into; a desk that never ran (None) has missed nothing."""
        kept = Records(connection).get(self._name)
        roots = missed.roots(connection, self._known.source, now - TALKED)
        return datetime.fromisoformat(kept) if kept else None, [(chat, root) for chat, root in roots if "." in root]

    async def _all(self, accept: Accept, since: datetime, roots: Sequence[tuple[str, str]]) -> None:
        async for chat in self._chats():
            await self._place(accept, chat, "", since)
        for chat, root in roots:
            await self._place(accept, chat, root, since)

    async def _chats(self) -> AsyncIterator[str]:
        """Yield every chat the app can hear: direct messages and the channels it is in."""
        cursor = ""
        while True:
            page = await self._told_to_wait(
                self._client.conversations_list,
                types="im,public_channel,private_channel",
                exclude_archived=True,
                limit=PAGE,
                cursor=cursor or None,
            )
            for channel in page.get("channels") or ():
                if channel.get("is_im") or channel.get("is_member"):
                    yield str(channel["id"])
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    async def _place(self, accept: Accept, chat: str, root: str, since: datetime) -> None:
        """Read one chat or one thread, the earliest first."""
        read, cursor = self._client.conversations_replies if root else self._client.conversations_history, ""
        where: dict[str, Any] = {"channel": chat, "oldest": f"{since.timestamp():.6f}", "limit": PAGE}
        events: list[Event] = []
        while True:
            try:
                page = await self._told_to_wait(read, **where, **({"ts": root} if root else {}), cursor=cursor or None)
            except SlackApiError as error:  # the thread's root was deleted, or somebody threw the app out
                log.info("%s could not be read back: %s", chat, translated(error), extra={"event": "catch_up_skipped"})
                return
            for message in page.get("messages") or ():
                events += await self._events(chat, message)
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        await accept(sorted(events, key=lambda event: event.message))

    async def _events(self, chat: str, message: dict[str, Any]) -> list[Event]:
        user = str(message.get("user") or "")
        if user and not message.get("bot_id"):
            await self._people.introduce({user, *mentioned(message)})
        event = said({**message, "channel": chat}, self._known)
        return [event] if event is not None else []

    async def _told_to_wait(self, call: Any, **arguments: Any) -> Any:
        """Make a call; where Slack says to wait, wait."""
        for _ in range(TRIES):
            try:
                return (await call(**arguments)).data
            except SlackApiError as error:
                told = translated(error)
                if not isinstance(told, Wait):
                    raise
                await asyncio.sleep(told.seconds)
        raise TimeoutError
