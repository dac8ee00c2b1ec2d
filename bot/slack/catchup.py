"""After downtime: Slack gives an event up after about six minutes, so what was said meanwhile is read back from the chats.

A mark says up to when everything was heard. It moves on after everything since was read back, and while the line has been
well for longer than Slack tries: before that, each of its tries may have met a desk that was down for a moment, again and again.
Each message has the key it would have had as an event, so whatever did arrive is not heard twice.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.messengers.protocol import Accept
from bot.slack import changes
from bot.slack.acquaintances import UserDirectory
from bot.slack.errors import OURS, translate_slack_error
from bot.slack.events import SlackContext, parse_timestamp
from bot.slack.reading import Reader, Said
from bot.slack.receiving import UNREADABLE, mentioned_users, unreadable_event
from handlers.vocabulary.messages import Event
from storage.desk.request_channels import rooted_in
from storage.engine import storable
from storage.engine.database import Connection, Database, DatabaseUnavailable
from storage.lifecycle import ACTIVE
from storage.queues import catch_up

log = logging.getLogger("frontdesk.slack")

RETRIED = timedelta(minutes=10)  # longer than Slack goes on sending what nobody acknowledged
CHECKED = timedelta(minutes=1)  # how often the mark of a line that is well moves on
BRIEF = timedelta(minutes=2)  # after a shorter gap Slack itself sends everything again
TALKED = timedelta(days=7)  # threads that were silent for longer are heard when somebody writes there again
CHANGED = timedelta(days=1)  # what was said longer before the gap is not asked whether it was edited or deleted in it
REMEMBERED = timedelta(
    days=28
)  # less than the keys of handled events are kept: which emoji were heard is known by them
THREADS = 2000  # threads that are read back, the newest
ASKED = 100  # messages asked for by name at a time


@dataclass(frozen=True, slots=True)
class Gap:
    """What is known of a time when nobody listened, before it is looked into."""

    since: datetime
    roots: Sequence[tuple[str, str]]  # the cards and first words that threads hang on
    written: Sequence[
        tuple[str, str, str]
    ]  # people's words as far as they were heard: chat, native id, who; the newest first
    heard: Sequence[Sequence[str]]  # the keys of the emoji that were heard, in order


class CatchUp:
    """Reads back what was missed, once at a time."""

    def __init__(
        self, client: AsyncWebClient, database: Database, known: SlackContext, people: UserDirectory, clock: Clock
    ) -> None:
        self._reader, self._database, self._known, self._people = Reader(client), database, known, people
        self._clock = clock
        self._turn = asyncio.Lock()
        self.on_gap: Callable[[], None] = lambda: None
        self._listening: datetime | None = None  # since when nothing cut the line off, by Slack's clock
        self._behind = True  # something may not have been heard yet
        self._failed = False  # and that is known, whatever the mark says, until it was read back
        self._checked: datetime | None = None

    async def read(self, accept: Accept, *, failed: bool = False) -> None:
        """Read every chat and thread that may hold something new; what cannot be read now is left for the next time."""
        self._failed |= failed
        async with self._turn:
            self._behind = True
            failed, self._failed = self._failed, False  # what fails from here on is for the next time
            try:
                began = self._listening = await self._there()
                since = await self._database.read(lambda connection: self._since(connection, began))
                if since is not None and (failed or began - since > RETRIED + BRIEF):
                    gap = await self._database.read(lambda connection: self._look(connection, since, began))
                    await self._all(accept, gap)
                    self.on_gap()
                    await self._mark(began - RETRIED)
                elif since is None:
                    await self._mark(began - RETRIED)
                self._checked = self._clock.now()
            except Exception as error:  # whatever it is, the line stays open, and the next look tries again
                log.warning(
                    "not everything could be read back: %r",
                    translate_slack_error(error),
                    extra={"event": "catch_up_failed"},
                )
                self._failed |= failed
                return
            self._behind = False

    async def steady(self, accept: Accept, *, failed: bool) -> None:
        """All is well: move the mark. Where something failed meanwhile, read it back first."""
        self._failed |= failed
        if self._turn.locked():
            return
        if self._behind or self._failed:
            await self.read(accept)
        elif self._checked is None or abs(self._clock.now() - self._checked) >= CHECKED:
            try:
                now = await self._there()
                if self._listening is not None and now - self._listening >= RETRIED:
                    await self._mark(now - RETRIED)
                self._checked = self._clock.now()
            except (DatabaseUnavailable, *OURS):
                self._behind = True

    async def _there(self) -> datetime:
        """Return the time that Slack has, where it says so: what was heard up to when is told by its clock."""
        return await self._reader.time() or self._clock.now()

    async def _mark(self, at: datetime) -> None:
        await self._database.run(lambda connection: catch_up.remember_heard(connection, self._known.source, at))

    def _since(self, connection: Connection, now: datetime) -> datetime | None:
        """Return up to when everything was heard; a desk that never ran has missed nothing."""
        since = catch_up.heard_until(connection, self._known.source)
        if since is None:
            return None
        if since > now:  # a clock that was ahead wrote it: since when nobody listened is not known
            log.warning("it was heard up to a time to come, says the mark", extra={"event": "mark_ahead"})
            since = now - CHANGED
        return since

    def _look(self, connection: Connection, since: datetime, now: datetime) -> Gap:
        """Return what to look through."""
        source = self._known.source
        roots = [(chat, root) for chat, root in catch_up.thread_roots(connection, source, now - TALKED) if "." in root]
        roots = [(chat, root) for chat, root in roots if "/" not in chat]
        roots += rooted_in(connection, source, now - TALKED, ACTIVE, THREADS + 1)
        return Gap(
            since,
            roots,
            catch_up.native_messages_since(connection, source, since - CHANGED),
            [
                key.split(":")
                for key in catch_up.event_keys_with_prefix(connection, source, f"r:{self._known.team_channel}:")
            ],
        )

    async def _all(self, accept: Accept, gap: Gap) -> None:
        there: set[tuple[str, str]] = set()
        roots = dict.fromkeys(gap.roots)
        async for chat in self._reader.chats():
            messages = await self._place(accept, chat, "", gap)
            there |= _standing(chat, messages)
            roots |= dict.fromkeys((chat, str(each["ts"])) for each in messages if _answered_since(each, gap.since))
        if len(roots) > THREADS:
            log.warning("only the newest threads are read", extra={"event": "catch_up_bounded", "threads": len(roots)})
        for chat, root in list(roots)[-THREADS:]:
            there |= _standing(chat, await self._place(accept, chat, root, gap))
        await self._deleted(accept, gap, there)

    async def _place(self, accept: Accept, chat: str, root: str, gap: Gap) -> list[Said]:
        """Hear what one chat or one thread tells; return its messages."""
        messages = [
            {**storable.storable_data(said), "channel": chat}
            for said in await self._reader.said(chat, root, gap.since - CHANGED) or ()
        ]
        events: list[Event] = []
        for message in messages:
            try:
                events += await self._told(message, chat, root, gap)
            except UNREADABLE as error:  # it is remembered as it stands there, and keeps nobody from being heard
                body = {"type": "event_callback", "event": {**message, "type": "message"}}
                events.append(unreadable_event(self._known, "", chat, body, error))
        await accept(sorted(events, key=lambda event: (event.at, event.message)))
        return messages

    async def _told(self, message: Said, chat: str, root: str, gap: Gap) -> list[Event]:
        """Return what one message tells."""
        await self._people.introduce({str(message.get("user") or ""), *mentioned_users(message)})
        events = changes.missed_message_events(message, self._known, gap.since)
        if message["ts"] == root and chat == self._known.team_channel and self._recent(root):
            await self._people.introduce({u for each in message.get("reactions") or () for u in each["users"]})
            events += changes.missed_reaction_events(message, gap.heard, self._known, gap.since, self._clock.now())
        return events

    def _recent(self, native: str) -> bool:
        return parse_timestamp(native) > self._clock.now() - REMEMBERED

    async def _deleted(self, accept: Accept, gap: Gap, there: set[tuple[str, str]]) -> None:
        """Hear that people's words are gone which stood there before: each that was not seen is asked for."""
        unseen = [one for one in gap.written if "." in one[1] and (one[0].partition("/")[0], one[1]) not in there]
        if len(unseen) > ASKED:
            log.warning(
                "only the newest messages are asked for", extra={"event": "catch_up_bounded", "unseen": len(unseen)}
            )
        for chat, native, user in unseen[:ASKED]:
            if await self._reader.gone(chat.partition("/")[0], native):
                await self._people.introduce({user})
                await accept([changes.deletion_event(chat, native, user, self._known, self._clock.now())])


def _standing(chat: str, messages: Sequence[Said]) -> set[tuple[str, str]]:
    """Return which messages of a chat are there, by chat and native id."""
    return {(chat, str(message.get("ts"))) for message in messages if message.get("subtype") != "tombstone"}


def _answered_since(message: Said, since: datetime) -> bool:
    """Return whether a message has a thread in which something was said since then: any may have been begun meanwhile."""
    return bool(message.get("ts")) and parse_timestamp(str(message.get("latest_reply") or "0")) >= since
