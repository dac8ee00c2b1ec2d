"""Files may be sent at any step of the dialog, the first one included."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody


@pytest.fixture
def house() -> House:
    """Return a desk where no window opens: these stories are about the questions one by one."""
    return House(windows=False)


async def test_a_photo_before_any_word_comes_along(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.sends("photo", "It prints stripes")
    await ann.sees("I don't have an answer", buttons=["I still need a person"])
    await ann.presses("I still need a person")
    await ann.sees("What is it about?", "📎 1 file")
    await ann.presses("Hardware")
    await ann.sees("Which device?", "📎 1 file")
    await ann.presses("Printer")
    await ann.sees("Where is it?")
    await ann.presses("Skip")
    await ann.sees("A photo helps a lot", "📎 1 file")
    await ann.presses("Skip")
    await ann.sees("Please check", "It prints stripes", "📎 1 file")
    await ann.presses("Submit")
    await ann.sees("It prints stripes", buttons=[])
    await ann.sees("#1 is registered")
    await bob.sees("#1 Hardware", "It prints stripes", "📎 1 file", at=QUEUE)
    await bob.presses("Claim", at=QUEUE)
    await ann.sees("Bob is on your request")
    await bob.sees("#1", at=QUEUE)
    await bob.finds(1, "It prints stripes")
    await bob.sees("💬 Ann", at=THREAD(1), kind="photo")


async def test_files_at_any_step_are_counted(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.sends("document")
    await ann.sees("What is it about?", "📎 1 file")
    await ann.presses("Billing question")
    await ann.sees("What is your question?", "📎 1 file")
    await ann.sends("photo", "This invoice is wrong")
    await ann.sees("Contract number", "📎 2 files")
    await ann.sends_album("photo", "photo")
    await ann.sees("Contract number", "📎 4 files")
    await ann.presses("Skip")
    await ann.sees("Please check", "This invoice is wrong", "📎 4 files")
    await ann.sends("photo")
    await ann.sees("Please check", "📎 5 files")
    await ann.presses("Submit")
    await ann.sees("📎 5 files", buttons=[])
    await ann.sees("#1 is registered")
    await bob.sees("#1", "📎 5 files", at=QUEUE)


async def test_a_question_for_a_file_takes_a_file_and_nothing_else(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.says("/new")
    await ann.sees("What is it about?")
    await ann.presses("Hardware")
    await ann.sees("Which device?")
    await ann.presses("Printer")
    await ann.sees("What happened?")
    await ann.says("It eats paper")
    await ann.sees("Where is it?")
    await ann.presses("Skip")
    await ann.sees("A photo helps a lot", buttons=["‹ Back", "Skip", "Cancel"])
    await ann.says("I have none")
    await ann.sees("Please send a file, or press Skip.", "You wrote: I have none", "A photo helps a lot")
    await ann.says("it stands under a dripping pipe")  # tells something: that is kept
    await ann.sees(
        "Please send a file", "Added to what you told: it stands under a dripping pipe", "A photo helps a lot"
    )
    await ann.sends("photo")
    await ann.sees("Please check", "dripping pipe", "📎 1 file")
    await ann.presses("Submit")
    await ann.sees("dripping pipe", "📎 1 file", buttons=[])
    await ann.sees("#1 is registered")
    await bob.sees("#1 Hardware", "dripping pipe", "📎 1 file", at=QUEUE)
