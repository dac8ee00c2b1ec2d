"""The desk keeps quiet while a person owns the conversation, and asks before it guesses about an older one."""

from tests.stories.answers import examples, outcomes
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import asked, claimed, resolved, talking

PASSWORD = "How do I reset my password?"


async def test_while_a_request_waits_its_requesters_words_join_it(desk: Desk, ann: Somebody, bob: Somebody):
    await examples(desk, "en")
    await asked(ann)
    await bob.sees("#1", at=QUEUE)
    await ann.says("It happened again on Monday")
    await bob.sees("#1", "1 new message", at=QUEUE)
    await ann.sees_nothing()


async def test_after_it_is_claimed_too(desk: Desk, ann: Somebody, bob: Somebody):
    await examples(desk, "en")
    await talking(ann, bob)
    await ann.says(PASSWORD)
    await bob.sees("💬 Ann", PASSWORD, at=THREAD(1))
    await ann.sees_nothing()
    await desk.passes(hours=23)
    await ann.says("VPN does not connect")
    await bob.sees("💬 Ann", "VPN does not connect", at=THREAD(1))
    await ann.sees("Added to request #1.", buttons=["New request instead"])  # an article of another kind answers that
    await ann.sees_nothing()
    assert await outcomes(desk) == [("related", None)]


async def test_about_an_older_request_a_sure_answer_comes_with_the_question_which(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await examples(desk, "en")
    await talking(ann, bob)
    await desk.passes(days=2)
    await ann.says(PASSWORD)
    await ann.sees(PASSWORD, buttons=["It helped", "⭐ Favourite", "I still need a person"])
    await ann.sees("Is this about request #1", buttons=["About #1", "New question"])
    await bob.sees_nothing(at=THREAD(1))
    await ann.presses("About #1")
    await ann.sees("Added to request #1.", buttons=[])
    await bob.sees("💬 Ann", PASSWORD, at=THREAD(1))
    assert await outcomes(desk) == [("sure", "joined")]


async def test_a_new_question_after_it_is_answered(desk: Desk, ann: Somebody, bob: Somebody):
    await examples(desk, "en")
    await talking(ann, bob)
    await resolved(bob, ann)
    await ann.says("the printer")
    await ann.sees("Is this about request #1")
    await ann.presses("New question")
    await ann.sees("A new question, then.", buttons=[])
    await ann.sees("Did you mean one of these?")


async def test_without_a_sure_answer_there_is_only_the_question(desk: Desk, ann: Somebody, bob: Somebody):
    await examples(desk, "en")
    await asked(ann)
    await claimed(bob, ann)
    await resolved(bob, ann)
    await ann.says("my cat is on fire")
    await ann.sees("Is this about request #1")
    await ann.sees_nothing()
