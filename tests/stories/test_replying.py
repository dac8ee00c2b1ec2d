"""The three ways to a requester: the command, a reply to their words, the button."""

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody, needs
from tests.stories.harness.given import asked, talking


async def test_by_the_command_with_a_slash_or_a_mark(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/r We look into it", at=THREAD(1))
    await ann.sees("Bob", "We look into it")
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.says("!r and we found it", at=THREAD(1))
    await ann.sees("Bob", "and we found it")
    await bob.sees("✓ delivered", at=THREAD(1))


async def test_by_a_caption(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.sends("photo", "/r This is the receipt", at=THREAD(1))
    await ann.sees("Bob", "This is the receipt", kind="photo")
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.sends("document", "/r", at=THREAD(1))
    await ann.sees("Bob", kind="document")
    await bob.sees("✓ delivered", at=THREAD(1))


@needs(team=Capability.QUOTES)
async def test_by_a_reply_to_their_words(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.says("and again on Tuesday")
    words = await bob.sees("and again on Tuesday", at=THREAD(1))
    await bob.says("We see it", reply_to=words)
    await ann.sees("We see it", reply_to="and again on Tuesday")
    await bob.sees("✓ delivered", at=THREAD(1))


async def test_by_the_button(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.presses("Reply", at=THREAD(1))
    await bob.fills(text="It is refunded", at=THREAD(1))
    await ann.sees("Bob", "It is refunded")
    await bob.reads("It is refunded", at=THREAD(1))
    await bob.sees("✓ delivered", buttons=["Edit", "Delete"], at=THREAD(1))


@needs(team=Capability.QUOTES)
async def test_only_a_reply_to_the_prompt_of_the_button_is_sent(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await talking(ann, bob)
    await bob.presses("Reply", at=THREAD(1))
    prompt = await bob.sees("@bob, reply to this message", "The reply; the requester will read it", at=THREAD(1))
    await eve.says("Not mine to answer", reply_to=prompt)
    await bob.says("just a thought", at=THREAD(1))
    await ann.sees_nothing()
    for each in (bob, eve):
        await each.catches_up(at=THREAD(1))  # they are told that it stayed inside
    await bob.says("It is refunded", reply_to=prompt)
    await ann.sees("Bob", "It is refunded")
    await bob.sees("✓ delivered", at=THREAD(1))


async def test_the_note_button_stays_with_the_team(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.presses("Note", at=THREAD(1))
    await bob.fills(text="She pays late", at=THREAD(1))
    await ann.sees_nothing()
    await bob.reads("She pays late", at=THREAD(1))


async def test_who_answers_a_waiting_request_has_taken_it(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await bob.sees("nobody has it yet", at=QUEUE)
    await bob.presses("Reply", at=QUEUE)
    await bob.finds(1)
    await bob.fills(text="Which card?", at=QUEUE)  # it is asked where it was pressed
    await ann.sees("Bob", "Which card?")
    await bob.reads("Which card?", at=THREAD(1))
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.sees("open · Bob", at=QUEUE)


async def test_reply_and_wait_makes_it_pending_until_the_requester_writes(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/r? Which card is it?", at=THREAD(1))
    await ann.sees("Which card is it?")
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.sees("waiting for the requester · Bob", at=QUEUE)
    await ann.says("/status")
    await ann.sees("waiting for you", "With: Bob")
    await ann.says("The blue one")
    await bob.sees("The blue one", at=THREAD(1))
    await bob.sees("open · Bob", at=QUEUE)


async def test_a_requester_reads_replies_in_every_place_the_same(desk: Desk, bob: Somebody):
    olha = desk.requester("Ольга", language="uk")
    await talking(olha, bob)
    await bob.says("/r Вже дивимося", at=THREAD(1))
    await olha.sees("Bob", "Вже дивимося")
    await bob.sees("✓ delivered", at=THREAD(1))
