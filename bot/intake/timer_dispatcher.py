"""Timers that are due become events, through the same inbox as everything else."""

import asyncio
import logging
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.monitoring.failpoints import reach_failpoint
from bot.monitoring.health import Health
from handlers.vocabulary.messages import EVENT, Event, Kind
from storage.engine.database import Connection, Database, DatabaseUnavailable
from storage.queues import inbox
from storage.queues.timers import Timer, Timers

log = logging.getLogger("frontdesk.clock")

DUE_TOGETHER = 50
LATE = timedelta(minutes=15)  # after which a timer rings late: the desk was down when it was due
TIMERS = "desk"  # the source of events that come from nobody


class TimerDispatcher:
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
            except DatabaseUnavailable as trouble:
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
        inbox.accept_arrivals(connection, [_arrival(timer, now) for timer in due], now)
        timers.fired([timer.id for timer in due], now)
        reach_failpoint("timer")
        return len(due), None


def _arrival(timer: Timer, now: datetime) -> inbox.Arrival:
    conversation = f"#{timer.ticket_id}" if timer.ticket_id else f"person/{timer.person_id}"
    late = now - timer.due_at > LATE or bool(timer.facts.get("late"))  # it was put off, and was late before
    facts = {**timer.facts, "ticket": timer.ticket_id, "person": timer.person_id}
    event = Event(
        Kind.TIMER,
        TIMERS,
        f"timer:{timer.id}",
        conversation,
        now,
        name=timer.name,
        facts=facts,
        ticket=timer.ticket_id,
        person=timer.person_id,
        late=late,
    )
    lane = str(
        timer.facts.get("conversation") or f"{TIMERS}/{conversation}"
    )  # some come in turn with what a person says
    return inbox.Arrival(TIMERS, event.key, lane, EVENT.dump_json(event, exclude_defaults=True).decode())
