"""Time, so that a test may own it: now, and a bell to wait for."""

import asyncio
from datetime import UTC, datetime
from typing import Protocol

from storage.engine.database import Connection
from storage.queues import lanes

LOOK = 60.0  # seconds after which whoever waits looks by itself: bells may be lost, and clocks put right


class Clock(Protocol):
    """Now, and waiting."""

    def now(self) -> datetime:
        """Return the aware UTC time."""
        ...

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> bool:
        """Return when the bell rings or the time has come (None: only when it rings), or sooner: look, then wait again.

        True where the bell rang.
        """
        ...


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        """Return the aware UTC time."""
        return datetime.now(UTC)

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> bool:
        """Return when the bell rings, when the time has come, or after a minute: then whoever waits looks at the clock anew."""
        seconds = LOOK if until is None else min(LOOK, max(0.0, (until - self.now()).total_seconds()))
        try:
            async with asyncio.timeout(seconds):
                await bell.wait()
        except TimeoutError:
            return False
        bell.clear()
        return True


def leases_at(connection: Connection, clock: Clock) -> datetime:
    """Return now as leases count it: by the clock of a database that several processes share, for theirs may differ."""
    shared = lanes.shared_now(connection) if isinstance(clock, WallClock) else None
    return shared or clock.now()
