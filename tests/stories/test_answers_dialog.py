"""While a request is described, a sure answer is offered beside the dialog, which goes on all the same."""

import pytest

from tests.stories.answers import examples, now, outcomes
from tests.stories.harness import LANGUAGES, QUEUE, Desk, House, Somebody, said_in

PASSWORD = "How do I reset my password?"
ASKED = {"en": "I forgot my password", "uk": "зник інтернет", "ru": "пропал интернет"}
ANSWERED = {"en": PASSWORD, "uk": "Не працює інтернет, що робити?", "ru": "Не работает интернет, что делать?"}
OTHER = {"en": "Something else", "uk": "Щось інше", "ru": "Что-то другое"}


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: these stories are about the questions one by one."""
    return House(windows=False)


async def describing(ann: Somebody, question: str):
    """Ann is in the dialog, and has just described what an article answers; the offer is returned."""
    await ann.says("/new")
    await ann.sees(said_in(ann.language, "request.about"))
    await ann.presses(OTHER[ann.language])
    await ann.sees()
    await ann.says(question)
    return await ann.sees(said_in(ann.language, "answer.perhaps"), buttons=[ANSWERED[ann.language]])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_answer_that_helps_ends_the_dialog(desk: Desk, language: str):
    iryna = desk.requester("Iryna", language=language)
    known = (await examples(desk, *LANGUAGES))[ANSWERED[language]]
    await describing(iryna, ASKED[language])
    await iryna.sees(said_in(language, "form.review"), ASKED[language])
    await iryna.presses(ANSWERED[language])
    await iryna.sees(ANSWERED[language])
    await iryna.presses(said_in(language, "answer.helped"))
    await iryna.sees(said_in(language, "answer.thanks"), buttons=[])
    await iryna.sees(said_in(language, "form.cancelled"), buttons=[])
    assert await outcomes(desk) == [("sure", "helped")]
    assert (await now(desk, known.id)).helped == 1


async def test_the_dialog_goes_on_beside_the_answer(desk: Desk, ann: Somebody, bob: Somebody):
    await examples(desk, "en")
    await describing(ann, ASKED["en"])
    review = await ann.sees("Please check")
    await ann.presses(PASSWORD)
    await ann.sees(PASSWORD)
    await ann.says("and it is urgent")  # the dialog still listens
    await ann.sees("Please check", "I forgot my password\nand it is urgent")
    await ann.presses("Submit", on=None)
    await ann.sees("I forgot my password", buttons=[])
    await ann.sees("#1 is registered")
    await bob.sees("#1", "I forgot my password", f"Tried answers: {PASSWORD}", at=QUEUE)
    assert review.room == desk.stage.home(ann.native)


async def test_a_person_wanted_after_the_answer_goes_on_where_it_was(desk: Desk, ann: Somebody, bob: Somebody):
    known = (await examples(desk, "en"))[PASSWORD]
    await describing(ann, ASKED["en"])
    await ann.sees("Please check")
    await ann.presses(PASSWORD)
    await ann.sees(PASSWORD)
    await ann.presses("I still need a person")
    await ann.sees("Please check", buttons=[])
    await ann.sees("Please check", "Something else", "I forgot my password")
    await ann.presses("Submit")
    await ann.sees("I forgot my password", buttons=[])
    await ann.sees("#1 is registered")
    await bob.sees("#1", f"Tried answers: {PASSWORD}", at=QUEUE)
    assert (await now(desk, known.id)).not_helped == 1


async def test_nothing_is_offered_where_nothing_is_sure(desk: Desk, ann: Somebody):
    await examples(desk, "en")
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.presses("Something else")
    await ann.sees()
    await ann.says("my cat is on fire")
    await ann.sees("Please check")
    await ann.sees_nothing()
