"""Corrections: who edits the message that answered a form's question has changed the answer, before and after it is sent."""

import pytest

from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Desk, House, Line, Somebody, said_in

BILLING = {"en": "Billing question", "uk": "Питання щодо оплати", "ru": "Вопрос по оплате"}
LABEL = {"en": "Contract number", "uk": "Номер договору", "ru": "Номер договора"}


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: answers are messages, and messages are edited."""
    return House(windows=False)


async def answered(who: Somebody, language: str = "en") -> tuple[Line, Line]:
    """Answer all questions, up to the review; return the two messages."""
    await who.says("/new")
    await who.presses(BILLING[language])
    words = await who.says("Charged twise")
    contract = await who.says("AB-12345")
    await who.sees("Charged twise", "AB-12345")
    return words, contract


async def submitted(who: Somebody, bob: Somebody, language: str = "en") -> tuple[Line, Line]:
    """Submit them, and let Bob take the request."""
    written = await answered(who, language)
    await who.presses(said_in(language, "form.submit"))
    await who.catches_up()
    await bob.presses("Claim", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    await who.catches_up()
    return written


async def test_while_the_form_is_open(desk: Desk, ann: Somebody, bob: Somebody):
    words, contract = await answered(ann)
    await ann.edits(words, "Charged twice")
    await ann.sees("Please check", "Charged twice", "AB-12345")
    await ann.edits(contract, "AB-99999")
    await ann.sees("Please check", "Charged twice", "AB-99999")
    await ann.edits(contract, "?")
    await ann.sees("⚠️", "AB-99999")
    await ann.edits(contract, "AB-77777")
    await ann.sees("Please check", "Charged twice", "AB-77777")
    await ann.presses("Submit")
    await ann.catches_up()
    await bob.sees("Charged twice", "AB-77777", at=QUEUE)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_after_it_was_submitted_the_team_reads_both(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    _, contract = await submitted(iryna, bob, language)
    await iryna.edits(contract, "AB-99999")
    await bob.sees("✏️ Iryna changed “Contract number”: AB-12345 → AB-99999", at=THREAD(1))
    await bob.sees("#1", "AB-99999", at=QUEUE)
    await iryna.sees(LABEL[language], "AB-99999")  # what shows her answers shows them as they are now
    await iryna.edits(contract, "AB-99999 ")
    await bob.sees_nothing(at=THREAD(1))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_answer_that_cannot_be_taken_stays_and_says_why(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    _, contract = await submitted(iryna, bob, language)
    await iryna.edits(contract, "?")
    await iryna.sees(LABEL[language], "AB-12345", buttons=[])
    await bob.sees_nothing(at=THREAD(1))
    await bob.sees_nothing(at=QUEUE)


async def test_the_first_words_are_an_answer_too(desk: Desk, ann: Somebody, bob: Somebody):
    words, _ = await submitted(ann, bob)
    await ann.edits(words, "Charged twice")
    await bob.sees("✏️ Ann", "Charged twice", "It said before:", "Charged twise", at=THREAD(1))
    await bob.sees("#1", "Charged twice", at=QUEUE)
    await ann.sees("Charged twice", "AB-12345")


async def test_nothing_changes_once_the_request_is_over(desk: Desk, ann: Somebody, bob: Somebody):
    _, contract = await submitted(ann, bob)
    await bob.says("/close", at=THREAD(1))
    await ann.catches_up()
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)
    await ann.edits(contract, "AB-99999")
    await ann.sees_nothing()
    await bob.sees_nothing(at=THREAD(1))
    await bob.sees_nothing(at=QUEUE)
