"""What the bot is to hear: each payload, its attempts, and when it is sent again."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import uuid4

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.tables import LIMITS, RETRY_AFTER

Envelope = Literal["events_api", "interactive", "slash_commands"]
Heard = Callable[[Any], None]
ACK = timedelta(seconds=LIMITS["ack_s"])


@dataclass(eq=False, slots=True)
class Attempt:
    """One sending of a payload."""

    envelope_id: str
    at: datetime
    number: int
    reason: str = ""
    via: str = ""
    failed: str = ""
    latency: float | None = None
    _started: float = field(default_factory=time.perf_counter)

    def heard(self) -> None:
        """Note that the bot has acknowledged it now."""
        self.latency = time.perf_counter() - self._started


@dataclass(eq=False, slots=True)
class Delivery:
    """One payload and its fate: ``acked``, ``lost`` (given up), or still under way."""

    kind: Envelope
    name: str
    payload: Json
    at: datetime
    attempts: list[Attempt] = field(default_factory=list)
    acked: bool = False
    lost: bool = False
    answer: Any = None
    tried: int = 0
    heard: Heard | None = None
    given_up: Callable[[], None] | None = None

    @property
    def trigger_id(self) -> str:
        """The right to open a modal that came with it."""
        return str(self.payload.get("trigger_id", ""))

    @property
    def is_event(self) -> bool:
        """Whether it is sent again when nobody acknowledges it."""
        return self.kind == "events_api"

    @property
    def latency(self) -> float | None:
        """Seconds from the sending that was acknowledged to the acknowledgement."""
        return next((attempt.latency for attempt in self.attempts if attempt.latency is not None), None)

    @property
    def failed(self) -> str:
        """Why the person was told that it did not work; "" if it did, or may yet."""
        return (self.attempts[-1].failed if self.attempts else "no_connection") if self.lost else ""


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
        delivery, attempt = self._out.pop(envelope_id, (None, None))
        if delivery is None or attempt is None or delivery.acked or delivery.lost:
            return False
        attempt.heard()
        delivery.acked, delivery.answer = True, answer
        self.pending.pop(id(delivery), None)
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
        if not delivery.is_event:
            self._out.pop(attempt.envelope_id, None)
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
            self.pending.pop(id(delivery), None)
            if delivery.given_up is not None:
                delivery.given_up()
        elif (wait := RETRY_AFTER[delivery.tried - 1]) == 0:
            self._try(delivery, reason)
        else:
            task = self._loop.create_task(self._later(delivery, wait, reason))
            self._retries.add(task)
            task.add_done_callback(self._retries.discard)
        self._changes.touch()

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
