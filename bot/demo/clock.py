"""The stage's time: it stands still while a story is told, so that the story is always the same, and runs afterwards."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(eq=False, slots=True)
class Waiter:
    """A loop that waits for its bell or for a moment."""

    bell: asyncio.Event
    until: datetime | None


class StageClock:
    """A clock that stands at a moment until it is moved, or until it ``runs``."""

    def __init__(self, start: datetime = MONDAY, *, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._now, self._elapsed = start, elapsed
        self._since: float | None = None
        self._waiters: set[Waiter] = set()
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Return the aware UTC time on the stage."""
        return self._now if self._since is None else self._now + timedelta(seconds=self._elapsed() - self._since)

    def runs(self) -> None:
        """Let time go by as it does elsewhere."""
        self._since = self._elapsed()
        self._stir()

    def passes(self, time_: timedelta) -> None:
        """Let so much time pass at once."""
        self._now += time_
        self._stir()

    def hurry(self, within: timedelta) -> bool:
        """Go to the next moment that somebody waits for, if it is near; return whether it was."""
        due = self.next_due()
        if due is None or due - self.now() > within:
            return False
        self.passes(max(due - self.now(), timedelta(0)))
        return True

    def next_due(self) -> datetime | None:
        """Return the next moment that somebody waits for."""
        return min((waiter.until for waiter in self._waiters if waiter.until is not None), default=None)

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> bool:
        """Return when the bell rings (True) or the time has come (False)."""
        waiter = Waiter(bell, until)
        self._waiters.add(waiter)
        try:
            while not bell.is_set() and (until is None or until > self.now()):
                await self._something(bell, until)
        finally:
            self._waiters.discard(waiter)
        rang = bell.is_set()
        bell.clear()
        return rang

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds of this clock have passed."""
        await self.wait(asyncio.Event(), self.now() + timedelta(seconds=seconds))

    async def _something(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when the bell rings, the clock is moved, or the time may have come."""
        runs = self._since is not None and until is not None
        seconds = (until - self.now()).total_seconds() if runs and until is not None else None
        first = {asyncio.ensure_future(bell.wait()), asyncio.ensure_future(self._moved.wait())}
        try:
            await asyncio.wait(first, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in first:
                each.cancel()

    def _stir(self) -> None:
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
