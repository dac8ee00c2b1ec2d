"""Whether the desk is at rest: its loops wait, each for a bell that has not rung, and nothing is due in the records."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from bot.clock import Clock
from storage.engine.database import Connection
from storage.queues import lanes
from storage.queues.timers import Timers


class LoopClock:
    """The clock of the desk's loops. It knows how many of them wait, and who asks to hear of the next that begins to."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: list[tuple[asyncio.Event, datetime | None]] = []
        self._begun: asyncio.Future[None] | None = None

    def now(self) -> datetime:
        """Return the aware UTC time."""
        return self._clock.now()

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> bool:
        """Return when the bell rings (True) or the time has come (False)."""
        waiting = (bell, until)
        self._waiting.append(waiting)
        self.touch()
        try:
            return await self._clock.wait(bell, until)
        finally:
            self._waiting.remove(waiting)

    def touch(self) -> None:
        """Let whoever waits for a change look again."""
        if self._begun is not None and not self._begun.done():
            self._begun.set_result(None)

    def change(self) -> "asyncio.Future[None]":
        """Return what is done when the next loop begins to wait; nothing may be missed between asking and waiting for it."""
        if self._begun is None or self._begun.done():
            self._begun = asyncio.get_running_loop().create_future()
        return self._begun

    def all_wait(self, loops: int) -> bool:
        """Return whether so many loops wait, each for a bell that has not rung and a moment that has not come."""
        now = self.now()
        called = any(bell.is_set() or (until is not None and until <= now) for bell, until in self._waiting)
        return len(self._waiting) >= loops and not called


def is_due(connection: Connection, now: datetime, sources: Iterable[str]) -> bool:
    """Return whether an event, a message to one of the sources or a timer could be taken now."""
    moments = (
        lanes.next_ready(connection, lanes.IN),
        lanes.next_ready(connection, lanes.OUT, sources),
        Timers(connection).next_due(),
    )
    return any(moment is not None and moment <= now for moment in moments)
