"""The town's time, and the desk's own clock, which is now and then put forward or back as a machine's is."""

import asyncio
from datetime import datetime, timedelta

from tests.clock import HandClock


class TownClock(HandClock):
    """The time there is: the messengers go by it."""


class DeskClock:
    """The clock of the machine that the desk runs on."""

    def __init__(self, town: TownClock) -> None:
        self._skew = timedelta(0)
        self._town = town

    @property
    def skew(self) -> timedelta:
        """How far this clock is ahead of the time there is."""
        return self._skew

    @skew.setter
    def skew(self, ahead: timedelta) -> None:
        self._skew = ahead
        self._town.wake_within(timedelta(minutes=1))  # whoever waits by the real clock looks at it once a minute

    def now(self) -> datetime:
        """Return what the machine takes for now."""
        return self._town.now() + self.skew

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> bool:
        """Return when the bell rings or so much time has passed; a wait under way looks anew where the clock is put right."""
        return await self._town.wait(bell, None if until is None else until - self.skew)

    def set(self, moment: datetime) -> None:
        """Let time go on to a moment of this clock."""
        self._town.set(moment - self.skew)

    def micros(self) -> int:
        """Return now as the file keeps it."""
        return micros(self.now())


def micros(moment: datetime) -> int:
    """Return a moment in microseconds since 1970."""
    return round(moment.timestamp() * 1_000_000)
