"""Who is in a team channel is asked once a day: not whenever whoever waits looks at the clock, as the real one lets them."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.inbox import Inbox
from bot.messengers.roster import Roster
from bot.monitoring.health import Health
from storage.engine.database import Database
from tests.clock import HandClock


class Impatient:
    """A clock that returns long before the time has come, as the real one does each minute."""

    def __init__(self, hand: HandClock, looks: int) -> None:
        self._hand, self.left = hand, looks
        self.looked = asyncio.Event()

    def now(self) -> datetime:
        """Return the time."""
        return self._hand.now()

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> bool:
        """Return at once, some times; then only when the bell rings or the time has come."""
        if self.left:
            self.left -= 1
            self._hand.set(self._hand.now() + timedelta(minutes=1))
            return False
        self.looked.set()
        return await self._hand.wait(bell, until)


class Counting(Roster):
    """A roster that only counts."""

    compared = 0

    async def _compare(self) -> bool:
        self.compared += 1
        return True


async def test_it_is_asked_once_a_day_by_one_process_and_when_the_bell_rings(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    hand, leads = HandClock(), True

    async def led(name: str) -> bool:
        return leads

    clock = Impatient(hand, looks=30)
    stirred = asyncio.Event()
    roster = Counting(database, clock, {}, Inbox(database, clock, stirred), Health(clock.now))
    serving = asyncio.create_task(roster.serve())
    await asyncio.wait_for(clock.looked.wait(), 10)
    assert roster.compared == 1
    monkeypatch.setattr(database, "lead", led)
    for times, happens in ((2, roster.bell.set), (3, lambda: hand.set(hand.now() + timedelta(days=1)))):
        clock.looked.clear()
        happens()
        await asyncio.wait_for(clock.looked.wait(), 10)
        assert roster.compared == times
    leads = False  # another process does what is due: what rings here is still asked here
    for times, happens in ((3, lambda: hand.set(hand.now() + timedelta(days=1))), (4, roster.bell.set)):
        clock.looked.clear()
        happens()
        await asyncio.wait_for(clock.looked.wait(), 10)
        assert roster.compared == times
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
