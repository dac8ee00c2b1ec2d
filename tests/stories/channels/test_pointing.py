"""Requests that somebody points at: by an emoji, or by a yes to the bot's own question."""

from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.stories.answers import VPN, article
from tests.stories.channels import EVERY, takes_requests
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody


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


async def test_whoever_answers_what_the_bot_asked_before_it_was_a_request_speaks_on_it(
    desk: Desk, ann: Somebody, bob: Somebody
):
    """The question, and what took its place, are of the request's thread too."""
    dan = desk.requester("Dan")
    await article(desk, VPN, "Restart **it**.")
    room = await takes_requests(desk, "clients", ann, dan, opens=["mention", "offer"])
    await ann.says("The printer on floor two jams again", at=room)
    await ann.presses("Open a request", at=room)
    asked = await ann.sees("A request it is", at=room)
    await ann.sees("Ann, this is request #1", at=room)
    await dan.says("It jams for me too", at=room, reply_to=asked)
    await dan.mentions(VPN, at=room)
    answer = await dan.sees("Restart it.", at=room)
    await dan.presses("I still need a person", at=room)
    await dan.sees("Dan, this is request #2", at=room)
    await ann.says("So do I", at=room, reply_to=answer)
    await dan.sees_nothing(at=room)
    for number, words in ((1, "It jams for me too"), (2, "So do I")):
        await bob.says(f"/claim {number}", at=QUEUE)
        await bob.catches_up(at=QUEUE)
        await bob.catches_up(at=THREAD(number))
        await bob.reads(words, at=THREAD(number))
        await bob.catches_up(at=THREAD(number))
    await ann.catches_up(at=room)
    await bob.catches_up(at=QUEUE)


async def banned(desk: Desk, somebody: Somebody) -> None:
    """Put somebody on the stop-list, as an earlier act of an admin."""

    def ban(tx: Transaction) -> None:
        person = tx.people.named(somebody.name)[0].id
        tx.bans.put(person, reason="Jokes", until=None, by=person, at=MONDAY)

    await desk.records(ban)


async def test_nobody_makes_a_request_of_the_words_of_who_is_on_the_stop_list(desk: Desk, ann: Somebody, bob: Somebody):
    dan, eve = desk.requester("Dan"), desk.agent_among_requesters("Eve")
    room = await takes_requests(desk, "clients", ann, dan, eve, opens=["mention", "emoji", "offer"])
    post = await ann.says("The printer on floor two jams again", at=room)
    await ann.sees("shall I make a request", at=room)
    await banned(desk, ann)
    await dan.reacts("🎫", post)
    await dan.mentions("", at=room, reply_to=post)
    await dan.catches_up(at=room)
    await eve.presses("Open a request", at=room)
    eve.sees_toast("Ann is on the stop-list")
    await bob.sees_nothing(at=QUEUE)
    await ann.sees_nothing(at=room)


async def test_no_agent_makes_one_of_the_answered_question_of_who_is_on_it(desk: Desk, ann: Somebody, bob: Somebody):
    await article(desk, VPN, "Restart **it**.")
    eve = desk.agent_among_requesters("Eve")
    room = await takes_requests(desk, "clients", ann, eve, opens=EVERY)
    await ann.says(VPN, at=room)
    await ann.sees("Restart it.", at=room)
    await banned(desk, ann)
    await eve.presses("I still need a person", at=room)
    eve.sees_toast("Ann is on the stop-list")
    await bob.sees_nothing(at=QUEUE)
