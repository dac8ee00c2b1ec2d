"""The outbox: promised messages go to their messengers, in order and at the pace of each address, until they are taken."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock, leases_at
from bot.deferred.maker import Maker
from bot.delivery import settle
from bot.delivery.claim import ClaimedDeliveries, claim_deliveries
from bot.delivery.pending_sends import PendingSends
from bot.delivery.send import Attempt
from bot.delivery.settle import Result
from bot.messengers.downloads import Memory
from bot.messengers.protocol import Delivery, Messenger, Rejected, Revoked, Undelivered, Unreachable
from bot.monitoring.failpoints import reach_failpoint
from bot.monitoring.health import Health
from bot.monitoring.metrics import Metrics
from handlers.rules import Rules
from storage.engine.database import Connection, Database, DatabaseUnavailable
from storage.queues import lanes

log = logging.getLogger("frontdesk.outbox")

LAST = 3.0  # seconds of a shutdown in which nothing new is begun
TOGETHER = 32  # addresses served at once by one process
MEND = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ended:
    """A delivery that has come to its end, and who waits until that is written down."""

    result: Result
    written: asyncio.Future[None]


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
        health: Health | None = None,
        base: Rules | None = None,
    ) -> None:
        self.bell = asyncio.Event()
        self.early = PendingSends()
        self.revoked: set[str] = set()
        self.on_revoked: Callable[[str], Awaitable[None]] = self._leave
        self._database = database
        self._clock = clock
        self._messengers = messengers
        self._stirred = stirred
        self._metrics = metrics or Metrics()
        self._health = health or Health(clock.now)
        self._memory = Memory()
        self._maker = Maker(database, base or Rules(), clock.now, messengers)
        self._sending: set[asyncio.Task[None]] = set()
        self._rounds: set[asyncio.Task[datetime | None]] = set()
        self._ended: list[Ended] = []  # sent, and not written down yet
        self._next_at: datetime | None = None  # when serving goes on if no bell rings
        self._busy = 0  # leased, and not written down yet
        self._mended: datetime | None = None  # when it was last looked for moments that a wrong clock wrote
        self._closing = False

    @property
    def sources(self) -> list[str]:
        """Return the sources that can be served now."""
        return [source for source in self._messengers if source not in self.revoked]

    @property
    def under_way(self) -> set[asyncio.Task[None]]:
        """Return the sendings whose fate is not written down yet."""
        return set(self._sending)

    async def serve(self) -> None:
        """Send for ever."""
        while True:
            try:
                self._next_at = next_at = await asyncio.shield(self._begin_round())
            except DatabaseUnavailable as trouble:
                self._health.failed("outbox", trouble)
                await asyncio.sleep(1)
                continue
            self._health.went("outbox")
            full = self._busy >= TOGETHER
            if full or next_at is None or next_at > self._clock.now():
                await self._clock.wait(self.bell, None if full else next_at)

    async def flush(self, seconds: float) -> None:
        """Finish what is being sent, and send what may be sent at once, within so many seconds; begin nothing in the last."""
        for self._closing, part in ((False, seconds - LAST), (True, LAST)):
            try:
                async with asyncio.timeout(part):
                    await self._finish()
                    return
            except (TimeoutError, DatabaseUnavailable):
                log.info("some messages wait for the next start", extra={"event": "flush_unfinished"})

    async def _finish(self) -> None:
        """Send until nothing may be sent now."""
        await asyncio.gather(*self._rounds, return_exceptions=True)
        while True:
            await asyncio.shield(self._begin_round())
            if not self._busy:
                return
            await self._clock.wait(self.bell, None)

    # Rounds

    def _begin_round(self) -> "asyncio.Task[datetime | None]":
        """Begin a round that comes to its end whoever waits for it: what it leases is sent, what it wrote down is known."""
        task = asyncio.create_task(self._round())
        self._rounds.add(task)
        task.add_done_callback(self._rounds.discard)
        return task

    async def _round(self) -> datetime | None:
        """Write down what was sent and take what may be sent now, in one transaction; return when there may be more."""
        ended, self._ended = self._ended, []
        try:
            events, taken = await self._database.run(lambda connection: self._turnover(connection, ended))
        except DatabaseUnavailable:
            self._ended = ended + self._ended  # it was sent: once the database serves again, that is written down
            raise
        except Exception:
            if not ended:
                raise
            await self._one_by_one(ended)
            return self._clock.now()
        self._release(ended)
        if events or (ended and self.early.settled()):
            self._stirred.set()
        self._send_all(taken)
        return taken.next_at

    def take(self, connection: Connection) -> ClaimedDeliveries:
        """Take what may be sent now in the transaction that has just promised it: one commit less to wait for."""
        room = 0 if self._closing else TOGETHER - self._busy
        return self._take(connection, self._clock.now(), room)

    def _take(self, connection: Connection, now: datetime, room: int) -> ClaimedDeliveries:
        at = leases_at(connection, self._clock)
        due = self._mended is None or abs(now - self._mended) >= MEND
        mended = lanes.mend_far_lanes(connection, now, leases_at=at) if due else None
        taken = claim_deliveries(connection, self._messengers, self.sources, now, room, leases_at=at)
        return replace(taken, mended=mended)

    def go(self, taken: ClaimedDeliveries) -> None:
        """Send what a committed transaction has taken; the rest is seen to when its time has come."""
        self._send_all(taken)
        if taken.next_at is not None and (self._next_at is None or taken.next_at < self._next_at):
            self.bell.set()

    def _send_all(self, taken: ClaimedDeliveries) -> None:
        if taken.mended is not None:  # and that is committed: what is undone is done again
            self._mended = self._clock.now()
        if taken.mended:
            self._stirred.set()
        self._busy += len(taken.deliveries)
        for delivery in taken.deliveries:
            task = asyncio.create_task(self._send(delivery))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    def _turnover(self, connection: Connection, ended: Sequence[Ended]) -> tuple[bool, ClaimedDeliveries]:
        now = self._clock.now()
        events = settle.settle_results(connection, [each.result for each in ended], now, self._messengers)
        room = 0 if self._closing else TOGETHER - self._busy + len(ended)
        return events, self._take(connection, now, room)

    async def _one_by_one(self, ended: Sequence[Ended]) -> None:
        """Write down results that cannot be written down together; one that cannot be at all stays leased for its while."""
        for each in ended:
            try:
                await self._database.run(partial(self._write_down, result=each.result))
            except DatabaseUnavailable:
                self._ended.append(each)
                continue
            except Exception as error:
                facts = {"event": "unwritten", "outgoing": each.result.delivery.rows[0].id}
                log.error("a sending could not be written down", exc_info=error, extra=facts)
            self._release([each])
            self._stirred.set()

    def _write_down(self, connection: Connection, result: Result) -> None:
        settle.settle_results(connection, [result], self._clock.now(), self._messengers)

    def _release(self, ended: Sequence[Ended]) -> None:
        self._busy -= len(ended)
        for each in ended:
            if not each.written.done():
                each.written.set_result(None)

    # Sending

    async def _send(self, delivery: Delivery) -> None:
        """Send one delivery, and wait until what became of it is written down."""
        try:
            result = await self._attempt(delivery)
        except Revoked:
            await self.on_revoked(delivery.source)
        except (
            DatabaseUnavailable
        ) as trouble:  # the lease will end, and the row will be found "sending": uncertain, and told so
            log.warning("a sending was given up: %s", trouble, extra={"event": "database_trouble"})
        else:
            self._metrics.sent(delivery.source, type(result.trouble).__name__.lower() if result.trouble else "sent")
            reach_failpoint("after_send")
            await self._written(result)
            return
        self._busy -= 1
        self.bell.set()

    async def _leave(self, source: str) -> None:
        """Send nothing more to a messenger that does not take our token."""
        self.revoked.add(source)

    async def _written(self, result: Result) -> None:
        """Return when the next round has written down what became of a delivery."""
        ended = Ended(result, asyncio.get_running_loop().create_future())
        self._ended.append(ended)
        self.bell.set()
        await ended.written

    async def _attempt(self, delivery: Delivery) -> Result:
        """Do it within its time, with all its calls."""
        attempt = Attempt(
            self._database, self._messengers, delivery, memory=self._memory, maker=self._maker, revoked=self.on_revoked
        )
        try:
            async with asyncio.timeout(delivery.left):
                return await attempt.run()
        except TimeoutError:
            return Result(delivery, (), Unreachable("no answer", doubt=attempt.saying))
        except Undelivered as trouble:
            return Result(delivery, trouble.natives, trouble)
        except (Revoked, DatabaseUnavailable):
            raise
        except Exception as error:
            log.error(
                "a message could not be rendered",
                exc_info=error,
                extra={"event": "unrendered", "outgoing": delivery.rows[0].id},
            )
            return Result(delivery, (), Rejected("bug"))
