"""A desk that was down comes back at night: what it has missed is told when people are up, and in one message."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import asked, claimed, resolved
from tests.stories.rules.ruled import ruled

OFFICE = {"zone": "Europe/Kyiv", "week": {"mon-fri": "09:00-18:00"}}


@pytest.fixture
def house() -> House:
    """Return the desk of a team that is reminded of what lies."""
    return House(recalled=True)


async def works(desk: Desk, **general: str) -> None:
    """Let the desk work on weekdays in Kyiv, where it is 11:00 on a Monday."""
    hours = {"office": OFFICE}
    general = {"time_zone": "Europe/Kyiv", "unclaimed_reminder": "9d", **general}
    await ruled(desk, desk=general, hours=hours, sla={"standard": {"hours": "office", "resolution": "60d"}})


async def several(desk: Desk, bob: Somebody, *names: str) -> list[Somebody]:
    """Bob has a request of each of these."""
    people = [desk.requester(name) for name in names]
    for number, person in enumerate(people, 1):
        await asked(person, ticket=number)
        await claimed(bob, person, ticket=number)
    return people


async def all_read(bob: Somebody, tickets: int) -> None:
    """Whatever else was said is read."""
    await bob.catches_up()
    await bob.catches_up(at=QUEUE)
    for ticket in range(1, tickets + 1):
        await bob.catches_up(at=THREAD(ticket))


async def back_on_saturday_night(desk: Desk) -> None:
    """The desk was stopped on Monday, and starts at 03:00 of Saturday."""
    desk.clock.set(desk.clock.now().replace(day=7, hour=1))
    await desk.starts()


async def test_of_what_lies_an_agent_is_reminded_on_monday_and_once(desk: Desk, bob: Somebody):
    await works(desk, idle_reminder="4h")
    await several(desk, bob, "Ann", "Cem", "Dov")
    await all_read(bob, 3)
    await desk.stops()
    await back_on_saturday_night(desk)
    await desk.passes(hours=48)
    await bob.sees_nothing(at=QUEUE)
    for ticket in (1, 2, 3):
        await bob.sees_nothing(at=THREAD(ticket))
    await desk.passes(hours=7)  # Monday, 10:00
    told = [line.text for line in await bob.catches_up(at=QUEUE) if "⏰" in line.text]
    assert [text.count("⏰") for text in told] == [3]
    for ticket in (1, 2, 3):
        await bob.sees_nothing(at=THREAD(ticket))
    await all_read(bob, 3)


async def test_what_was_snoozed_comes_back_on_monday(desk: Desk, bob: Somebody):
    await works(desk)
    await bob.starts()
    await several(desk, bob, "Ann", "Cem")
    for ticket in (1, 2):
        await bob.says(f"/snooze {ticket} 2h", at=QUEUE)
    await all_read(bob, 2)
    await desk.stops()
    await back_on_saturday_night(desk)
    await desk.passes(hours=48)
    for ticket in (1, 2):
        await bob.sees_nothing(at=THREAD(ticket))
    await bob.sees_nothing()
    await desk.passes(hours=7)
    for ticket in (1, 2):
        await bob.sees("has come", at=THREAD(ticket))
    told = [line.text for line in await bob.catches_up()]
    assert len(told) == 1, told
    await all_read(bob, 2)


async def test_a_requester_is_told_in_the_morning_what_came_of_it_and_not_what_is_past(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await works(desk, reminder="1d", auto_close="3d")
    await asked(ann)
    await claimed(bob, ann)
    await resolved(bob, ann)
    await all_read(bob, 1)
    await desk.stops()
    await back_on_saturday_night(desk)
    await ann.sees_nothing()
    await desk.passes(hours=3)
    await ann.sees_nothing()
    await desk.passes(hours=6)
    await ann.sees("#1", "closed")
    await ann.sees_nothing()
    await all_read(bob, 1)
