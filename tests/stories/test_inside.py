"""What stays inside says so: an agent sees at once that plain words in a thread went to nobody, and sends them after all."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Line, Somebody, needs, said_in
from tests.stories.harness.given import asked
from tests.stories.slips import ann, bob, eve, house, language, on_it

__all__ = ["ann", "bob", "eve", "house", "language"]

INSIDE = ("✍", "memo")


def now(desk: Desk, somebody: Somebody, line: Line) -> Line:
    """Return a line of the first thread as it is now."""
    return next(each for each in desk.stage.lines(somebody.native, THREAD(1)) if each.id == line.id)


async def test_plain_words_are_marked_and_the_first_of_a_day_tells_how_to_send(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await on_it(ann, bob)
    first = await bob.says("I see, one moment", at=THREAD(1))
    await bob.sees(bob.told("note.hint", at=THREAD(1), name="Ann"), at=THREAD(1))
    assert set(now(desk, bob, first).reactions) <= set(INSIDE)
    assert now(desk, bob, first).reactions
    second = await bob.says("The bank is slow today", at=THREAD(1))
    await bob.sees_nothing(at=THREAD(1))
    assert now(desk, bob, second).reactions
    await ann.sees_nothing()
    await desk.passes(days=1)
    await bob.catches_up(at=QUEUE)
    await ann.catches_up()
    await bob.catches_up(at=THREAD(1))
    await bob.says("Still waiting for the bank", at=THREAD(1))
    await bob.sees(bob.told("note.hint", at=THREAD(1), name="Ann"), at=THREAD(1))


async def test_what_was_meant_for_the_requester_is_sent_by_one_press(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    said = await bob.says("Which card was it?", at=THREAD(1))
    await desk.settles()
    await bob.presses(said_in(bob.language, "note.send", name="Ann"), at=THREAD(1))
    await ann.sees("Bob", "Which card was it?")
    await bob.sees(said_in(bob.language, "receipt.delivered"), at=THREAD(1))
    assert now(desk, bob, said).reactions == ()
    await ann.says("The blue one")
    await bob.sees("The blue one", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await ann.catches_up()
    kinds = await desk.records(lambda tx: [said.kind for said, _ in tx.talk.of(1)])
    assert kinds == ["follow_up", "reply", "follow_up"]


async def test_what_was_told_to_one_goes_after_a_minute(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    await bob.says("One moment", at=THREAD(1))
    hint = await bob.sees(bob.told("note.hint", at=THREAD(1), name="Ann"), at=THREAD(1))
    await desk.passes(minutes=2)
    gone = [line for line in desk.stage.lines(bob.native, THREAD(1)) if line.id == hint.id]
    assert all(line.passing for line in gone)


async def test_only_its_author_sends_a_note(desk: Desk, ann: Somebody, bob: Somebody, eve: Somebody):
    await on_it(ann, bob)
    await bob.says("He sounds odd, take care", at=THREAD(1))
    hint = await bob.sees(bob.told("note.hint", at=THREAD(1), name="Ann"), at=THREAD(1))
    await eve.presses_name(hint.names[0], hint)
    eve.sees_toast(said_in(eve.language, "refused.not_your_words"))
    await ann.sees_nothing()


@pytest.mark.parametrize("slip", ["/р", "/к", ".к", "!р"])
async def test_the_command_in_other_letters_is_understood(desk: Desk, ann: Somebody, bob: Somebody, slip: str):
    await on_it(ann, bob)
    await bob.says(f"{slip} Уже дивлюся", at=THREAD(1)) if slip[0] != "/" else desk.stage.says(
        bob.native, f" {slip} Уже дивлюся".strip(), THREAD(1), None
    )
    await ann.sees("Bob", "Уже дивлюся")
    await bob.sees(said_in(bob.language, "receipt.delivered"), at=THREAD(1))


async def test_letters_alone_send_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    for slip in ("р Уже дивлюся", "/ р Уже дивлюся", ".р Уже дивлюся", "/рука болить"):
        desk.stage.says(bob.native, slip, THREAD(1), None)
    await desk.settles()
    await ann.sees_nothing()
    await bob.catches_up(at=THREAD(1))


@needs(team=Capability.DELETIONS)
async def test_what_was_said_under_the_card_before_the_first_act_is_not_told_there_again(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await asked(ann)
    await bob.sees("#1", at=QUEUE)
    await bob.says("Is it the bank again?", at=THREAD(1))
    await bob.sees(bob.told("note.hint", at=THREAD(1), name="Ann"), at=THREAD(1))
    await bob.says("/r Which card was it?", at=THREAD(1))
    await ann.sees("Bob", "Which card was it?")
    receipt = await bob.sees(said_in(bob.language, "receipt.delivered"), at=THREAD(1))
    await bob.sees_nothing(at=THREAD(1))
    desk_said = [line for line in desk.stage.lines(bob.native, THREAD(1)) if line.by_desk and not line.passing]
    assert [line.id for line in desk_said if "Is it the bank again?" in line.text] == []
    assert receipt.id in {line.id for line in desk_said}
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)
