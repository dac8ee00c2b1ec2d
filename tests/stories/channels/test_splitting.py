"""Two matters that became one request, or one that became two: people part and join them where they stand."""

from tests.stories.channels import EVERY, takes_requests
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in

OWN = ["mention", "every", "emoji"]


async def test_an_answer_under_any_message_of_a_request_joins_it(desk: Desk, ann: Somebody, bob: Somebody):
    dan, eve = desk.requester("Dan"), desk.agent_among_requesters("Eve")
    room = await takes_requests(desk, "clients", ann, dan, eve, opens=EVERY)
    post = await ann.says("I cannot print", at=room)
    second = await ann.says("It says: no paper", at=room)
    await ann.sees("Ann, this is request #1", at=room, reply_to=post)
    await bob.presses("Claim", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await dan.says("There is paper in the cupboard", at=room, reply_to=second)
    await bob.sees("💬 Dan", "There is paper in the cupboard", at=THREAD(1))
    await eve.says("I bring some more at noon", at=room, reply_to=second)
    await bob.sees("↩️ Eve", "I bring some more at noon", at=THREAD(1))
    await bob.sees_nothing(at=QUEUE)
    await ann.catches_up(at=room)


async def test_an_emoji_parts_a_second_matter_from_the_first(desk: Desk, ann: Somebody, bob: Somebody):
    dan = desk.requester("Dan")
    room = await takes_requests(desk, "clients", ann, dan, opens=OWN)
    post = await ann.says("I cannot print", at=room)
    second = await ann.says("And the lamp over my desk is dark", at=room)
    await ann.sees("Ann, this is request #1", at=room, reply_to=post)
    await bob.sees("#1", "I cannot print", at=QUEUE)
    await bob.presses("Claim", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.reads("And the lamp", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await ann.catches_up(at=room)
    await dan.reacts("🎫", second)  # Ann's own words, and not Dan's to part
    await ann.reacts("🎫", post)  # the first one is what the request is made of
    await ann.sees_nothing(at=room)
    await bob.sees_nothing(at=QUEUE)

    await ann.reacts("🎫", second)
    await ann.sees("Ann, this is request #2", at=room, reply_to=second)
    await bob.sees("#2", "And the lamp over my desk is dark", at=QUEUE)
    await bob.sees(
        said_in("en", "thread.moved", name="Ann", ticket=2, summary="And the lamp over my desk is dark"), at=THREAD(1)
    )
    await dan.says("Mine too", at=room, reply_to=second)
    await bob.presses("Claim", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.reads("Mine too", at=THREAD(2))
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=THREAD(2))
    await ann.catches_up(at=room)
    parted = await desk.records(lambda tx: [[one.words["text"] for one in tx.talk.standing(n)] for n in (1, 2)])
    assert parted == [["I cannot print"], ["And the lamp over my desk is dark", "Mine too"]]


async def test_the_bots_name_under_a_message_parts_it_too(desk: Desk, ann: Somebody, bob: Somebody):
    dan, eve = desk.requester("Dan"), desk.agent_among_requesters("Eve")
    room = await takes_requests(desk, "clients", ann, dan, eve, opens=EVERY)
    await ann.says("I cannot print", at=room)
    second = await ann.says("And the lamp over my desk is dark", at=room)
    await ann.sees("Ann, this is request #1", at=room)
    await bob.sees("#1", "I cannot print", at=QUEUE)
    await dan.mentions("what about mine?", at=room, reply_to=second)  # Dan speaks on #1 by that
    await ann.mentions("any news?", at=room, reply_to=second)  # and so does she
    await dan.mentions("", at=room, reply_to=second)  # her words are not his to part
    await ann.sees_nothing(at=room)
    await bob.catches_up(at=QUEUE)
    await eve.mentions("", at=room, reply_to=second)
    await ann.sees("Ann, this is request #2", at=room, reply_to=second)
    await bob.sees("#2", "And the lamp over my desk is dark", at=QUEUE)
    await bob.catches_up(at=QUEUE)


async def test_two_requests_of_one_matter_are_joined_by_whoever_asked(desk: Desk, ann: Somebody, bob: Somebody):
    dan = desk.requester("Dan")
    room = await takes_requests(desk, "clients", ann, dan, opens=EVERY)
    post = await ann.says("I cannot print", at=room)
    await ann.sees("Ann, this is request #1", buttons=["Not a request"], at=room, reply_to=post)
    await bob.catches_up(at=QUEUE)
    await bob.presses("Claim", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await ann.sees("Bob is on your request #1.", at=room, reply_to=post)
    await desk.passes(minutes=10)
    again = await ann.says("It blinks red now, if that helps", at=room)
    await ann.sees("Ann, this is request #2", buttons=["It belongs to #1", "Not a request"], at=room, reply_to=again)
    await bob.sees("#2", "It blinks red now", at=QUEUE)
    await dan.presses("It belongs to #1", at=room)
    dan.sees_toast("Only Ann")
    await ann.presses("It belongs to #1", at=room)
    await ann.sees("#2 goes on with #1", buttons=["Undo"], at=room, reply_to=again)
    await bob.sees("#2", "goes on in #1", at=QUEUE)
    await bob.reads("It blinks red now, if that helps", at=THREAD(1))
    await ann.presses("Undo", at=room)
    await ann.sees("Ann, this is request #2", buttons=["It belongs to #1", "Not a request"], at=room, reply_to=again)
    await bob.reads("#2 and #1 are two requests again", at=THREAD(1))
    await ann.presses("It belongs to #1", at=room)
    await ann.sees("#2 goes on with #1", at=room)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await ann.says("And it hums", at=room, reply_to=again)
    await bob.sees("💬 Ann", "And it hums", at=THREAD(1))
    await bob.says("/r A new drum is on its way", at=THREAD(1))
    await bob.sees("✓", at=THREAD(1))
    await ann.reads("A new drum is on its way", at=room)
    await ann.catches_up(at=room)
    await bob.catches_up(at=QUEUE)
