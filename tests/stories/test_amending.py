"""A request is amended by whoever made it, while it is worked on: they see what they answered, and give an answer anew."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import talking

LABEL = {"en": "Contract number", "uk": "Номер договору"}
BILLING = {"en": "Billing question", "uk": "Питання щодо оплати"}


async def with_contract(iryna: Somebody, bob: Somebody) -> None:
    """Iryna has a request with a contract number, and Bob is on it."""
    language = iryna.language
    await iryna.says("/new")
    await iryna.fills(type=BILLING[language], details="My card was charged twice", contract="AB-12345")
    await iryna.sees(said_in(language, "request.registered", ticket=1))
    await bob.presses("Claim", at=QUEUE)
    await iryna.catches_up()
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)


@pytest.mark.parametrize("language", LABEL)
async def test_an_answer_is_given_anew_and_the_team_reads_both(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    await with_contract(iryna, bob)
    await iryna.says("/status 1")
    await iryna.sees(LABEL[language], "AB-12345")
    await iryna.presses(said_in(language, "amend.button"))
    await iryna.sees(said_in(language, "amend.which", ticket=1))
    line = next(each for each in reversed(desk.stage.lines(iryna.native, None)) if each.buttons)
    label = next(each for each in line.buttons if LABEL[language][:8] in each)
    await iryna.presses(label)
    await iryna.fills(answer="AB-99999", review=False)
    await iryna.catches_up()
    await iryna.reads(said_in(language, "amend.done", field="\0", ticket=1).partition("\0")[2])
    await bob.sees("✏️ Iryna changed “Contract number”: AB-12345 → AB-99999", at=THREAD(1))
    await bob.sees("#1", "AB-99999", at=QUEUE)


async def test_what_is_wrong_is_asked_again(desk: Desk, ann: Somebody, bob: Somebody):
    await with_contract(ann, bob)
    await ann.says("/status 1")
    await ann.presses("Change…")
    line = next(each for each in reversed(desk.stage.lines(ann.native, None)) if each.buttons)
    await ann.presses(next(each for each in line.buttons if "Contract" in each))
    await ann.puts_off()
    await ann.catches_up()
    await bob.sees_nothing(at=THREAD(1))


async def test_nothing_is_changed_once_it_is_over(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.says("/status 1")
    card = await ann.sees("#1", buttons=["Change…", "Close my request"])
    await bob.says("/close 1", at=QUEUE)
    await bob.sees("#1 is closed.", at=QUEUE)
    await ann.sees("Request #1 is closed.")
    await ann.presses("Change…", on=card)
    ann.sees_toast("over")
