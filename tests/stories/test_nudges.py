"""Whoever waits for an answer and asks whether anybody is there is heard by the team, and told honestly by when."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, talking

NUDGES = [
    ("uk", "є хтось?"),
    ("uk", "чекаю"),
    ("uk", "щось нове є?"),
    ("en", "hello?"),
    ("en", "what's the status?"),
    ("en", "any news?"),
    ("ru", "вы тут?"),
]


@pytest.mark.parametrize(("language", "words"), NUDGES)
async def test_before_anybody_took_it(desk: Desk, bob: Somebody, language: str, words: str):
    iryna = desk.requester("Iryna", language=language)
    await asked(iryna)
    await bob.sees("#1", at=QUEUE)
    await iryna.says(words)
    await iryna.sees(said_in(language, "nudge.free", ticket=1), "13:00")
    await bob.sees("#1", "1 new message", at=QUEUE)


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "спасибо, жду"), ("uk", "дякую, чекаю на відповідь"), ("en", "thanks, I'll wait")]
)
async def test_who_waits_patiently_is_only_thanked_back(desk: Desk, bob: Somebody, language: str, words: str):
    iryna = desk.requester("Iryna", language=language)
    await asked(iryna)
    await bob.sees("#1", at=QUEUE)
    await iryna.says(words)
    await iryna.sees(said_in(language, "courtesy.thanks"))
    await bob.sees_nothing(at=QUEUE)


async def test_an_ok_that_waits_asks_nothing(desk: Desk, bob: Somebody):
    iryna = desk.requester("Iryna", language="uk")
    await talking(iryna, bob)
    await iryna.says("ок чекаю")
    await iryna.sees_nothing()
    await bob.sees("💬 Iryna", "ок чекаю", at=THREAD(1))


async def test_whoever_has_it_hears_it(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.says("is anybody here?")
    await ann.sees("Bob has your request #1 and sees that you are waiting.", "today by")
    await bob.sees("💬 Ann", "is anybody here?", at=THREAD(1))


async def test_what_is_late_is_said_to_be_late(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await desk.passes(hours=5)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up()
    await ann.says("hello?")
    await ann.sees("Bob has your request #1", "so it is late")
    await bob.sees("💬 Ann", "hello?", at=THREAD(1))


async def test_an_agents_question_is_answered_by_whatever_is_said(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/r Is it plugged in?", at=THREAD(1))
    await ann.sees("Is it plugged in?")
    await bob.sees("✓ delivered", at=THREAD(1))
    await ann.says("thanks")
    await ann.sees_nothing()
    await bob.sees("💬 Ann", "thanks", at=THREAD(1))


@pytest.mark.parametrize("words", ["ok", "дякую", "hello", "+"])
async def test_a_request_that_waits_for_its_requester_hears_all_they_say(
    desk: Desk, ann: Somebody, bob: Somebody, words: str
):
    await talking(ann, bob)
    await bob.says("/r? Send the invoice, please", at=THREAD(1))
    await ann.sees("Send the invoice, please")
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    await desk.passes(hours=30)
    await bob.catches_up(at=QUEUE)
    await ann.catches_up()
    await ann.says(words)
    await ann.sees_nothing()
    await bob.sees("💬 Ann", words, at=THREAD(1))
    await bob.sees("open · Bob", at=QUEUE)
