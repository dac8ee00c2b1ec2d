"""A clock that is a day ahead for a while, then put right: nothing stands still, and nothing is missed."""

import asyncio
from datetime import timedelta

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Somebody, needs
from tests.stories.harness.given import asked, talking

DAY = timedelta(days=1)


class TestAtTheRatesOfARealDesk:
    @pytest.fixture
    def house(self) -> House:
        return House(paced=True)

    async def test_a_day_ahead_for_ten_minutes(self, desk: Desk, ann: Somebody, bob: Somebody):
        await talking(ann, bob)
        desk.watch.goes_wrong(DAY)
        for number in range(5):
            await ann.says(f"word {number}")
            await desk.passes(minutes=1)
            await bob.says(f"/r answer {number}", at=THREAD(1))
            await desk.passes(minutes=1)
            await ann.sees(f"answer {number}")
        await ann.says("the last word")  # what waits for its fold was promised for tomorrow
        desk.watch.goes_wrong(timedelta(0))
        await desk.passes(minutes=3)
        for place in (THREAD(1), QUEUE, None):
            await bob.catches_up(at=place)
        await bob.reads("the last word", at=THREAD(1))
        await ann.says("I am still here")
        await desk.passes(minutes=1)
        await bob.sees("I am still here", at=THREAD(1))
        await bob.says("/r So are we", at=THREAD(1))
        await desk.passes(minutes=1)
        await ann.sees("So are we")
        eve = desk.requester("Eve")
        await asked(eve, "Is anybody there?", ticket=2)
        await desk.passes(minutes=1)
        await bob.sees("#2", at=QUEUE)
        await bob.catches_up(at=THREAD(1))
        await bob.catches_up(at=QUEUE)


@needs(requesters=Capability.WINDOWS, team=Capability.WINDOWS)
async def test_what_was_said_while_the_desk_was_down_is_read_back_all_the_same(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await talking(ann, bob)
    await desk.stops()
    desk.watch.goes_wrong(DAY)
    await desk.starts()
    await desk.settles()
    await desk.stops()
    desk.watch.goes_wrong(timedelta(0))
    await ann.says("it happened again")
    sandbox = desk.stage.sandbox
    await desk.clock.passes_until(
        lambda: all(each.lost for each in sandbox.deliveries if not each.acked), timedelta(minutes=1)
    )
    asked_already = len(sandbox.calls_of("conversations.replies"))
    await desk.starts()
    await sandbox.until(lambda: len(sandbox.calls_of("conversations.replies")) > asked_already)
    async with asyncio.timeout(10):
        while desk.stage.team.find("it happened again") is None:
            await desk.settles()
            await asyncio.sleep(0)
    await bob.sees("it happened again", at=THREAD(1))
    for each in sandbox.deliveries:
        each.lost = False  # it came all the same


@pytest.mark.parametrize("righted", [False, True])
async def test_what_was_sent_by_a_clock_that_was_ahead_is_looked_for_where_it_is(
    desk: Desk, ann: Somebody, bob: Somebody, righted: bool
):
    """By the desk's own time it was sent tomorrow, whether the clock is put right before it is tried again or not."""
    await talking(ann, bob)
    desk.watch.goes_wrong(timedelta(hours=12))
    desk.stage.trouble(ann.native).loses_an_answer()
    await bob.says("/r It is refunded", at=THREAD(1))
    if righted:
        desk.watch.goes_wrong(timedelta(0))
    await desk.passes(minutes=2)
    twice = ann.can(Capability.DOUBT)
    assert len(await ann.catches_up()) == (2 if twice else 1)
    await bob.sees("? sent, but perhaps twice" if twice else "✓ delivered", at=THREAD(1))
    await bob.catches_up(at=QUEUE)
