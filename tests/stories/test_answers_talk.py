"""A question is answered when the desk is sure, offered a choice when it is not, and handed to a person when it is lost."""

from dataclasses import dataclass

import pytest

from tests.stories.answers import article, examples, now, outcomes
from tests.stories.harness import LANGUAGES, QUEUE, Desk, Somebody, said_in
from tests.stories.harness.people import SKIP


@dataclass(frozen=True)
class Spoken:
    """What is asked in a language: a question with its article, a vague one, one that nobody has written about."""

    question: str
    article: str
    vague: str
    strange: str


SPOKEN = {
    "en": Spoken("how do i reset my pasword", "How do I reset my password?", "printer", "my cat is on fire"),
    "uk": Spoken("не працює інтрнет що робити", "Не працює інтернет, що робити?", "забув парль", "мій кіт горить"),
    "ru": Spoken("не работает интрнет что делать", "Не работает интернет, что делать?", "забыл парль", "продам гараж"),
}
BILLING = {"en": "Billing question", "uk": "Питання щодо оплати", "ru": "Вопрос по оплате"}


def under_answer(language: str) -> list[str]:
    """Return the buttons under an answer."""
    return [said_in(language, "answer.helped"), said_in(language, "answer.favour"), said_in(language, "answer.need")]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Return the language a story is told in."""
    return str(request.param)


@pytest.fixture
def iryna(desk: Desk, language: str) -> Somebody:
    """Return somebody who speaks it."""
    return desk.requester("Iryna", language=language)


async def test_a_sure_answer_that_helps(desk: Desk, iryna: Somebody, language: str):
    told = SPOKEN[language]
    mine = (await examples(desk, *LANGUAGES))[told.article]
    await iryna.says(told.question)
    answer = await iryna.sees(told.article, buttons=under_answer(language))
    assert "**" not in answer.text
    await iryna.presses(said_in(language, "answer.helped"))
    await iryna.sees(told.article, said_in(language, "answer.thanks"), buttons=[])
    assert await outcomes(desk) == [("sure", "helped")]
    assert ((await now(desk, mine.id)).shown, (await now(desk, mine.id)).helped) == (1, 1)
    assert [one.text for one in await desk.records(lambda tx: tx.articles.proposed())] == [told.question]


async def test_a_sure_answer_that_does_not_help(desk: Desk, iryna: Somebody, bob: Somebody, language: str):
    told = SPOKEN[language]
    mine = (await examples(desk, *LANGUAGES))[told.article]
    await iryna.says(told.question)
    answer = await iryna.sees(told.article)
    await iryna.presses(said_in(language, "answer.need"))
    await iryna.fills(type=BILLING[language], contract=SKIP)
    await iryna.sees(said_in(language, "request.registered", ticket=1))
    await bob.sees("#1", told.question, f"Tried answers: {told.article}", at=QUEUE)
    await iryna.presses(said_in(language, "answer.need"), on=answer)  # once more, on the old message: it is filed once
    await iryna.sees(said_in(language, "answer.no_help", ticket=1))
    assert await outcomes(desk) == [("sure", "handoff")]
    assert (await now(desk, mine.id)).not_helped == 1


async def test_a_vague_question_gets_a_choice(desk: Desk, iryna: Somebody, language: str):
    await examples(desk, *LANGUAGES)
    await iryna.says(SPOKEN[language].vague)
    choice = await iryna.sees(said_in(language, "answer.maybe"))
    *offered, person = choice.buttons
    assert (1 <= len(offered) <= 3, person) == (True, said_in(language, "answer.need"))
    await iryna.presses(offered[0])
    await iryna.sees(offered[0].rstrip("…"), buttons=under_answer(language))
    await iryna.presses(offered[-1], on=choice)
    await iryna.sees(offered[-1].rstrip("…"), buttons=under_answer(language))
    assert await outcomes(desk) == [("maybe", None)]


async def test_what_nobody_has_written_about_goes_to_a_person(
    desk: Desk, iryna: Somebody, bob: Somebody, language: str
):
    await examples(desk, *LANGUAGES)
    await iryna.says(SPOKEN[language].strange)
    await iryna.sees(said_in(language, "answer.unknown"), buttons=[said_in(language, "answer.need")])
    await iryna.presses(said_in(language, "answer.need"))
    await iryna.fills(type=BILLING[language], contract=SKIP)
    await iryna.sees(said_in(language, "request.registered", ticket=1))
    card = await bob.sees("#1", SPOKEN[language].strange, at=QUEUE)
    assert "Tried answers" not in card.text


@pytest.mark.parametrize(
    ("words", "manners"),
    [("thanks", "thanks"), ("дякую", "thanks"), ("ок спасибо", "thanks"), ("hi", "greeting"), ("Привіт!", "greeting")],
)
async def test_courtesy_gets_courtesy(desk: Desk, ann: Somebody, words: str, manners: str):
    await examples(desk, *LANGUAGES)
    await ann.says(words)
    await ann.sees(said_in("en", f"courtesy.{manners}", name="Ann"), buttons=[])
    assert await outcomes(desk) == []


async def test_politeness_around_a_question_does_not_hide_it(desk: Desk, ann: Somebody):
    await examples(desk, "en")
    await ann.says("Hello! How do I reset my password? Thank you very much 🙂")
    await ann.sees("How do I reset my password?", buttons=under_answer("en"))


async def test_the_own_language_comes_first_and_others_after_it(desk: Desk, iryna: Somebody, language: str):
    for spoken in LANGUAGES:
        await article(desk, "Wi-Fi CORP", f"answer in {spoken}", language=spoken)
    await article(desk, "How do I reset my password?", "Open reset.example.com")
    await iryna.says("wi-fi corp")
    await iryna.sees(f"answer in {language}")
    await iryna.says("how do I reset my password")
    await iryna.sees("Open reset.example.com", buttons=under_answer(language))


async def test_it_helped_counts_once_and_proposes_once(desk: Desk, ann: Somebody):
    known = (await examples(desk, "en"))["How do I reset my password?"]
    for _ in range(2):
        await ann.says("how do i reset my pasword")
        answer = await ann.sees("How do I reset my password?")
        await ann.presses("It helped", on=answer)
        await ann.sees("Glad it helped!")
        await ann.presses_name(answer.names[0], answer)
        ann.sees_toast("Glad it helped!")
    assert (await now(desk, known.id)).helped == 2
    assert len(await desk.records(lambda tx: tx.articles.proposed())) == 1


async def test_a_vote_needs_a_question_of_ones_own(desk: Desk, ann: Somebody):
    articles = await examples(desk, "en")
    known, other = articles["How do I reset my password?"], articles["I can't connect to the office Wi-Fi"]
    zoe = desk.requester("Zoe")
    await ann.says("how do i reset my pasword")
    answer = await ann.sees("How do I reset my password?")
    helped = next(name for name in answer.names if name.startswith("helped"))
    kept = helped.partition(":")[2].partition(".")[0]
    await zoe.says("hello there")
    (greeting, *_) = await zoe.catches_up()
    await zoe.presses_name(helped, greeting)  # what only Ann was shown
    await ann.presses_name(f"helped:{kept}.{other.id}", answer)  # what her question did not find
    for number in (0, 99_999):
        await ann.presses_name(f"helped:{number}.{known.id}", answer)
    await ann.catches_up()
    await zoe.catches_up()
    for each in (known, other):
        assert (await now(desk, each.id)).helped == 0
    assert await desk.records(lambda tx: tx.articles.proposed()) == []


async def test_words_that_the_article_has_already_are_not_proposed(desk: Desk, ann: Somebody):
    await examples(desk, "en")
    await ann.says("I FORGOT my password")
    await ann.sees("How do I reset my password?")
    await ann.presses("It helped")
    await ann.sees("Glad it helped!")
    assert await desk.records(lambda tx: tx.articles.proposed()) == []


async def test_a_person_wanted_twice_is_one_vote_against(desk: Desk, ann: Somebody):
    known = (await examples(desk, "en"))["How do I reset my password?"]
    await ann.says("how do i reset my pasword")
    answer = await ann.sees("How do I reset my password?")
    for _ in range(2):
        await ann.presses("I still need a person", on=answer)
        await ann.puts_off()
    assert (await now(desk, known.id)).not_helped == 1


async def test_an_answer_that_was_turned_off_meanwhile_is_shown_no_more(desk: Desk, ann: Somebody):
    await examples(desk, "en")
    await ann.says("the printer")
    choice = await ann.sees("Did you mean one of these?")
    await desk.records(
        lambda tx: [
            tx.articles.change(row.id, "off", by=None, at=desk.clock.now(), enabled=False)
            for row in tx.articles.everything()[:30]  # as many as a turn takes in by itself
        ]
    )
    await ann.presses(choice.buttons[0])
    ann.sees_toast("There is no article")
    await ann.says("the printer")
    await ann.sees("I don't have an answer to that yet.")


async def test_a_question_may_come_with_a_picture(desk: Desk, ann: Somebody, bob: Somebody):
    await examples(desk, "en")
    await ann.sends("photo", "VPN does not connect")
    await ann.sees("VPN does not connect", buttons=under_answer("en"))
    await ann.presses("I still need a person")
    await ann.fills(type="Something else")
    await ann.sees("#1 is registered")
    await bob.sees("#1", "📎 1 file", "Tried answers: VPN does not connect", at=QUEUE)


async def test_without_any_article_a_person_answers(desk: Desk, ann: Somebody):
    await ann.says("VPN does not connect")
    await ann.sees("I don't have an answer to that yet.", buttons=["I still need a person"])
