"""The guided dialog: back, cancel, skip, and a change before it is submitted."""

import pytest

from tests.stories.harness import LANGUAGES, QUEUE, Desk, House, Somebody, said_in
from tests.stories.harness.given import gave_up

TYPES = {"en": "Hardware", "uk": "Обладнання", "ru": "Оборудование"}


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: these stories are about the questions one by one."""
    return House(windows=False)


async def test_back_keeps_what_was_answered_until_it_is_answered_anew(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.says("/new")
    await ann.sees(
        "What is it about?",
        buttons=["Access", "Hardware", "Billing question", "Office supplies", "Something else", "Cancel"],
    )
    await ann.presses("Hardware")
    await ann.sees(
        "Step 2 of 5", "Which device?", buttons=["Computer", "Printer", "Phone", "Another one", "‹ Back", "Cancel"]
    )
    await ann.presses("‹ Back")
    await ann.sees("Step 1", "What is it about?")
    await ann.presses("Billing question")
    await ann.sees("Step 2 of 3", "What is your question?", buttons=["‹ Back", "Cancel"])
    await ann.says("Charged twice")
    await ann.sees("Step 3 of 3", "Contract number", "as on your invoice", buttons=["‹ Back", "Skip", "Cancel"])
    await ann.presses("‹ Back")
    await ann.sees("Step 2 of 3", "What is your question?")
    await ann.says("Charged three times")
    await ann.sees("Step 3 of 3", "Contract number")
    await ann.presses("Skip")
    await ann.sees("Please check", "Billing question", "Charged three times")
    await ann.presses("Submit")
    await ann.sees("Charged three times", buttons=[])
    await ann.sees("#1 is registered")
    await bob.sees("#1 Billing question", "Charged three times", at=QUEUE)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_cancelled_by_its_button_registers_nothing(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    await iryna.says("/new")
    await iryna.sees(said_in(language, "request.about"))
    await iryna.presses(TYPES[language])
    await iryna.sees(said_in(language, "form.step", step=2, steps=5))
    await iryna.presses(said_in(language, "form.cancel"))
    await iryna.sees(said_in(language, "form.cancelled"), buttons=[])
    await iryna.says("/my")
    await iryna.sees(said_in(language, "my.none"), buttons=[said_in(language, "button.new")])
    await bob.sees_nothing(at=QUEUE)


async def test_cancelled_by_the_command(desk: Desk, ann: Somebody):
    await ann.says("/cancel")
    await ann.sees("There is nothing to cancel.")
    await ann.says("/new")
    await ann.sees("What is it about?")
    await gave_up(ann)
    await ann.says("/cancel")
    await ann.sees("There is nothing to cancel.")


async def test_a_change_in_the_review_comes_back_to_the_review(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.presses("Billing question")
    await ann.sees("What is your question?")
    await ann.says("Charged twice")
    await ann.sees("Contract number")
    await ann.says("AB-1234")
    await ann.sees("Please check", "AB-1234")
    await ann.presses("Change: Contract number")
    await ann.sees("Contract number")
    await ann.says("CD-5678")
    await ann.sees("Please check", "Charged twice", "CD-5678")
    await ann.presses("Submit")
    await ann.sees("CD-5678", buttons=[])
    await ann.sees("#1 is registered")
    await bob.sees("CD-5678", at=QUEUE)


async def test_another_type_in_the_review_asks_its_own_questions(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.presses("Billing question")
    await ann.sees("What is your question?")
    await ann.says("The printer eats paper")
    await ann.sees("Contract number")
    await ann.presses("Skip")
    await ann.sees("Please check")
    await ann.presses("Change: What is it about?")
    await ann.sees("What is it about?")
    await ann.presses("Hardware")
    await ann.sees("Which device?")
    await ann.presses("Printer")
    await ann.sees("What happened?")
    await ann.says("It eats paper")
    await ann.sees("Where is it?")
    await ann.presses("Skip")
    await ann.sees("A photo helps a lot")
    await ann.presses("Skip")
    await ann.sees("Please check", "Hardware", "Printer", "It eats paper")
    await ann.presses("Submit")
    await ann.sees("Hardware", buttons=[])
    await ann.sees("#1 is registered")
    await bob.sees("#1 Hardware", "It eats paper", "Printer", at=QUEUE)


async def test_a_choice_may_be_typed(desk: Desk, ann: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.says("обладнання")
    await ann.sees("Which device?")
    await gave_up(ann)
