"""With a request open: a sure answer still comes while nobody has it, and another matter becomes a request with one press."""

import pytest

from tests.stories.answers import article, outcomes
from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, talking
from tests.stories.harness.people import SKIP

MAIL = {"en": "I can't sign in to my mail", "uk": "Не можу увійти в пошту"}
PRINTER = {"en": "also the printer does not print", "uk": "також не працює принтер"}
HARDWARE = {"en": "Hardware", "uk": "Обладнання"}
DEVICE = {"en": "Printer", "uk": "Принтер"}


@pytest.fixture(params=MAIL)
def language(request: pytest.FixtureRequest) -> str:
    """Return the language a story is told in."""
    return str(request.param)


@pytest.fixture
def iryna(desk: Desk, language: str) -> Somebody:
    """Return somebody who speaks it."""
    return desk.requester("Iryna", language=language)


async def waiting(desk: Desk, iryna: Somebody, bob: Somebody) -> None:
    """Iryna has a request that nobody has taken, and asks what an article answers."""
    language = iryna.language
    await article(desk, MAIL[language], "Open mail.example.com", language=language, section="Mail")
    await asked(iryna)
    await bob.sees("#1", at=QUEUE)
    await iryna.says(MAIL[language])
    buttons = [said_in(language, "answer.helped"), said_in(language, "answer.favour"), said_in(language, "answer.no")]
    await iryna.sees("mail.example.com", buttons=buttons)
    await bob.sees("#1", "1 new message", at=QUEUE)


async def test_a_sure_answer_stands_beside_it_once(desk: Desk, iryna: Somebody, bob: Somebody, language: str):
    await waiting(desk, iryna, bob)
    await iryna.presses(said_in(language, "answer.no"))
    await iryna.sees(said_in(language, "answer.no_help", ticket=1), buttons=[said_in(language, "talk.apart")])
    await iryna.says(MAIL[language])
    await iryna.sees_nothing()
    await bob.sees("#1", "2 new messages", at=QUEUE)
    assert await outcomes(desk) == [("sure", "joined"), ("related", None)]


async def test_what_it_did_not_help_with_becomes_a_request_of_its_own(
    desk: Desk, iryna: Somebody, bob: Somebody, language: str
):
    await waiting(desk, iryna, bob)
    await iryna.presses(said_in(language, "answer.no"))
    apart = said_in(language, "talk.apart")
    await iryna.sees(said_in(language, "answer.no_help", ticket=1), buttons=[apart])
    await iryna.presses(apart)
    await iryna.fills(type=HARDWARE[language], device=DEVICE[language], place="4.12", photo=SKIP)
    await iryna.sees(said_in(language, "request.registered", ticket=2))
    await bob.sees("#2", MAIL[language], at=QUEUE)
    kept = await desk.records(lambda tx: [[s.words["text"] for s, _ in tx.talk.of(n)] for n in (1, 2)])
    assert MAIL[language] not in kept[0]
    assert kept[1] == [MAIL[language]]


async def test_if_it_helped_the_request_may_end(desk: Desk, iryna: Somebody, bob: Somebody, language: str):
    await waiting(desk, iryna, bob)
    await iryna.presses(said_in(language, "answer.helped"))
    await iryna.sees(said_in(language, "answer.thanks"), buttons=[])
    await iryna.sees(said_in(language, "answer.still_needed", ticket=1))
    await iryna.presses(said_in(language, "button.withdraw"))
    await iryna.sees(said_in(language, "own.withdrawn", ticket=1), buttons=[])
    await bob.sees("📁 #1", at=QUEUE)


async def test_an_answer_that_helps_after_all_ends_what_was_asked_in_its_place(
    desk: Desk, iryna: Somebody, bob: Somebody, language: str
):
    await article(desk, MAIL[language], "Open mail.example.com", language=language)
    await iryna.says(MAIL[language])
    answer = await iryna.sees("mail.example.com")
    await iryna.presses(said_in(language, "answer.need"))
    await iryna.fills(type=HARDWARE[language], device=DEVICE[language], place="4.12", photo=SKIP)
    await iryna.sees(said_in(language, "request.registered", ticket=1))
    await bob.sees("#1", at=QUEUE)
    await iryna.presses(said_in(language, "answer.helped"), on=answer)
    await iryna.sees(said_in(language, "answer.thanks"), buttons=[])
    await iryna.sees(said_in(language, "answer.still_needed", ticket=1))
    await iryna.presses(said_in(language, "button.withdraw"))
    await iryna.sees(said_in(language, "own.withdrawn", ticket=1), buttons=[])
    await bob.sees("📁 #1", at=QUEUE)


async def test_nothing_is_answered_once_somebody_has_it(desk: Desk, iryna: Somebody, bob: Somebody, language: str):
    await article(desk, MAIL[language], "Open mail.example.com", language=language)
    await talking(iryna, bob)
    await iryna.says(MAIL[language])
    await bob.sees("💬 Iryna", MAIL[language], at=THREAD(1))
    await iryna.sees_nothing()


async def test_another_matter_becomes_a_request_with_nothing_retyped(
    desk: Desk, iryna: Somebody, bob: Somebody, language: str
):
    await talking(iryna, bob)
    await iryna.says(PRINTER[language])
    await bob.sees("💬 Iryna", PRINTER[language], at=THREAD(1))
    apart = said_in(language, "talk.apart")
    await iryna.sees(said_in(language, "talk.joined", ticket=1), buttons=[apart])
    await iryna.presses(apart)
    await iryna.fills(type=HARDWARE[language], device=DEVICE[language], place="4.12", photo=SKIP)
    await iryna.sees(said_in(language, "request.registered", ticket=2))
    await bob.sees("#2", PRINTER[language], at=QUEUE)
    await bob.sees("↪ Iryna", "#2", PRINTER[language], at=THREAD(1))
    kept = await desk.records(lambda tx: [[s.words["text"] for s, _ in tx.talk.of(n)] for n in (1, 2)])
    assert PRINTER[language] not in kept[0]
    assert kept[1] == [PRINTER[language]]


async def test_it_stays_where_it_is_until_the_new_one_is_there(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.says("another question: where is the lift?")
    await bob.sees("💬 Ann", "where is the lift?", at=THREAD(1))
    await ann.sees("Added to request #1.", buttons=["New request instead"])
    await ann.presses("New request instead")
    await ann.puts_off()
    kept = await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1)])
    assert "another question: where is the lift?" in kept
    await bob.sees_nothing(at=THREAD(1))


async def test_more_of_the_same_says_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.says("it was on Monday, and the bank says you took it twice")
    await bob.sees("💬 Ann", "on Monday", at=THREAD(1))
    await ann.sees_nothing()
