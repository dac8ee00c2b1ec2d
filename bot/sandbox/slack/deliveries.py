"""Everything that the bot is to hear: what is sent when, and sent again."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock
from bot.sandbox.slack.delivery import Attempt, Delivery, Envelope, Heard
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.tables import LIMITS, RETRY_AFTER

ACK = timedelta(seconds=LIMITS["ack_s"])


class Transport(Protocol):
    """How payloads travel: by Socket Mode or to a request URL."""

    def carry(self, delivery: Delivery, attempt: Attempt) -> bool:
        """Send it; False when nobody is there to take it."""
        ...

    def holds(self, attempt: Attempt) -> bool:
        """Return whether the way it was sent by is still open."""
        ...


class Deliveries:
    """Every payload of late; events are tried four times, all else once."""

    def __init__(self, clock: Clock, changes: Changes, keep: int | None) -> None:
        self.transport: Transport | None = None
        self.log: deque[Delivery] = deque(maxlen=keep)
        self.pending: dict[int, Delivery] = {}
        self._clock, self._changes = clock, changes
        self._loop = asyncio.get_running_loop()  # people act in plain functions too
        self._out: dict[str, tuple[Delivery, Attempt]] = {}
        self._due: deque[tuple[datetime, Delivery, Attempt]] = deque()
        self._watch: asyncio.Task[None] | None = None
        self._retries: set[asyncio.Task[None]] = set()

    def send(
        self,
        kind: Envelope,
        name: str,
        payload: Json,
        heard: Heard | None = None,
        given_up: Callable[[], None] | None = None,
    ) -> Delivery:
        """Send a payload; ``heard`` gets what the acknowledgement carries, ``given_up`` is called without one."""
        delivery = Delivery(kind, name, payload, self._clock.now(), heard=heard, given_up=given_up)
        self.log.append(delivery)
        self.pending[id(delivery)] = delivery
        self._try(delivery, "")
        self._changes.touch()
        return delivery

    def acknowledge(self, envelope_id: str, answer: Any) -> bool:
        """Take an acknowledgement; False when nothing waits for it any more."""
        delivery, attempt = self._out.get(envelope_id, (None, None))
        if delivery is None or attempt is None:
            return False
        attempt.heard()
        delivery.acked, delivery.answer = True, answer
        self._forget(delivery)
        while self._due and self._due[0][1].acked:
            self._due.popleft()
        if delivery.heard is not None:
            delivery.heard(answer)
        self._changes.touch()
        return True

    def refuse(self, delivery: Delivery, attempt: Attempt, reason: str, *, final: bool = False) -> None:
        """Note that an attempt has failed; an event is tried again in its time, unless the failure is final."""
        if attempt.failed or delivery.acked or delivery.lost:
            return
        attempt.failed = reason
        self._again(delivery, reason, final=final)

    def resend(self) -> None:
        """Send what nobody has acknowledged to the connection that has come; interactions are past."""
        for delivery in list(self.pending.values()):
            last = delivery.attempts[-1] if delivery.attempts else None
            if last is None or last.failed or (self.transport is not None and not self.transport.holds(last)):
                self._carry(delivery, "timeout" if last else "")

    def repeat(self, delivery: Delivery) -> None:
        """Send a payload once more, whatever became of it."""
        delivery.acked = delivery.lost = False
        self.pending[id(delivery)] = delivery
        self._carry(delivery, "timeout")
        self._changes.touch()

    def abandon(self, via: str) -> None:
        """Give up the interactions that were on a connection now gone."""
        for delivery in list(self.pending.values()):
            if not delivery.is_event and delivery.attempts and delivery.attempts[-1].via == via:
                self.refuse(delivery, delivery.attempts[-1], "connection_closed")

    async def close(self) -> None:
        """Stop every timer."""
        tasks = [*self._retries, *([self._watch] if self._watch else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _try(self, delivery: Delivery, reason: str) -> None:
        delivery.tried += 1
        if not self._carry(delivery, reason):
            self._again(delivery, "connection_failed")

    def _carry(self, delivery: Delivery, reason: str) -> bool:
        attempt = Attempt(str(uuid4()), self._clock.now(), len(delivery.attempts), reason)
        if self.transport is None or not self.transport.carry(delivery, attempt):
            return False
        delivery.attempts.append(attempt)
        self._out[attempt.envelope_id] = (delivery, attempt)
        self._due.append((attempt.at + ACK, delivery, attempt))
        if self._watch is None or self._watch.done():
            self._watch = self._loop.create_task(self._expire())
        return True

    def _again(self, delivery: Delivery, reason: str, *, final: bool = False) -> None:
        """Try an event again now or later; what cannot be tried again is lost."""
        if final or not delivery.is_event or delivery.tried > len(RETRY_AFTER):
            delivery.lost = True
            self._forget(delivery)
            if delivery.given_up is not None:
                delivery.given_up()
        elif (wait := RETRY_AFTER[delivery.tried - 1]) == 0:
            self._try(delivery, reason)
        else:
            task = self._loop.create_task(self._later(delivery, wait, reason))
            self._retries.add(task)
            task.add_done_callback(self._retries.discard)
        self._changes.touch()

    def _forget(self, delivery: Delivery) -> None:
        """Wait for nothing more of a delivery."""
        self.pending.pop(id(delivery), None)
        for attempt in delivery.attempts:
            self._out.pop(attempt.envelope_id, None)

    async def _later(self, delivery: Delivery, seconds: float, reason: str) -> None:
        await self._clock.sleep(seconds)
        if not delivery.acked and not delivery.lost:
            self._try(delivery, reason)

    async def _expire(self) -> None:
        """Let attempts fail that nobody has acknowledged in time."""
        while self._due:
            at, delivery, attempt = self._due[0]
            if delivery.acked or delivery.lost or attempt.failed:
                self._due.popleft()
            elif (left := (at - self._clock.now()).total_seconds()) > 0:
                await self._clock.sleep(left)
            else:
                self._due.popleft()
                self.refuse(delivery, attempt, "timeout")
