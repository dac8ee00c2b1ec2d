"""Time as a test owns it: it stands still until it is moved, for the desk and for the messengers it talks to."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(eq=False, slots=True)
class Waiter:
    """A loop that waits for its bell or for a moment."""

    bell: asyncio.Event
    until: datetime | None


class HandClock:
    """A clock moved by hand; it knows who waits for what, so that a test can tell when all work is done."""

    def __init__(self, start: datetime = MONDAY, *, rested: Callable[[], None] = lambda: None) -> None:
        self.rested = rested  # called when somebody begins to wait
        self._now = start
        self._waiters: list[Waiter] = []
        self._moved: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    def now(self) -> datetime:
        """Return the moment the clock stands at."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Move the clock to a moment, never back, and wake those whose time has come."""
        self._now = max(self._now, moment)
        moved, self._moved = self._moved, asyncio.get_running_loop().create_future()
        moved.set_result(None)

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> bool:
        """Return when the bell rings (True) or the time has come (False)."""
        waiter = Waiter(bell, until)
        self._waiters.append(waiter)
        self.rested()
        ring: asyncio.Future[object] = asyncio.ensure_future(bell.wait())
        try:
            while not (
                self._due(waiter) or ring.done()
            ):  # a bell that somebody else has muffled by now has rung all the same
                await asyncio.wait({ring, self._moved}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ring.cancel()
            self._waiters.remove(waiter)
        rang = bell.is_set() or ring.done()
        bell.clear()
        return rang

    async def sleep(self, seconds: float) -> None:
        """Return when so many seconds of this clock have passed; whoever sleeps is nobody that waits for work."""
        until = self._now + timedelta(seconds=seconds)
        while self._now < until:
            await asyncio.wait({self._moved})

    def wake_within(self, time: timedelta) -> None:
        """Let everybody who waits now look again after so much time at the latest, as those do who wait by another clock."""
        latest = self._now + time
        for waiter in self._waiters:
            waiter.until = latest if waiter.until is None else min(waiter.until, latest)
        if not time:
            self.set(self._now)

    async def passes_until(self, predicate: Callable[[], object], step: timedelta, *, within: float = 60.0) -> None:
        """Move on until something holds, letting everybody work between steps; ``TimeoutError`` after so many seconds."""
        async with asyncio.timeout(within):
            while not predicate():
                self.set(self._now + step)
                await asyncio.sleep(0.001)

    def idle(self, loops: int) -> bool:
        """Return whether so many loops wait, each for nothing that is there already."""
        return sum(not self._due(waiter) for waiter in self._waiters) >= loops

    def next_due(self, *, but: Collection[asyncio.Event] = ()) -> datetime | None:
        """Return the next moment that somebody waits for; whoever waits with one of these bells does not count."""
        return min((w.until for w in self._waiters if w.until is not None and w.bell not in but), default=None)

    def _due(self, waiter: Waiter) -> bool:
        return waiter.bell.is_set() or (waiter.until is not None and waiter.until <= self._now)


class Watch:
    """The desk's own clock: the hand clock, wrong by as much as a test says. Whoever waits for it sees at once that it jumped."""

    def __init__(self, hand: HandClock) -> None:
        self._hand, self._wrong = hand, timedelta(0)

    def now(self) -> datetime:
        """Return the moment the desk believes in."""
        return self._hand.now() + self._wrong

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> bool:
        """Return when the bell rings or the time has come, by this clock as it is now."""
        return await self._hand.wait(bell, until - self._wrong if until is not None else None)

    def goes_wrong(self, by: timedelta) -> None:
        """Be ahead by so much from now on, or (none) be right again."""
        self._wrong = by
        self._hand.wake_within(timedelta(0))
