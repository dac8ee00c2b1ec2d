"""A wrong answer is told why and asked again; what was typed is not lost."""

import pytest

from tests.stories.harness import LANGUAGES, QUEUE, Desk, House, Somebody, said_in
from tests.stories.harness.given import gave_up


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: these stories are about the questions one by one."""
    return House(windows=False)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_wrong_answer_is_told_why_and_kept(desk: Desk, language: str):
    iryna = desk.requester("Iryna", language=language)
    await iryna.says("/new")
    await iryna.sees(said_in(language, "request.about"))
    await iryna.says("banana")
    await iryna.sees(
        said_in(language, "form.wrong.choice"),
        said_in(language, "form.typed", text="banana"),
        said_in(language, "request.about"),
    )
    await iryna.says("billing")
    await iryna.sees(said_in(language, "form.step", step=2, steps=3))
    await iryna.says("Charged twice")
    await iryna.sees(said_in(language, "form.step", step=3, steps=3))
    await iryna.says("no idea!")
    await iryna.sees(said_in(language, "form.wrong.pattern"), said_in(language, "form.typed", text="no idea!"))
    await iryna.says("AB-1234")
    await iryna.sees(said_in(language, "form.review"), "Charged twice", "AB-1234")
    await gave_up(iryna)


async def test_too_long_an_answer_names_the_limit(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.presses("Billing question")
    await ann.sees("What is your question?")
    await ann.says("xxx " * 1000)  # all that one message holds
    await ann.sees("Contract number")
    await ann.says("A" * 201)
    await ann.sees("That is 201 characters; at most 200 fit here.", "You wrote: AAA", "Contract number")
    await ann.says("AB-12345")
    await ann.sees("Please check", "xxx", "AB-12345")
    await ann.presses("Submit")
    await ann.sees("xxx", buttons=[])
    await ann.sees("#1 is registered")
    await bob.sees("xxx", at=QUEUE)


async def test_words_in_the_review_are_kept_and_the_review_is_shown_again(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.presses("Something else")
    await ann.sees("Tell us in your own words")
    await ann.says("The door squeaks")
    await ann.sees("Please check", "The door squeaks")
    await ann.says("on the second floor")
    await ann.sees("Please check", "The door squeaks", "on the second floor")
    await ann.presses("Submit")
    await ann.sees("on the second floor", buttons=[])
    await ann.sees("#1 is registered")
    await bob.sees("The door squeaks", "on the second floor", at=QUEUE)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_is_told_in_place_of_a_choice_is_part_of_the_request(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    await iryna.says("Kiosk 7 zlorps")
    await iryna.sees(said_in(language, "answer.unknown"))
    await iryna.presses(said_in(language, "answer.need"))
    await iryna.sees(said_in(language, "request.about"))
    await iryna.says("it zlorps since the storm yesterday")
    await iryna.sees(
        said_in(language, "form.wrong.choice"),
        said_in(language, "form.added", text="it zlorps since the storm yesterday"),
    )
    await iryna.says("other")
    await iryna.sees(said_in(language, "form.review"), "Kiosk 7 zlorps", "since the storm yesterday")
    await iryna.presses(said_in(language, "form.submit"))
    await iryna.sees("Kiosk 7 zlorps", buttons=[])
    await iryna.sees(said_in(language, "request.registered", ticket=1))
    await bob.sees("#1", "Kiosk 7 zlorps", "it zlorps since the storm yesterday", at=QUEUE)
