"""What happens to a request channel itself: the bot is thrown out and let in again, the desk is down, other bots talk there."""

from datetime import timedelta

from tests.stories.channels import EVERY, takes_requests
from tests.stories.channels.test_settings import admin_among_requesters
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody


async def test_what_is_answered_waits_until_the_bot_is_let_in_again(desk: Desk, ann: Somebody, bob: Somebody):
    olga = await admin_among_requesters(desk)
    room = await takes_requests(desk, "clients", ann, olga, private=True, opens=EVERY)
    await ann.says("The printer jams", at=room)
    await ann.sees("this is request #1", at=room)
    await bob.presses("Claim", at=QUEUE)
    await ann.sees("Bob is on your request", at=room)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    desk.stage.bot_in_room("clients", there=False)
    await olga.sees("The bot was taken out of clients")
    await bob.says("/r Take the paper out", at=THREAD(1))
    await bob.sees("queued", at=THREAD(1))
    await ann.sees_nothing(at=room)
    await desk.passes(minutes=5)
    desk.stage.bot_in_room("clients", there=True)
    await olga.sees("The bot is in clients again")
    await ann.sees("Take the paper out", at=room)
    await bob.sees("✓", at=THREAD(1))
    await ann.says("The lamp is broken too", at=room)
    await ann.sees("this is request #2", at=room)
    await bob.catches_up(at=QUEUE)
    await olga.catches_up()


async def test_ten_minutes_down_lose_nothing_and_open_nothing_twice(desk: Desk, ann: Somebody, bob: Somebody):
    dan = desk.requester("Dan")
    room = await takes_requests(desk, "clients", ann, dan, opens=EVERY)
    first = await ann.says("The printer jams", at=room)
    await ann.sees("this is request #1", at=room)
    await bob.presses("Claim", at=QUEUE)
    await ann.catches_up(at=room)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await desk.stops()
    second = await dan.says("The door does not close", at=room)
    await dan.says("thanks", at=room)
    await ann.says("It jams on thick paper", at=room, reply_to=first)
    await ann.edits(first, "The printer on floor two jams")
    desk.clock.set(desk.clock.now() + timedelta(minutes=20))
    await desk.starts()
    await dan.sees("Dan, this is request #2", at=room, reply_to=second)
    await dan.sees_nothing(at=room)
    await bob.sees("#2", "The door does not close", at=QUEUE)
    await bob.sees("#1", "floor two", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.reads("thick paper", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))


async def test_two_bots_that_name_each_other_open_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    room = await takes_requests(desk, "clients", ann, opens=EVERY)
    other = desk.stage.another_bot("Rival", "clients")
    stage = desk.stage.of(ann.native)
    stage.mentions(other, "The printer jams", room, None)
    post = await ann.says("My screen is dark", at=room)
    said = await ann.sees("this is request #1", at=room, reply_to=post)
    stage.mentions(other, f"You said: {said.text}", room, said)
    await ann.sees_nothing(at=room)
    await bob.sees("#1", "My screen is dark", at=QUEUE)
    await bob.sees_nothing(at=QUEUE)


async def test_nothing_is_kept_of_rooms_that_are_no_request_channels(desk: Desk, ann: Somebody, bob: Somebody):
    room = desk.room("lunch", ann)
    await ann.says("Where do we eat today?", at=room)
    await ann.sees_nothing(at=room)
    kept = await desk.look(lambda c: c.exec_driver_sql("SELECT payload FROM inbox").scalars().all())
    assert not any("eat today" in payload for payload in kept)
