"""The question whether it is solved is answered in words, as people do: a yes, a plus, a "thanks, that works", a no with more."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, claimed, resolved, talking

YES = [
    *(("uk", "так, дякую, вирішено"), ("uk", "ага, спрацювало)"), ("uk", "все ок 👌"), ("uk", "+")),
    *(("uk", "о, зайшла!! дякую величезне 🙏"), ("en", "I'm in now, thanks!")),
    *(("en", "yes it is ok now"), ("en", "thanks, that works"), ("en", "👍"), ("ru", "да, всё работает")),
]
NO = [
    ("uk", "ні, не працює"),
    ("en", "no, it's still the same"),
    ("ru", "нет, не помогло"),
    ("en", "👎"),
    ("uk", "не можу зайти"),
]
TRYING = [("uk", "зараз спробую"), ("en", "ok, let me try"), ("ru", "минутку, сейчас проверю")]


@pytest.mark.parametrize(("language", "words"), YES)
async def test_yes_confirms(desk: Desk, bob: Somebody, language: str, words: str):
    iryna = desk.requester("Iryna", language=language)
    await talking(iryna, bob)
    await resolved(bob, iryna)
    await iryna.says(words)
    await iryna.sees(said_in(language, "own.confirmed", ticket=1))
    await iryna.sees(said_in(language, "rate.ask"))
    await bob.sees("💬 Iryna", at=THREAD(1))
    await bob.sees("📁 #1", "closed", at=QUEUE)


@pytest.mark.parametrize(("language", "words"), NO)
async def test_no_opens_it_again_and_says_what_is_wrong(desk: Desk, bob: Somebody, language: str, words: str):
    iryna = desk.requester("Iryna", language=language)
    await talking(iryna, bob)
    await resolved(bob, iryna)
    await iryna.says(words)
    await iryna.sees(said_in(language, "own.reopened", ticket=1))
    await bob.sees("Iryna says it is not solved", at=THREAD(1))
    await bob.sees("💬 Iryna", words, at=THREAD(1))
    await bob.sees("open · Bob", at=QUEUE)


@pytest.mark.parametrize(("language", "words"), TRYING)
async def test_who_tries_first_answers_later(desk: Desk, bob: Somebody, language: str, words: str):
    iryna = desk.requester("Iryna", language=language)
    await talking(iryna, bob)
    await resolved(bob, iryna)
    await iryna.says(words)
    await iryna.sees(said_in(language, "own.trying", ticket=1))
    await bob.sees("💬 Iryna", words, at=THREAD(1))
    await bob.sees_nothing(at=QUEUE)
    await iryna.says("+")
    await iryna.sees(said_in(language, "own.confirmed", ticket=1))
    await iryna.sees(said_in(language, "rate.ask"))
    await bob.sees("💬 Iryna", "+", at=THREAD(1))
    await bob.sees("📁 #1", "closed", at=QUEUE)


async def test_a_yes_the_next_morning_still_confirms(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await resolved(bob, ann)
    await desk.passes(hours=20)
    await ann.says("yes, all good now, thank you!")
    await ann.sees("Thank you: request #1 is closed.")
    await ann.sees("How was it?")
    await bob.sees("💬 Ann", "all good now", at=THREAD(1))
    await bob.sees("📁 #1", at=QUEUE)


async def two(ann: Somebody, bob: Somebody) -> None:
    """Ann has two requests with Bob, and is asked whether the first is solved."""
    await talking(ann, bob)
    await asked(ann, "The printer eats paper", ticket=2)
    await claimed(bob, ann, ticket=2)
    await bob.says("/resolve 1 It is refunded", at=QUEUE)
    await bob.sees("#1 is resolved", at=QUEUE)
    await ann.sees("It is refunded")
    await ann.sees("Request #1 is resolved")
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)


async def test_a_yes_answers_the_question_and_not_the_other_request(desk: Desk, ann: Somebody, bob: Somebody):
    await two(ann, bob)
    await ann.says("yes it is ok now")
    await ann.sees("Thank you: request #1 is closed.")
    await ann.sees("How was it?")
    await bob.sees("💬 Ann", "yes it is ok now", at=THREAD(1))
    await bob.sees_nothing(at=THREAD(2))
    await bob.sees("📁 #1", at=QUEUE)


async def test_what_is_unclear_asks_which(desk: Desk, ann: Somebody, bob: Somebody):
    await two(ann, bob)
    await ann.says("yes, but it still eats the last page")
    which = ["#1 My card was charged twice", "#2 The printer eats paper"]
    await ann.sees("Which request is this about?", buttons=which)
    await bob.sees_nothing(at=THREAD(2))
    await ann.presses(which[1])
    await ann.sees("Added to request #2.", buttons=[])
    await bob.sees("💬 Ann", "the last page", at=THREAD(2))


ANOTHER = [
    ("en", "great thanks! one more thing – where do I park?"),
    ("uk", "супер, ще питання: де паркуватись?"),
    ("ru", "да, спасибо! еще один вопрос, где парковка?"),
]


@pytest.mark.parametrize(("language", "words"), ANOTHER)
async def test_what_says_that_it_is_another_matter_is_asked_nothing(
    desk: Desk, bob: Somebody, language: str, words: str
):
    iryna = desk.requester("Iryna", language=language)
    await talking(iryna, bob)
    await asked(iryna, ticket=2)
    await claimed(bob, iryna, ticket=2)
    await bob.says("/resolve 1 It is refunded", at=QUEUE)
    await bob.sees("#1 is resolved", at=QUEUE)
    await iryna.catches_up()
    for place in (QUEUE, THREAD(1), THREAD(2)):
        await bob.catches_up(at=place)
    await iryna.says(words)
    await iryna.sees(said_in(language, "talk.joined", ticket=2), buttons=[said_in(language, "talk.apart")])
    await bob.sees("💬 Iryna", words, at=THREAD(2))
    await bob.sees_nothing(at=QUEUE)


async def test_two_questions_at_once_ask_which(desk: Desk, ann: Somebody, bob: Somebody):
    await two(ann, bob)
    await bob.says("/r Did it jam today?", at=THREAD(2))
    await ann.sees("Did it jam today?")
    await bob.sees("✓ delivered", at=THREAD(2))
    await bob.catches_up(at=QUEUE)
    await ann.says("yes")
    which = ["#1 My card was charged twice", "#2 The printer eats paper"]
    await ann.sees("Which request is this about?", buttons=which)
    await ann.presses(which[0])
    await ann.sees("Thank you: request #1 is closed.", buttons=[])
    await ann.sees("How was it?")
    await bob.sees("💬 Ann", "yes", at=THREAD(1))
    await bob.sees("📁 #1", at=QUEUE)


async def test_thanks_alone_confirms_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await resolved(bob, ann)
    await ann.says("thanks!")
    await ann.sees("You're welcome!")
    await ann.says("/status 1")
    await ann.sees("resolved")
