"""What one person says before anybody answers is one question, in however many messages they say it."""

from datetime import timedelta

import pytest

from tests.stories.answers import article, outcomes
from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody, needs, said_in
from tests.stories.harness.people import SKIP

PIECES = {
    "en": ("Good morning", "I have a problem", "the till prints nothing", "see the error"),
    "uk": ("Добрий день", "у мене проблема", "каса нічого не друкує", "ось помилка"),
}
MAIL = {"en": "I can't sign in to my mail", "uk": "Не можу увійти в пошту"}
BILLING = {"en": "Billing question", "uk": "Питання щодо оплати"}


@pytest.fixture(params=PIECES)
def language(request: pytest.FixtureRequest) -> str:
    """Return the language a story is told in."""
    return str(request.param)


@pytest.fixture
def iryna(desk: Desk, language: str) -> Somebody:
    """Return somebody who speaks it."""
    return desk.requester("Iryna", language=language)


async def in_pieces(who: Somebody) -> tuple[str, ...]:
    """Say a greeting, a complaint, what it is about, and send a picture, one after another."""
    pieces = PIECES[who.language]
    for words in pieces[:-1]:
        await who.says(words)
    await who.sends("photo", pieces[-1])
    return pieces


async def registered(who: Somebody) -> None:
    """Ask for a person, and say no more than what it is about."""
    await who.presses(said_in(who.language, "answer.need"))
    await who.fills(type=BILLING[who.language], contract=SKIP)
    await who.sees(said_in(who.language, "request.registered", ticket=1))


async def test_a_question_in_four_messages_is_answered_once_and_reaches_the_team_whole(
    desk: Desk, iryna: Somebody, bob: Somebody, language: str
):
    pieces = await in_pieces(iryna)
    await iryna.sees(said_in(language, "answer.unknown"), buttons=[said_in(language, "answer.need")])
    await iryna.sees_nothing()
    await registered(iryna)
    card = await bob.sees("#1", *pieces, "📎 1 file", at=QUEUE)
    assert [card.text.index(words) for words in pieces] == sorted(card.text.index(words) for words in pieces)
    await bob.presses("Claim", at=QUEUE)
    await iryna.sees(said_in(language, "told.claimed", agent="Bob", ticket=1))
    await bob.reads(pieces[1], at=THREAD(1))
    await bob.sees(kind="photo", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    kept = await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1)])
    assert kept == list(pieces)
    assert await outcomes(desk) == [("unknown", "handoff")]


async def test_what_nobody_can_answer_in_pieces_is_found_in_all_of_it(desk: Desk, iryna: Somebody, language: str):
    await article(desk, MAIL[language], "Open mail.example.com", language=language)
    hello, trouble, *_ = PIECES[language]
    for words in (hello, trouble, MAIL[language]):
        await iryna.says(words)
    await iryna.sees("mail.example.com")
    await iryna.sees_nothing()
    assert [verdict for verdict, _ in await outcomes(desk)] == ["sure"]


async def test_a_greeting_alone_is_greeted_once_nothing_follows(desk: Desk, iryna: Somebody, language: str):
    await iryna.says(PIECES[language][0])
    await iryna.sees(said_in(language, "courtesy.greeting", name="Iryna"), buttons=[])
    await desk.passes(minutes=1)
    await iryna.says(PIECES[language][2])
    await iryna.sees(said_in(language, "answer.unknown"))


async def test_an_offer_that_was_not_taken_is_changed_and_not_repeated(
    desk: Desk, iryna: Somebody, bob: Somebody, language: str
):
    first, second = PIECES[language][1:3]
    await iryna.says(first)
    offer = await iryna.sees(said_in(language, "answer.unknown"))
    await desk.passes(minutes=2)
    await iryna.says(second)
    again = await iryna.sees(
        said_in(language, "answer.unknown"),
        said_in(language, "answer.all", n=2),
        buttons=[said_in(language, "answer.need")],
    )
    assert again.id == offer.id
    await registered(iryna)
    await bob.sees("#1", first, second, at=QUEUE)


async def test_what_follows_an_answer_goes_into_the_request_with_it(
    desk: Desk, iryna: Somebody, bob: Somebody, language: str
):
    await article(desk, MAIL[language], "Open mail.example.com", language=language)
    await iryna.says(MAIL[language])
    await iryna.sees("mail.example.com")
    await desk.passes(minutes=1)
    more = PIECES[language][2]
    await iryna.says(more)
    await iryna.sees(said_in(language, "answer.unknown"))
    await registered(iryna)
    await bob.sees("#1", MAIL[language], more, f"Tried answers: {MAIL[language]}", at=QUEUE)


async def test_the_next_day_is_another_question(desk: Desk, iryna: Somebody, bob: Somebody, language: str):
    first, second = PIECES[language][1:3]
    await iryna.says(first)
    await iryna.sees(said_in(language, "answer.unknown"))
    await desk.passes(hours=20)
    await iryna.says(second)
    await iryna.sees(said_in(language, "answer.unknown"))
    await registered(iryna)
    card = await bob.sees("#1", second, at=QUEUE)
    assert first not in card.text


async def test_a_piece_that_is_edited_says_what_it_says_now(desk: Desk, iryna: Somebody, bob: Somebody, language: str):
    first, second = PIECES[language][1:3]
    line = await iryna.says(first)
    await iryna.says(second)
    await iryna.sees(said_in(language, "answer.unknown"))
    await iryna.edits(line, "0000")
    await registered(iryna)
    card = await bob.sees("#1", "0000", second, at=QUEUE)
    assert first not in card.text
    await iryna.edits(line, "1111")
    card = await bob.sees("#1", "1111", second, at=QUEUE)
    assert "0000" not in card.text
    await iryna.catches_up()


async def test_an_edited_question_is_asked_anew(desk: Desk, iryna: Somebody, language: str):
    await article(desk, MAIL[language], "Open mail.example.com", language=language)
    line = await iryna.says(PIECES[language][2])
    await iryna.sees(said_in(language, "answer.unknown"))
    await iryna.edits(line, MAIL[language])
    await iryna.catches_up()
    await iryna.reads("mail.example.com")


@needs(requesters=Capability.DELETIONS)
async def test_a_piece_that_is_deleted_is_in_no_request(desk: Desk, iryna: Somebody, bob: Somebody, language: str):
    first, second = PIECES[language][1:3]
    line = await iryna.says(first)
    await iryna.says(second)
    await iryna.sees(said_in(language, "answer.unknown"))
    await iryna.deletes(line)
    await registered(iryna)
    card = await bob.sees("#1", second, at=QUEUE)
    assert first not in card.text


async def test_a_request_that_is_begun_before_the_answer_begins_with_the_question(
    desk: Desk, iryna: Somebody, bob: Somebody, language: str
):
    first, second = PIECES[language][1:3]
    await iryna.says(first)
    await iryna.says(second)
    if iryna.can(Capability.PATIENCE):
        await iryna.says("/new")
        await iryna.fills(type=BILLING[language], contract=SKIP)
        await iryna.sees(said_in(language, "request.registered", ticket=1))
        await bob.sees("#1", first, second, at=QUEUE)
    await iryna.catches_up()


async def test_a_question_is_answered_however_late_the_desk_is(desk: Desk, iryna: Somebody, language: str):
    await desk.settles()
    await iryna.says(PIECES[language][2])
    await desk._quiet()  # it is heard, and waits for its author to pause
    await desk.stops()
    desk.clock.set(desk.clock.now() + timedelta(hours=5))
    await desk.starts()
    await iryna.sees(said_in(language, "answer.unknown"))


async def test_what_comes_right_after_an_answer_stands_under_it(
    desk: Desk, iryna: Somebody, bob: Somebody, language: str
):
    await article(desk, MAIL[language], "Open mail.example.com", language=language)
    await iryna.says(MAIL[language])
    await iryna.sends("photo", PIECES[language][3])
    await iryna.sees("mail.example.com", said_in(language, "answer.all_if", n=2))
    await registered(iryna)
    await bob.sees("#1", MAIL[language], PIECES[language][3], "📎 1 file", at=QUEUE)
