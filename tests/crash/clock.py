"""A clock that runs faster than the world's, the same for every desk of a run and for Slack, whose messages are named by time."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from bot.clock import LOOK


class FastClock:
    """Real time since a common start, times a factor: leases and folds end sooner, days do not."""

    def __init__(self, start: float, factor: float, ahead: float = 0.0) -> None:
        self._start, self.factor = start, factor
        self._ahead = timedelta(seconds=ahead)  # or, below 0, behind: a machine's clock that is wrong

    def now(self) -> datetime:
        """Return the aware UTC time that it shows."""
        passed = (time.time() - self._start) * self.factor
        return datetime.fromtimestamp(self._start, UTC) + timedelta(seconds=passed) + self._ahead

    async def sleep(self, seconds: float) -> None:
        """Return when so many of its seconds have passed."""
        await asyncio.sleep(seconds / self.factor)

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> bool:
        """Return when the bell rings (True) or the time has come (False)."""
        left = LOOK if until is None else min(LOOK, max(0.0, (until - self.now()).total_seconds()))
        try:
            async with asyncio.timeout(left / self.factor):
                await bell.wait()
        except TimeoutError:
            return False
        bell.clear()
        return True
