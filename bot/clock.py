"""Time, so that a test may own it: now, a bell to wait for, and timers that become events."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.monitoring.failpoints import reached
from bot.monitoring.health import Health
from handlers.vocabulary.messages import EVENT, Event, Kind
from storage import inbox, lanes
from storage.database import Connection, Database, Trouble
from storage.timers import Timer, Timers

log = logging.getLogger("frontdesk.clock")

DUE_TOGETHER = 50
LATE = timedelta(minutes=15)  # after which a timer rings late: the desk was down when it was due
LOOK = 60.0  # seconds after which whoever waits looks by itself: bells may be lost, and clocks put right


class Clock(Protocol):
    """Now, and waiting."""

    def now(self) -> datetime:
        """Return the aware UTC time."""
        ...

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when the bell rings or the time has come (None: only when it rings), or sooner: look, then wait again."""
        ...


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        """Return the aware UTC time."""
        return datetime.now(UTC)

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when the bell rings, when the time has come, or after a minute: then whoever waits looks at the clock anew."""
        seconds = LOOK if until is None else min(LOOK, max(0.0, (until - self.now()).total_seconds()))
        try:
            async with asyncio.timeout(seconds):
                await bell.wait()
        except TimeoutError:
            pass
        bell.clear()


def leases_at(connection: Connection, clock: Clock) -> datetime:
    """Return now as leases count it: by the clock of a database that several processes share, for theirs may differ."""
    shared = lanes.shared_now(connection) if isinstance(clock, WallClock) else None
    return shared or clock.now()


TIMERS = "desk"  # the source of events that come from nobody


class TimerDoor:
    """Turns due timers into events, through the same inbox as everything else; each once, whoever else tries."""

    def __init__(self, database: Database, clock: Clock, stirred: asyncio.Event, health: Health | None = None) -> None:
        self.bell = asyncio.Event()
        self._database = database
        self._clock = clock
        self._stirred = stirred
        self._health = health or Health(clock.now)

    async def serve(self) -> None:
        """Fire timers for ever."""
        while True:
            try:
                fired, following = await self._database.run(self._fire)
            except Trouble as trouble:
                self._health.failed("timers", trouble)
                await asyncio.sleep(1)
                continue
            self._health.went("timers")
            if fired:
                self._stirred.set()
            else:
                await self._clock.wait(self.bell, following)

    def _fire(self, connection: Connection) -> tuple[int, datetime | None]:
        timers, now = Timers(connection), self._clock.now()
        due = timers.due(now, DUE_TOGETHER)
        if not due:
            return 0, timers.next_due()
        inbox.accept(connection, [_arrival(timer, now) for timer in due], now)
        timers.fired([timer.id for timer in due], now)
        reached("timer")
        return len(due), None


def _arrival(timer: Timer, now: datetime) -> inbox.Arrival:
    conversation = f"#{timer.ticket_id}" if timer.ticket_id else f"person/{timer.person_id}"
    late = {"late": True} if now - timer.due_at > LATE else {}
    facts = {**timer.facts, **late, "ticket": timer.ticket_id, "person": timer.person_id}
    event = Event(Kind.TIMER, TIMERS, f"timer:{timer.id}", conversation, now, name=timer.name, facts=facts)
    return inbox.Arrival(
        TIMERS, event.key, f"{TIMERS}/{conversation}", EVENT.dump_json(event, exclude_defaults=True).decode()
    )
