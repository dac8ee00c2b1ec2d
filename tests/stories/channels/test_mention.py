"""A channel where a request is opened by naming the bot: of one's own words, or of the message that is answered."""

from tests.stories.answers import VPN, article
from tests.stories.channels import EVERY, takes_requests
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody


async def test_only_who_names_the_bot_opens_a_request(desk: Desk, ann: Somebody, bob: Somebody):
    room = await takes_requests(desk, "help-it", ann)
    await ann.says("My screen is dark", at=room)
    await ann.sees_nothing(at=room)
    post = await ann.mentions("my screen is dark", at=room)
    await ann.sees("Ann, this is request #1", at=room, reply_to=post)
    await bob.sees("#1", "my screen is dark", at=QUEUE)


async def test_a_mention_under_a_message_makes_a_request_of_that_message(desk: Desk, ann: Somebody, bob: Somebody):
    dan = desk.requester("Dan")
    room = await takes_requests(desk, "help-it", ann, dan)
    post = await ann.says("My screen is dark since this morning", at=room)
    await dan.mentions("can somebody look? Mine is dark too", at=room, reply_to=post)
    await ann.sees("Ann, this is request #1", at=room, reply_to=post)
    await bob.sees("#1", "Ann", "My screen is dark since this morning", at=QUEUE)
    await bob.presses("Claim", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.reads("Mine is dark too", at=THREAD(1))
    await ann.sees("Bob is on your request", at=room, reply_to=post)


async def test_the_bots_name_alone_says_how_to_ask(desk: Desk, ann: Somebody, bob: Somebody):
    room = await takes_requests(desk, "help-it", ann)
    await ann.mentions("", at=room)
    await ann.sees("Tell me what you need", at=room)


async def test_a_sure_answer_stands_in_the_thread_and_is_enough(desk: Desk, ann: Somebody, bob: Somebody):
    await article(desk, VPN, "Restart **it**.")
    dan = desk.requester("Dan")
    room = await takes_requests(desk, "help-it", ann, dan, opens=EVERY)
    post = await ann.says(VPN, at=room)
    await ann.sees("Restart it.", buttons=["It helped", "I still need a person"], at=room, reply_to=post)
    await dan.says("Same here", at=room, reply_to=post)
    await ann.says("thanks", at=room, reply_to=post)
    await ann.sees_nothing(at=room)
    await ann.presses("It helped", at=room)
    await ann.sees("Restart it.", buttons=[], at=room)
    await bob.sees_nothing(at=QUEUE)


async def test_who_still_needs_a_person_says_so_or_just_goes_on(desk: Desk, ann: Somebody, bob: Somebody):
    await article(desk, VPN, "Restart **it**.")
    dan = desk.requester("Dan")
    room = await takes_requests(desk, "help-it", ann, dan, opens=EVERY)
    post = await ann.says(VPN, at=room)
    await ann.sees("Restart it.", at=room)
    await dan.presses("I still need a person", at=room)
    dan.sees_toast("Only Ann")
    await ann.presses("I still need a person", at=room)
    await ann.sees("Ann, this is request #1", at=room, reply_to=post)
    await bob.sees("#1", VPN, "Tried", at=QUEUE)
    await desk.passes(minutes=10)
    question = await dan.says(VPN, at=room)
    await dan.sees("Restart it.", at=room, reply_to=question)
    await dan.says("I did restart it, twice", at=room, reply_to=question)
    await dan.sees("Dan, this is request #2", at=room, reply_to=question)
    await bob.presses("Claim", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(2))
    await bob.reads("I did restart it, twice", at=THREAD(2))
    await dan.catches_up(at=room)


async def test_in_quiet_hours_requests_are_taken_and_nothing_is_said(desk: Desk, ann: Somebody, bob: Somebody):
    room = await takes_requests(desk, "help-it", ann, opens=EVERY, quiet="08:00-20:00")
    await article(desk, VPN, "Restart **it**.")
    await ann.says(VPN, at=room)
    await bob.sees("#1", VPN, at=QUEUE)
    await ann.sees_nothing(at=room)
