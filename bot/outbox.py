"""The outbox: promised messages go to their messengers, in order and at the pace of each address, until they are taken."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot import prepare, settling
from bot.clock import Clock
from bot.failpoints import reached
from bot.messenger import (
    Delivered,
    Delivery,
    Messenger,
    Rejected,
    Revoked,
    Undelivered,
    Unreachable,
)
from bot.metrics import Metrics
from bot.settling import Result
from handlers.messages import Operation
from storage import lanes, outbox, pace
from storage.database import Connection, Database, Trouble
from storage.models import Sending
from storage.outbox import Outgoing, Settled
from storage.talk import Place, Talk

log = logging.getLogger("frontdesk.outbox")

TOGETHER = 32  # addresses served at once by one process
LEASE = timedelta(seconds=30)
WITHIN = 25  # seconds a delivery may take with all its calls: less than its address is leased for


class Outbox:
    """Leases addresses, sends their heads, writes down what became of them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        messengers: Mapping[str, Messenger],
        *,
        stirred: asyncio.Event,
        metrics: Metrics | None = None,
    ) -> None:
        self.bell = asyncio.Event()
        self.revoked: set[str] = set()
        self._database = database
        self._clock = clock
        self._messengers = messengers
        self._stirred = stirred
        self._metrics = metrics or Metrics()
        self._sending: set[asyncio.Task[None]] = set()

    @property
    def sources(self) -> list[str]:
        """Return the sources that can be served now."""
        return [source for source in self._messengers if source not in self.revoked]

    async def serve(self) -> None:
        """Send for ever."""
        while True:
            try:
                deliveries, next_at = await self._database.run(self._lease)
            except Trouble as trouble:
                log.warning("the database cannot serve: %s", trouble, extra={"event": "database_trouble"})
                await asyncio.sleep(1)
                continue
            for delivery in deliveries:
                task = asyncio.create_task(self._send(delivery))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)
            if len(self._sending) >= TOGETHER or next_at is None or next_at > self._clock.now():
                await self._clock.wait(self.bell, next_at if len(self._sending) < TOGETHER else None)

    async def flush(self, seconds: float) -> None:
        """Finish what is being sent, and send what may be sent at once, within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                while self._sending or (found := (await self._database.run(self._lease))[0]):
                    if not self._sending:
                        await asyncio.gather(*(self._send(delivery) for delivery in found))
                    await asyncio.gather(*self._sending, return_exceptions=True)
        except (TimeoutError, Trouble):
            log.info("some messages wait for the next start", extra={"event": "flush_unfinished"})

    # Taking

    def _lease(self, connection: Connection) -> tuple[list[Delivery], datetime | None]:
        now = self._clock.now()
        room = TOGETHER - len(self._sending)
        found = outbox.lease(connection, self.sources, now, now + LEASE, room) if room > 0 else []
        if not found:
            return [], lanes.next_ready(connection, lanes.OUT, self.sources)
        places = prepare.Places(connection)
        full = len(found) == room
        deliveries = [
            d
            for rows in self._paced(connection, places, found, now)
            if (d := self._ready(connection, places, rows, now))
        ]
        return deliveries, now if full else lanes.next_ready(connection, lanes.OUT, self.sources)

    def _paced(
        self, connection: Connection, places: prepare.Places, found: Sequence[list[Outgoing]], now: datetime
    ) -> list[list[Outgoing]]:
        """Return what the rates allow now; the other lanes wait until they do."""
        chats = {rows[0].lane: places.chat(rows[0].lane) for rows in found}
        operations = {rows[0].lane: Operation(rows[0].operation) for rows in found}
        limits = {
            lane: self._messengers[source].rates(chat, operations[lane]) for lane, (source, chat) in chats.items()
        }
        rates = {name: rate for each in limits.values() for name, rate in each.items()}
        allowance = pace.Allowance(connection, rates, now)
        allowed: list[list[Outgoing]] = []
        for rows in found:
            due = allowance.take(limits[rows[0].lane])
            if due is None:
                allowed.append(rows)
            else:
                lanes.set_ready(connection, lanes.OUT, rows[0].lane, due)
        allowance.save()
        return allowed

    def _ready(
        self, connection: Connection, places: prepare.Places, rows: list[Outgoing], now: datetime
    ) -> Delivery | None:
        """Return the delivery of a lane's head, or settle it where there is nothing to do any more."""
        folded = prepare.folded(rows, now)
        delivery = places.delivery(folded)
        if delivery is None:
            outbox.settle(
                connection, rows[0].lane, [Settled(row, Sending.DROPPED, error="gone") for row in folded], now
            )
            return None
        return replace(delivery, rows=tuple(outbox.start(connection, folded)))

    # Sending

    async def _send(self, delivery: Delivery) -> None:
        """Send one delivery and write down what became of it."""
        try:
            result = await self._attempt(delivery)
            self._metrics.sent(delivery.source, type(result.trouble).__name__.lower() if result.trouble else "sent")
            reached("after_send")
            await self._write_down(result)
        except Revoked:
            self.revoked.add(delivery.source)
            log.error("%s: the token is not valid any more", delivery.source.split(":")[0], extra={"event": "revoked"})
        except Trouble as trouble:  # the lease will end, and the row will be found "sending": uncertain, and told so
            log.warning("a sending could not be written down: %s", trouble, extra={"event": "database_trouble"})
            self.bell.set()

    async def _attempt(self, delivery: Delivery) -> Result:
        messenger = self._messengers[delivery.source]
        try:
            place = delivery.thread
            if place is not None and delivery.threads and place.native is None:
                delivery = await self._with_thread(messenger, delivery, place)
            reached("before_send")
            async with asyncio.timeout(WITHIN):
                if delivery.operation is Operation.FETCH:
                    return Result(delivery, content=await messenger.fetch(delivery.drawn.files[0]))
                sent: Delivered = await messenger.deliver(await self._loaded(delivery))
            return Result(delivery, sent.natives)
        except TimeoutError:
            return Result(delivery, (), Unreachable("no answer"))
        except Undelivered as trouble:
            return Result(delivery, trouble.natives, trouble)
        except (Revoked, Trouble):
            raise
        except Exception as error:
            log.error(
                "a message could not be rendered",
                exc_info=error,
                extra={"event": "unrendered", "outgoing": delivery.rows[0].id},
            )
            return Result(delivery, (), Rejected("bug"))

    async def _loaded(self, delivery: Delivery) -> Delivery:
        """Bring the content of files whose handle this messenger does not know: another's, or our own."""
        loaded: dict[str, bytes] = {}
        for file in delivery.drawn.files:
            if not file.source and "text" in file.facts:
                loaded[file.handle] = str(file.facts["text"]).encode()
            elif file.source in self._messengers and file.source != delivery.source:
                loaded[file.handle] = await self._messengers[file.source].fetch(file)
        return replace(delivery, loaded=loaded) if loaded else delivery

    async def _with_thread(self, messenger: Messenger, delivery: Delivery, place: Place) -> Delivery:
        """Make the thread that the address needs, and keep its id before anything is said in it."""
        native = await messenger.open_thread(delivery.chat, place)
        await self._database.run(
            lambda connection: Talk(connection).set_native(place.ticket_id, place.channel_id, native)
        )
        return replace(delivery, thread=replace(place, native=native))

    # Writing down

    async def _write_down(self, result: Result) -> None:
        def work(connection: Connection) -> tuple[bool, bool]:
            return settling.settle(connection, result, self._clock.now(), self._messengers[result.delivery.source])

        events, more = await self._database.run(work)
        if events:
            self._stirred.set()
        if more or len(self._sending) >= TOGETHER:
            self.bell.set()
