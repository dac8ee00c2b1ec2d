"""Requests that somebody points at: by an emoji, or by a yes to the bot's own question."""

from tests.stories.channels import takes_requests
from tests.stories.harness import QUEUE, Desk, Somebody


async def test_an_emoji_makes_a_request_of_the_message_it_stands_on(desk: Desk, ann: Somebody, bob: Somebody):
    dan = desk.requester("Dan")
    room = await takes_requests(desk, "clients", ann, dan, opens=["mention", "emoji"])
    post = await ann.says("The printer on floor two jams", at=room)
    await dan.reacts("🎫", post)
    await ann.sees("Ann, this is request #1", at=room, reply_to=post)
    await bob.sees("#1", "Ann", "The printer on floor two jams", at=QUEUE)
    await ann.reacts("🎫", post)
    await ann.sees_nothing(at=room)
    await bob.sees_nothing(at=QUEUE)


async def test_an_emoji_elsewhere_is_only_an_emoji(desk: Desk, ann: Somebody, bob: Somebody):
    room = await takes_requests(desk, "clients", ann)
    post = await ann.says("The printer on floor two jams", at=room)
    await ann.reacts("🎫", post)
    await ann.sees_nothing(at=room)
    await bob.sees_nothing(at=QUEUE)


async def test_the_author_is_asked_once_and_answers_alone(desk: Desk, ann: Somebody, bob: Somebody):
    dan = desk.requester("Dan")
    room = await takes_requests(desk, "clients", ann, dan, opens=["mention", "offer"])
    await dan.says("who is in", at=room)
    post = await ann.says("The printer on floor two jams again", at=room)
    await ann.sees("shall I make a request", buttons=["Open a request", "No, thanks"], at=room, reply_to=post)
    await dan.presses("Open a request", at=room)
    dan.sees_toast("Only Ann")
    await ann.says("And the lamp over the desk flickers", at=room)
    await bob.sees_nothing(at=QUEUE)
    await ann.presses("Open a request", at=room)
    await ann.sees("A request it is", buttons=[], at=room)
    await ann.sees("Ann, this is request #1", at=room, reply_to=post)
    await bob.sees("#1", "The printer on floor two jams again", at=QUEUE)
    await dan.says("My chair lost a wheel this morning", at=room)
    await dan.sees("shall I make a request", at=room)
    await dan.presses("No, thanks", at=room)
    await dan.sees("no request", buttons=[], at=room)
    await bob.sees_nothing(at=QUEUE)
