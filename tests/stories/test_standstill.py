"""A team channel that takes nothing: what is promised there waits, in order; admins hear which setting to change, once."""

import pytest

from bot.operations.standstills import standstill_problems
from storage.queues import undelivered
from tests.stories.answers import admin
from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody, needs
from tests.stories.harness.given import asked, talking


async def queued(bob: Somebody) -> list[str]:
    """Return the numbers on the cards that came into the queue, oldest first."""
    return [line.text.split()[1] for line in await bob.catches_up(at=QUEUE) if line.buttons]


@pytest.mark.parametrize("word", ["restricted_action_of_next_year", "ekm_access_denied", "CHAT_WRITE_FORBIDDEN"])
async def test_whatever_it_refuses_with_waits_and_goes_on_by_itself(
    desk: Desk, ann: Somebody, bob: Somebody, word: str
):
    olga = await admin(desk)
    trouble = desk.stage.trouble(None)
    trouble.refuses(word)
    for number, question in enumerate(("My card was charged twice", "And my chair", "And my lamp"), 1):
        await asked(ann, question, ticket=number)
    await olga.sees("does not take what is to be shown there", word)
    [problem] = await standstill_problems(desk.app.database)
    assert word in problem
    await desk.passes(minutes=20)
    assert await queued(bob) == []
    await olga.sees_nothing()
    trouble.ends()
    await desk.passes(seconds=61)
    assert await queued(bob) == ["#1", "#2", "#3"]
    await olga.catches_up()
    assert await standstill_problems(desk.app.database) == []


async def test_a_message_that_no_place_takes_is_put_aside_and_told(desk: Desk, ann: Somebody, bob: Somebody):
    olga = await admin(desk)
    trouble = desk.stage.trouble(None)
    trouble.refuses("message is too long" if bob.can(Capability.TOPICS) else "msg_too_long")
    await asked(ann)
    await olga.sees("is not shown: the message is too long", "#1")
    trouble.ends()
    await asked(ann, "And my chair", ticket=2)
    await bob.sees("#2", at=QUEUE)  # it holds up nothing
    [letter] = await desk.look(undelivered.all_undelivered)
    await desk.look(lambda connection: undelivered.retry_undelivered(connection, [letter.id], desk.clock.now()))
    desk.app.outbox.bell.set()
    await bob.sees("#1", at=QUEUE)


async def test_words_are_shown_though_their_file_is_refused(desk: Desk, ann: Somebody, bob: Somebody):
    """A workspace that takes no uploads, a file that is not to be had: the team reads the words, and what is missing."""
    olga = await admin(desk)
    await talking(ann, bob)
    desk.stage.trouble(None).refuses_a_file()
    await ann.sends("document", caption="the printer's log is here")
    missing = ["✕"] if bob.can(Capability.CAPTIONS) else []  # where a file stands apart, its words are there already
    await bob.sees("the printer's log is here", *missing, at=THREAD(1))
    await olga.sees("takes no such files", "#1")
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)


async def test_words_are_shown_though_their_file_is_empty(desk: Desk, ann: Somebody, bob: Somebody):
    """No messenger takes an upload of nothing: it goes across as a name."""
    await talking(ann, bob)
    await ann.sends("document", caption="here is the log", name="log.txt", data=b"")
    await bob.sees("here is the log", at=THREAD(1))
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)


@needs(team=Capability.TOPICS)
async def test_general_is_closed_and_opened_again(desk: Desk, ann: Somebody, bob: Somebody):
    olga = await admin(desk)
    desk.stage.team.rights(take=["can_manage_topics"])
    desk.stage.team.close_general()
    await asked(ann)
    await asked(ann, "And my chair", ticket=2)
    await olga.sees("Open the General topic again", "TOPIC_CLOSED")
    await desk.passes(minutes=20)
    await olga.sees_nothing()
    desk.stage.team.close_general(closed=False)
    await desk.passes(seconds=61)
    assert await queued(bob) == ["#1", "#2"]


@needs(team=Capability.TOPICS)
async def test_without_the_right_to_manage_topics_the_words_wait(desk: Desk, ann: Somebody, bob: Somebody):
    olga = await admin(desk)
    await asked(ann)
    desk.stage.team.rights(take=["can_manage_topics"])
    await bob.presses("Claim", at=QUEUE)
    await ann.sees("Bob is on your request #1.")
    await olga.sees("Give the bot the admin right to manage topics", "not enough rights to manage topics")
    await ann.says("it happened again")
    await desk.passes(minutes=20)
    await olga.sees_nothing()
    desk.stage.team.rights(give=["can_manage_topics"])
    await desk.passes(minutes=11)
    await bob.finds(1, "My card was charged twice")
    await bob.sees("it happened again", at=THREAD(1))
    await bob.catches_up(at=QUEUE)


@needs(team=Capability.TOPICS)
async def test_a_closed_topic_that_cannot_be_opened_is_spoken_of_in_general(desk: Desk, ann: Somebody, bob: Somebody):
    olga = await admin(desk)
    await talking(ann, bob)
    desk.stage.team.rights(take=["can_manage_topics"])
    desk.stage.team.close_topic(desk.stage.team.topics[-1].id)
    await ann.says("it happened again")
    said = await bob.sees("#1", "it happened again", at=QUEUE)
    await bob.answers(said, "We see it")
    await ann.sees("We see it")
    await bob.catches_up(at=QUEUE)
    await olga.catches_up()


@needs(team=Capability.WINDOWS)
@pytest.mark.parametrize("word", ["restricted_action_thread_locked", "cannot_reply_to_message", "invalid_thread_ts"])
async def test_a_thread_that_takes_nothing_is_spoken_of_beside_it(desk: Desk, ann: Somebody, bob: Somebody, word: str):
    await talking(ann, bob)
    desk.stage.sandbox.faults.error(word, method="chat.postMessage", channel=desk.stage.team)
    await ann.says("it happened again")
    await bob.sees("#1", "it happened again", at=QUEUE)


async def test_the_rest_of_the_desk_is_served_meanwhile(desk: Desk, ann: Somebody, bob: Somebody):
    """Only what is said in the channel waits: requester and agent talk on where both can be written to."""
    await talking(ann, bob)
    olga = await admin(desk)
    trouble = desk.stage.trouble(None)
    trouble.refuses("not_in_channel" if bob.can(Capability.WINDOWS) else "have no rights to send a message")
    await bob.says("/r We look into it", at=THREAD(1))
    await ann.sees("We look into it")
    await olga.sees("does not take what is to be shown there")
    trouble.ends()
    await desk.passes(minutes=11)
    await bob.sees("✓ delivered", at=THREAD(1))
