"""The inbox: what arrives is stored and committed before the messenger is told that it was received."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.monitoring.failpoints import reach_failpoint
from bot.monitoring.health import Health
from handlers.vocabulary.messages import EVENT, Event, File, Kind, RichText, Sender, Span
from storage.engine import storable
from storage.engine.database import Connection, Database, DatabaseUnavailable
from storage.queues import inbox

KEY, LANE, WORD = 160, 192, 64  # characters the columns hold; native ones have far fewer
LONG = 2048  # characters of a text whose rest may follow: clients cut at a line or a word, behind the half of Telegram's 4,096
REST = timedelta(seconds=1)  # how long it is waited for
ALBUM = timedelta(seconds=1)  # an album's parts come as separate updates without an end mark (platforms' own practice)


class Inbox:
    """The one door: every event of every messenger comes through ``accept``."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        stirred: asyncio.Event,
        health: Health | None = None,
        ahead: Callable[[Sequence[Event]], Awaitable[None]] | None = None,
    ) -> None:
        self._health = health or Health(clock.now)
        self._ahead = ahead
        self._stirring: set[asyncio.Task[None]] = set()
        self._database = database
        self._clock = clock
        self._stirred = stirred

    async def accept(self, events: Sequence[Event]) -> None:
        """Store events, in order; return when they are on the disk. Raises DatabaseUnavailable when they are not: do
        not acknowledge.
        """
        if not events:
            return
        arrivals = [inbox_arrival(event) for event in events]

        def work(connection: Connection) -> None:
            inbox.accept_arrivals(connection, arrivals, self._clock.now())

        try:
            await self._database.run(work)
        except DatabaseUnavailable as trouble:
            self._health.failed("inbox", trouble)
            raise
        self._health.went("inbox")
        reach_failpoint("stored")
        if self._ahead is None:
            self._stirred.set()
            return
        task = asyncio.create_task(self._stir(events, self._ahead))
        self._stirring.add(task)
        task.add_done_callback(self._stirring.discard)

    async def _stir(self, events: Sequence[Event], ahead: Callable[[Sequence[Event]], Awaitable[None]]) -> None:
        """Ring for a turn when what it will need is ready: whoever waits already is served without."""
        try:
            await ahead(events)
        finally:
            self._stirred.set()


def inbox_arrival(told: Event) -> inbox.Arrival:
    """Return an event as the inbox keeps it, whatever is in it."""
    event: Event = storable_event(told)
    payload = EVENT.dump_json(event, exclude_defaults=True).decode()
    lane = f"{event.source}/{event.conversation}"
    wait = ALBUM if event.album else REST if is_long(event) else timedelta(0)
    return inbox.Arrival(event.source, event.key[:KEY], lane[:LANE], payload, event.album[:WORD], wait)


def is_long(event: Event) -> bool:
    """Return whether the rest of a text may follow it."""
    return event.kind in (Kind.TEXT, Kind.COMMAND) and not event.album and len(event.words.text) >= LONG


def storable_event(value: Any) -> Any:
    """Return an event, or a part of one, with nothing in it that could not be stored."""
    match value:
        case str():
            return storable.storable_text(value)
        case tuple():
            return tuple(storable_event(each) for each in value)
        case Mapping():
            return storable.storable_data(value)
        case Event() | RichText() | Span() | File() | Sender():
            return replace(value, **{each.name: storable_event(getattr(value, each.name)) for each in fields(value)})
    return value
