"""A half-filled dialog survives a restart, gives way to commands and other buttons, and goes on where it was."""

import pytest

from tests.stories.harness import LANGUAGES, QUEUE, Desk, House, Somebody, said_in
from tests.stories.harness.given import gave_up


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: these stories are about the questions one by one."""
    return House(windows=False)


async def test_a_restart_in_the_middle_loses_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.presses("Billing question")
    await ann.sees("What is your question?")
    await desk.restarts()
    await ann.says("Charged twice")
    await ann.sees("Contract number")
    await desk.restarts()
    await ann.presses("Skip")
    await ann.sees("Please check", "Charged twice")
    await desk.restarts()
    await ann.presses("Submit")
    await ann.sees("Charged twice", buttons=[])
    await ann.sees("#1 is registered")
    await bob.sees("#1", at=QUEUE)


async def test_what_is_said_while_the_desk_is_closed_is_heard_when_it_opens(desk: Desk, ann: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await desk.stops()
    await ann.says("billing")
    await desk.starts()
    await ann.sees("What is your question?")
    await gave_up(ann)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_it_gives_way_to_a_command_and_is_continued(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    await iryna.says("/new")
    await iryna.sees(said_in(language, "request.about"))
    await iryna.says("billing")
    await iryna.sees(said_in(language, "form.step", step=2, steps=3))
    await iryna.says("/help")
    await iryna.sees(said_in(language, "doing.form", form=said_in(language, "request.title")))
    await iryna.says("/new")
    await iryna.sees(
        said_in(language, "form.unfinished"),
        buttons=[said_in(language, "form.resume"), said_in(language, "form.anew")],
    )
    await iryna.presses(said_in(language, "form.resume"))
    await iryna.sees(said_in(language, "form.step", step=2, steps=3))
    await iryna.says("Charged twice")
    await iryna.sees(said_in(language, "form.step", step=3, steps=3))
    await iryna.presses(said_in(language, "form.skip"))
    await iryna.sees(said_in(language, "form.review"), "Charged twice")
    await iryna.presses(said_in(language, "form.submit"))
    await iryna.sees("Charged twice", buttons=[])
    await iryna.sees(said_in(language, "request.registered", ticket=1))
    await bob.sees("#1", at=QUEUE)


async def test_words_after_a_command_are_no_answer_to_the_form(desk: Desk, ann: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.presses("Billing question")
    await ann.sees("What is your question?")
    await ann.says("/my")
    await ann.sees("You have no requests yet.")
    await ann.says("Where is the cafeteria?")
    await ann.sees("I don't have an answer to that yet.")


async def test_the_buttons_of_a_waiting_dialog_still_work(desk: Desk, ann: Somebody):
    await ann.says("/new")
    card = await ann.sees("What is it about?")
    await ann.says("/language")
    await ann.sees("Which language shall we use?", buttons=["English", "Українська", "Русский"])
    await ann.presses("Billing question", on=card)
    await ann.sees("What is your question?")
    await ann.says("Charged twice")
    await ann.sees("Contract number")
    await gave_up(ann)


async def test_started_over_begins_empty(desk: Desk, ann: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.presses("Billing question")
    await ann.sees("What is your question?")
    await ann.says("/new")
    await ann.sees("You have an unfinished request here.")
    await ann.presses("Start over")
    await ann.sees("What is it about?")
    await gave_up(ann)


async def test_the_language_changed_in_the_middle_of_a_dialog(desk: Desk, ann: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.says("/language uk")
    await ann.sees("Тепер говоримо")
    ann.language = "uk"
    await ann.presses("Billing question")
    await ann.sees("Крок 2 з 3", "Яке у вас питання?")
    await ann.presses("Скасувати")
    await ann.sees("Скасовано")
