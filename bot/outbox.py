"""The outbox: promised messages go to their messengers, in order and at the pace of each address, until they are taken."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import prepare
from bot.clock import Clock
from bot.failpoints import reached
from bot.inbox import arrival
from bot.messenger import (
    Delivered,
    Delivery,
    Messenger,
    Moved,
    Rejected,
    Revoked,
    ThreadLost,
    Undelivered,
    Unreachable,
    Wait,
)
from bot.metrics import Metrics
from handlers.messages import Event, Kind, Operation
from storage import inbox, lanes, outbox, pace
from storage.database import Connection, Database, Trouble
from storage.models import Sending
from storage.outbox import Outgoing, Post, Settled
from storage.talk import Place, Talk

log = logging.getLogger("frontdesk.outbox")

TOGETHER = 32  # addresses served at once by one process
LEASE = timedelta(seconds=30)
WITHIN = 25  # seconds a delivery may take with all its calls: less than its address is leased for
BACKOFF = (1, 2, 5, 10, 30, 60, 300)  # seconds between tries while a messenger does not answer
GIVE_UP = timedelta(hours=24)  # of no answer, then it is a dead letter


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one delivery."""

    delivery: Delivery
    sent: Sequence[str] = ()
    trouble: Undelivered | None = None


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
                sent: Delivered = await messenger.deliver(delivery)
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
            return self._settle(connection, result)

        events, more = await self._database.run(work)
        if events:
            self._stirred.set()
        if more or len(self._sending) >= TOGETHER:
            self.bell.set()

    def _settle(self, connection: Connection, result: Result) -> tuple[bool, bool]:
        """Write down one result; return whether it made an event, and whether more waits at its address."""
        now, delivery = self._clock.now(), result.delivery
        settled = [self._judged(row, result, now) for row in delivery.rows]
        events = [
            *self._side_effects(connection, result, now),
            *(e for s in settled if (e := _receipt(delivery, s, now))),
        ]
        if events:
            inbox.accept(connection, [arrival(event) for event in events], now)
        more = outbox.settle(connection, delivery.rows[0].lane, settled, now)
        return bool(events), more is not None

    def _judged(self, row: Outgoing, result: Result, now: datetime) -> Settled:
        """Return the fate of a row: sent, failed for good, or queued for another try."""
        posts = _posts(row, result) if row.operation != Operation.DELETE else []
        match result.trouble:
            case None:
                return Settled(row, Sending.SENT, posts)
            case Wait(seconds=seconds):
                return Settled(row, Sending.QUEUED, posts, str(result.trouble), now + timedelta(seconds=seconds))
            case ThreadLost() | Moved():
                return Settled(row, Sending.QUEUED, [], str(result.trouble), now + timedelta(seconds=1))
            case Unreachable() if now - row.created_at < GIVE_UP:
                pause = BACKOFF[min(row.tries, len(BACKOFF) - 1)]
                again = now + timedelta(seconds=pause)
                return Settled(row, Sending.QUEUED, posts, str(result.trouble), again, doubt=result.trouble.doubt)
        return Settled(row, Sending.FAILED, posts, result.trouble.reason)

    def _side_effects(self, connection: Connection, result: Result, now: datetime) -> list[Event]:
        """Do what a failure means beyond its own row; return the events it makes."""
        delivery = result.delivery
        match result.trouble:
            case Wait(seconds=seconds):
                self._hold(connection, delivery, now + timedelta(seconds=seconds))
            case Moved(chat=chat):
                return [_moved(delivery, chat, now)]
            case ThreadLost() if delivery.thread is not None:
                Talk(connection).set_native(delivery.thread.ticket_id, delivery.thread.channel_id, None)
                return [_lost(delivery, delivery.thread, now)]
            case Rejected(reason="blocked") if delivery.private:
                return [_blocked(delivery, now)]
        if (
            delivery.operation is Operation.EDIT
            and result.trouble is None
            and delivery.shown
            and result.sent != delivery.shown
        ):
            outbox.forget_posts(connection, delivery.rows[0].edits or delivery.rows[0].id)
        return []

    def _hold(self, connection: Connection, delivery: Delivery, until: datetime) -> None:
        """Send nothing more to the chat before the moment the messenger named."""
        rates = self._messengers[delivery.source].rates(delivery.chat, Operation.SEND)
        allowance = pace.Allowance(connection, rates, self._clock.now())
        for name in rates:
            if name.endswith(f":{delivery.chat}"):
                allowance.hold(name, until)
        allowance.save()


def _posts(row: Outgoing, result: Result) -> list[Post]:
    """Return the new posts of a row; what an edit left in place is known already."""
    delivery = result.delivery
    place, ours = f"{delivery.source}:{delivery.chat}", row.edits or row.id
    if delivery.operation is Operation.EDIT and tuple(result.sent) == delivery.shown:
        return []
    known = len(delivery.begun)
    return [Post(place, native, part, ours, row.message_id) for part, native in enumerate(result.sent) if part >= known]


def _receipt(delivery: Delivery, settled: Settled, now: datetime) -> Event | None:
    """Return the event that tells an agent what became of a reply."""
    row = settled.row
    if not row.receipt or (settled.state is Sending.QUEUED and settled.row.tries):
        return None
    facts = {
        "outgoing": row.id,
        "state": settled.state,
        "uncertain": row.uncertain,
        "reason": settled.error or "",
        "ticket": row.ticket_id,
    }
    key = f"receipt:{row.id}:{row.tries}:{settled.state}"
    return Event(Kind.RECEIPT, delivery.source, key, f"#{row.ticket_id}", now, facts=facts)


def _lost(delivery: Delivery, place: Place, now: datetime) -> Event:
    facts = {"ticket": place.ticket_id, "channel": place.channel_id}
    return Event(
        Kind.LOST,
        delivery.source,
        f"lost:{delivery.rows[0].id}:{delivery.rows[0].tries}",
        f"#{place.ticket_id}",
        now,
        facts=facts,
    )


def _moved(delivery: Delivery, chat: str, now: datetime) -> Event:
    """Return the event of a chat that got another id; whoever hears it moves the team channel."""
    key, facts = f"moved:{delivery.chat}:{chat}", {"from": delivery.chat, "to": chat}
    return Event(
        Kind.MEMBER, delivery.source, key, delivery.chat, now, delivery.chat, private=False, name="moved", facts=facts
    )


def _blocked(delivery: Delivery, now: datetime) -> Event:
    key = f"blocked:{delivery.rows[0].id}"
    return Event(Kind.MEMBER, delivery.source, key, delivery.chat, now, chat=delivery.chat, name="blocked")
