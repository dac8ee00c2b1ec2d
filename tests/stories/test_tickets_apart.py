"""Several requests and several people are never mixed."""

import asyncio

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import asked, claimed


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: these stories are about the questions one by one."""
    return House(windows=False)


async def two_open(desk: Desk, ann: Somebody, bob: Somebody) -> None:
    """Ann has two requests, half a minute apart, and Bob is on both."""
    await asked(ann, "Charged twice")
    await claimed(bob, ann)
    await desk.passes(seconds=30)
    await asked(ann, "The printer eats paper", ticket=2)
    await claimed(bob, ann, ticket=2)


async def test_two_requests_of_one_person(desk: Desk, ann: Somebody, bob: Somebody):
    await two_open(desk, ann, bob)

    await ann.says("It is on the second floor")
    joined = "Added to request #2 (The printer eats paper). What you write next goes there too."
    await ann.sees(joined, buttons=["#1 Charged twice", "New request instead"])
    await bob.sees("💬 Ann", "It is on the second floor", at=THREAD(2))
    await ann.says("near the window")
    await ann.sees_nothing()
    await bob.sees("near the window", at=THREAD(2))

    await ann.presses("#1 Charged twice")
    ann.sees_toast("What you write now goes to #1.")
    await ann.sees("What you write now goes to #1.", buttons=["#2 The printer eats paper"])
    await ann.says("On Monday and on Tuesday")
    await ann.sees_nothing()
    await bob.sees("On Monday and on Tuesday", at=THREAD(1))
    await bob.sees_nothing(at=THREAD(2))

    await bob.says("/r Which floor?", at=THREAD(2))
    asked_back = await ann.sees("Which floor?")
    await bob.sees("✓ delivered", at=THREAD(2))
    await ann.says("the second", reply_to=asked_back)
    await bob.sees("the second", at=THREAD(2), reply_to="Which floor?")
    await bob.sees_nothing(at=THREAD(1))


async def test_what_went_to_one_of_two_becomes_a_third(desk: Desk, ann: Somebody, bob: Somebody):
    await two_open(desk, ann, bob)
    await ann.says("one more thing: the door squeaks")
    await ann.sees("Added to request #2 (The", buttons=["#1 Charged twice", "New request instead"])
    await bob.sees("the door squeaks", at=THREAD(2))
    await ann.presses("New request instead")
    await ann.sees("What is it about?")


async def test_two_people_in_the_same_millisecond(desk: Desk, bob: Somebody):
    ann, olha = desk.requester("Ann"), desk.requester("Ольга", language="uk")
    await asyncio.gather(ann.says("/new"), olha.says("/new"))
    await ann.sees("What is it about?")
    await olha.sees("Чого це стосується?")
    await asyncio.gather(ann.says("other"), olha.says("other"))
    await ann.sees("Tell us in your own words")
    await olha.sees("Розкажіть своїми словами")
    await asyncio.gather(ann.says("The door squeaks"), olha.says("Вікно не зачиняється"))
    await ann.sees("Please check", "The door squeaks")
    await olha.sees("Перевірте, будь ласка", "Вікно не зачиняється")
    await asyncio.gather(ann.presses("Submit"), olha.presses("Надіслати"))
    await ann.sees("The door squeaks", buttons=[])
    await olha.sees("Вікно не зачиняється", buttons=[])
    first = await ann.sees("is registered")
    second = await olha.sees("зареєстровано")
    numbers = sorted(line.text.split("#")[1][0] for line in (first, second))
    assert numbers == ["1", "2"]
    await bob.sees("Ann", "The door squeaks", at=QUEUE)
    await bob.sees("Ольга", "Вікно не зачиняється", at=QUEUE)


async def test_what_is_said_right_after_submitting_joins(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.presses("Something else")
    await ann.sees("Tell us")
    await ann.says("The door squeaks")
    review = await ann.sees("Please check")
    desk.stage.presses(ann.native, review.names[review.buttons.index("Submit")], review)  # and does not wait
    await ann.says("and the window too")
    await ann.sees("The door squeaks", buttons=[])
    await ann.sees("#1 is registered")
    await ann.sees_nothing()
    await bob.sees("#1", "The door squeaks", "1 new message", at=QUEUE)
    await claimed_with_both(bob, ann)


async def claimed_with_both(bob: Somebody, ann: Somebody) -> None:
    await bob.presses("Claim", at=QUEUE)
    await ann.sees("Bob is on your request #1")
    await bob.sees("#1", at=QUEUE)
    told = "\n".join(line.text for line in await bob.catches_up(at=THREAD(1)))
    assert told.index("The door squeaks") < told.index("and the window too")


async def test_somebody_elses_request_does_not_exist(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.requester("Eve")
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await eve.says("/status 1")
    await eve.sees("There is no request #1.")
    await eve.says("/status 99999999999999999999")
    await eve.sees("There is no request #99999999999999999999.")
    await ann.says("/status 1")
    await ann.sees("#1 · Billing question", "waiting", buttons=["Change…", "Close my request"])
    mine = await eve.says("/my")
    await eve.sees("You have no requests yet.")
    for name in ("withdraw:1", "confirm:1", "again:1", "status:1", "switch:1", "rate:1.5"):
        await eve.presses_name(name, mine)
        eve.sees_toast("There is no request #1")
    await ann.says("/my")
    await ann.sees("Your requests:", buttons=["#1 waiting · My card was charged twice"])
