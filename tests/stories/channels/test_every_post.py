"""A channel where each post that asks for something is a request; its thread is the conversation."""

import pytest

from tests.stories.channels import EVERY, takes_requests
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import resolves


@pytest.fixture
def dan(desk: Desk) -> Somebody:
    """A colleague of Ann's, in the same room."""
    return desk.requester("Dan")


async def test_a_post_becomes_a_request_that_two_people_talk_on_in_its_thread(
    desk: Desk, ann: Somebody, dan: Somebody, bob: Somebody
):
    room = await takes_requests(desk, "clients", ann, dan, opens=EVERY)
    post = await ann.says("The printer on the second floor jams", at=room)
    await ann.sees("Ann, this is request #1", at=room, reply_to=post)
    await bob.sees("#1", "The printer on the second floor jams", buttons=[*CARD], at=QUEUE)

    await dan.says("It jams for me too, only on thick paper", at=room, reply_to=post)
    await bob.presses("Claim", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.finds(1)
    await bob.catches_up(at=THREAD(1))
    await bob.reads("only on thick paper", at=THREAD(1))
    await ann.sees("Bob is on your request #1.", at=room, reply_to=post)

    await bob.says("/r Which tray do you use?", at=THREAD(1))
    await ann.sees("Bob", "Which tray do you use?", at=room, reply_to=post)
    await bob.sees("✓", at=THREAD(1))
    question = await ann.reads("Which tray do you use?", at=room)
    await dan.says("The lower one", at=room, reply_to=question)
    await bob.sees("💬 Dan", "The lower one", at=THREAD(1))


CARD = ("Claim", "Reply", "Note", "Resolve", "More…")


async def test_talk_around_requests_opens_none(desk: Desk, ann: Somebody, dan: Somebody, bob: Somebody):
    room = await takes_requests(desk, "clients", ann, dan, opens=EVERY)
    for words in (
        "Good morning!",
        "Thanks a lot",
        "👍🎉",
        "Works now, thank you",
        "Вже все працює, дякую",
        "Заработало!",
        "ok",
        "Добре, дякую",
        "Понятно",
        "Got it, thanks",
    ):
        await ann.says(words, at=room)
    await ann.sees_nothing(at=room)
    await bob.sees_nothing(at=QUEUE)
    lunch = await ann.says("Where do we eat today?", at=room)
    await ann.sees("this is request #1", at=room)
    await bob.catches_up(at=QUEUE)
    await desk.passes(minutes=5)
    await dan.says("Not working again, the whole floor", at=room)
    await dan.sees("Dan, this is request #2", at=room)
    await bob.catches_up(at=QUEUE)
    await dan.says("At Luigi's", at=room, reply_to=lunch)  # on #1, whose thread this is
    await bob.presses("Claim", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await ann.catches_up(at=room)
    await bob.catches_up(at=THREAD(2))


async def test_what_one_person_posts_at_once_is_one_request(desk: Desk, ann: Somebody, dan: Somebody, bob: Somebody):
    room = await takes_requests(desk, "clients", ann, dan, opens=EVERY)
    await ann.says("I cannot print", at=room)
    await ann.says("It says: no paper", at=room)
    await dan.says("The door does not close", at=room)
    await ann.sees("Ann, this is request #1", at=room)
    await dan.sees("Dan, this is request #2", at=room)
    await ann.sees_nothing(at=room)
    await bob.sees("#1", "I cannot print", at=QUEUE)
    await bob.sees("#2", "The door does not close", at=QUEUE)
    await desk.passes(minutes=3)
    await ann.says("And the lamp is broken", at=room)
    await ann.sees("Ann, this is request #3", at=room)
    await bob.sees("#3", "And the lamp is broken", at=QUEUE)


async def test_an_agent_who_answers_in_the_channel_itself_has_replied(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent_among_requesters("Eve")
    room = await takes_requests(desk, "clients", ann, eve, opens=EVERY)
    await eve.says("Tomorrow we work on the network from 9 to 10", at=room)
    await eve.sees_nothing(at=room)
    post = await ann.says("The printer jams", at=room)
    registered = await ann.sees("this is request #1", at=room)
    await bob.catches_up(at=QUEUE)
    await eve.says("Take the paper out and close the lid", at=room, reply_to=registered)
    await ann.sees_nothing(at=room)
    await bob.catches_up(at=QUEUE)
    await bob.reads("↩️ Eve", "Take the paper out and close the lid", at=THREAD(1))
    told = desk.stage.lines(bob.native, THREAD(1))
    assert sum("Take the paper out and close the lid" in line.text for line in told) == 1
    await bob.catches_up(at=THREAD(1))
    await eve.catches_up(at=THREAD(1))
    ticket = await desk.records(lambda tx: tx.tickets.get(1))
    assert ticket.first_response_at is not None
    await ann.says("It is out, thank you", at=room, reply_to=post)
    await bob.sees("💬 Ann", "It is out", at=THREAD(1))
    await eve.catches_up(at=THREAD(1))


async def test_its_author_confirms_in_the_thread_and_nobody_else_does(
    desk: Desk, ann: Somebody, dan: Somebody, bob: Somebody
):
    await ann.starts()
    await ann.catches_up()
    room = await takes_requests(desk, "clients", ann, dan, opens=EVERY)
    post = await ann.says("The printer jams", at=room)
    await ann.sees("this is request #1", at=room)
    await bob.presses("Claim", at=QUEUE)
    await resolves(bob)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await ann.sees("Bob is on your request", at=room)
    await ann.sees("#1 is resolved", buttons=["Yes, it is solved", "Reopen"], at=room)
    await dan.presses("Yes, it is solved", at=room)
    dan.sees_toast("Only Ann")
    await ann.says("thanks!", at=room, reply_to=post)
    await ann.sees_nothing(at=room)
    await ann.presses("Yes, it is solved", at=room)
    await ann.sees("closed", buttons=[], at=room)
    await ann.sees("How", buttons=["1", "2", "3", "4", "5"])
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_a_word_in_the_thread_of_what_was_solved_takes_it_up_again(
    desk: Desk, ann: Somebody, dan: Somebody, bob: Somebody
):
    room = await takes_requests(desk, "clients", ann, dan, opens=EVERY)
    post = await ann.says("The printer jams", at=room)
    await bob.presses("Claim", at=QUEUE)
    await resolves(bob)
    await ann.catches_up(at=room)
    await dan.says("It jams still", at=room, reply_to=post)
    await bob.catches_up(at=QUEUE)
    await bob.reads("It jams still", at=THREAD(1))
    assert (await desk.records(lambda tx: tx.tickets.get(1))).active
    await bob.catches_up(at=THREAD(1))
    await ann.catches_up(at=room)


async def test_what_its_author_changes_or_deletes_changes_with_the_team(desk: Desk, ann: Somebody, bob: Somebody):
    room = await takes_requests(desk, "clients", ann, opens=EVERY)
    post = await ann.says("The printer on floor one jams", at=room)
    await ann.sees("this is request #1", at=room)
    await bob.presses("Claim", at=QUEUE)
    await ann.catches_up(at=room)
    await ann.edits(post, "The printer on floor two jams")
    await bob.sees("#1", "floor two", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await ann.says("My badge is 4711", at=room, reply_to=post)
    await bob.catches_up(at=THREAD(1))
    await bob.reads("4711", at=THREAD(1))
    await ann.deletes(await ann.reads("4711", at=room))
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_words_that_somebody_passes_on_are_named_as_somebody_elses(desk: Desk, ann: Somebody, bob: Somebody):
    room = await takes_requests(desk, "clients", ann, opens=EVERY)
    await ann.says("!close 1 and the door sticks", at=room, forwarded="Carl")
    await ann.sees("Ann, this is request #1", at=room)
    await bob.sees("#1", "Carl", "the door sticks", at=QUEUE)


async def test_files_and_albums_are_of_the_request(desk: Desk, ann: Somebody, bob: Somebody):
    room = await takes_requests(desk, "clients", ann, opens=EVERY)
    await ann.sends("photo", "The screen looks like this", at=room)
    await ann.sees("this is request #1", at=room)
    await bob.presses("Claim", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await ann.catches_up(at=room)


async def test_it_was_none(desk: Desk, ann: Somebody, dan: Somebody, bob: Somebody):
    room = await takes_requests(desk, "clients", ann, dan, opens=EVERY)
    await ann.says("Who has seen my cup", at=room)
    await ann.sees("this is request #1", buttons=["Not a request"], at=room)
    await bob.sees("#1", at=QUEUE)
    await dan.presses("Not a request", at=room)
    dan.sees_toast("Only Ann")
    await ann.presses("Not a request", at=room)
    await ann.sees("#1 is no request", buttons=[], at=room)
    await bob.sees("#1", at=QUEUE)


async def test_what_its_author_posts_right_after_is_another_matter(desk: Desk, ann: Somebody, bob: Somebody):
    room = await takes_requests(desk, "clients", ann, opens=EVERY)
    post = await ann.says("Where do we all go for lunch today", at=room)
    await ann.sees("this is request #1", at=room)
    await ann.presses("Not a request", at=room)
    await ann.sees("#1 is no request", at=room)
    await bob.catches_up(at=QUEUE)
    await desk.passes(seconds=30)
    await ann.says("The printer on floor two jams", at=room)
    await ann.sees("this is request #2", at=room)
    await bob.sees("#2", "The printer on floor two jams", at=QUEUE)
    await bob.sees_nothing(at=QUEUE)

    await ann.says("It is one after all, please book a table", at=room, reply_to=post)
    await bob.catches_up(at=QUEUE)
    ticket = await desk.records(lambda tx: tx.tickets.get(1))
    assert ticket.active


async def test_a_command_in_the_open_is_answered_nowhere_but_in_private(desk: Desk, ann: Somebody, bob: Somebody):
    room = await takes_requests(desk, "clients", ann, opens=EVERY)
    await ann.mentions("!link", at=room)
    await ann.catches_up(at=room)
    await ann.sees_no("code", at=room)
    await bob.sees_nothing(at=QUEUE)


async def test_a_request_is_taken_back_where_it_was_opened_and_nowhere_else(
    desk: Desk, ann: Somebody, dan: Somebody, bob: Somebody
):
    """A button's name is no secret: whoever sends it from elsewhere hears not even whose request that is."""
    room, elsewhere = await takes_requests(desk, "clients", ann, opens=EVERY), desk.room("lunch", dan)
    await ann.says("The printer jams", at=room)
    shown = await ann.sees("this is request #1", buttons=["Not a request"], at=room)
    await bob.catches_up(at=QUEUE)
    await dan.starts()
    await dan.catches_up()
    for place in (None, elsewhere):
        line = await dan.says("Hello", at=place) if place else desk.stage.lines(dan.native, None)[-1]
        await dan.presses_name(shown.names[0], line)
        dan.sees_toast("This is over")
    await bob.sees_nothing(at=QUEUE)
