"""Where a requester's words go: into their ticket, to a question which one is meant, or to a new one. Nothing reopens unasked."""

import pytest

from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, resolved, talking

THANKS = {"en": "thanks!", "uk": "дякую", "ru": "спасибо"}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_courtesy_neither_joins_nor_reopens(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    await talking(iryna, bob)
    await iryna.says(THANKS[language])
    await iryna.sees(said_in(language, "courtesy.thanks"))
    await bob.sees_nothing(at=THREAD(1))
    await resolved(bob, iryna)
    await iryna.says(THANKS[language])
    await iryna.sees(said_in(language, "courtesy.thanks"))
    await bob.sees_nothing(at=THREAD(1))
    await iryna.says("/status 1")
    await iryna.sees(said_in(language, "own_status.resolved"))


async def test_an_old_request_asks_which_is_meant(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await desk.passes(days=2)
    await ann.says("The window does not close")
    await ann.sees(
        "Is this about request #1 (My card was charged twice), or something new?", buttons=["About #1", "New question"]
    )
    await bob.sees_nothing(at=THREAD(1))
    await ann.presses("About #1")
    await ann.sees("Added to request #1.", buttons=[])
    await bob.sees("The window does not close", at=THREAD(1))


async def test_something_new_is_asked_anew(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await desk.passes(days=2)
    await ann.says("The window does not close")
    await ann.sees("Is this about request #1")
    await ann.presses("New question")
    await ann.sees("A new question, then.", buttons=[])
    await ann.sees("I don't have an answer to that yet.", buttons=["I still need a person"])
    await ann.presses("I still need a person")
    await ann.fills(type="Something else")
    await ann.sees("#2 is registered")
    await bob.sees("#2 Something else", "The window does not close", at=QUEUE)


async def test_a_resolved_request_asks_and_is_reopened_only_then(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await resolved(bob, ann)
    await ann.says("It was charged again")
    await ann.sees("Is this about request #1", buttons=["About #1", "New question"])
    await bob.sees_nothing(at=THREAD(1))
    await ann.presses("About #1")
    await ann.sees("Added to request #1.")
    await bob.sees("open · Bob", at=QUEUE)
    await bob.sees("It was charged again", at=THREAD(1))


async def test_an_explicit_reply_to_a_resolved_request_asks_too(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/r Refunded", at=THREAD(1))
    answer = await ann.sees("Refunded")
    await bob.sees("✓ delivered", at=THREAD(1))
    await resolved(bob, ann)
    await ann.says("I see no money", reply_to=answer)
    await ann.sees("Is this about request #1")
    await ann.presses("About #1")
    await ann.sees("Added to request #1.")
    await bob.sees("I see no money", at=THREAD(1))


async def test_an_explicit_reply_joins_however_old_the_request(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/r Which card is it?", at=THREAD(1))
    question = await ann.sees("Which card is it?")
    await bob.sees("✓ delivered", at=THREAD(1))
    await desk.passes(days=5)
    await ann.says("The blue one", reply_to=question)
    await ann.sees_nothing()
    await bob.sees("The blue one", at=THREAD(1), reply_to="Which card is it?")


async def test_within_the_window_the_requester_reopens(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await resolved(bob, ann)
    await desk.passes(days=4)
    await ann.sees("Is request #1 solved?")
    await ann.sees("Request #1 is closed.")
    await ann.says("/status 1")
    await ann.sees("closed", buttons=["Reopen"])
    await desk.passes(days=2)
    await ann.presses("Reopen")
    await ann.sees("Request #1 is open again; the team is told.")
    await bob.sees("Ann says it is not solved", at=THREAD(1))
    await bob.sees("open · Bob", at=QUEUE)


async def test_after_the_window_closed_is_final_and_a_late_word_opens_a_linked_one(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await talking(ann, bob)
    await bob.says("/r Refunded", at=THREAD(1))
    answer = await ann.sees("Refunded")
    await bob.sees("✓ delivered", at=THREAD(1))
    asking = await resolved(bob, ann)
    await desk.passes(days=8)
    await ann.sees("Is request #1 solved?")
    await ann.sees("Request #1 is closed.")
    await ann.presses("Reopen", on=asking)
    ann.sees_toast("Request #1 was closed long ago and stays so.")
    await ann.says("I see no money", reply_to=answer)
    await ann.sees("Request #1 is closed for good, so this will be a new one, linked to it.")
    await ann.fills(type="Billing question", contract="(skip)")
    await ann.sees("#2 is registered")
    await bob.sees("#2 Billing question", "I see no money", "#1", at=QUEUE)
    linked = await desk.records(lambda tx: tx.tickets.get(2).previous_id)
    assert linked == 1


async def test_a_late_word_of_its_own_is_a_new_question(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await resolved(bob, ann)
    await desk.passes(days=8)
    await ann.catches_up()
    await ann.says("My card was charged twice")
    await ann.sees("I don't have an answer to that yet.")


async def test_before_anybody_claims_the_card_counts_what_is_new(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await bob.sees("#1", at=QUEUE)
    await ann.says("and again on Tuesday")
    await bob.sees("#1", "1 new message", at=QUEUE)
    await ann.says("and on Wednesday")
    await bob.sees("#1", "2 new messages", at=QUEUE)
    await ann.sees_nothing()
