"""Before what cannot be unseen the desk asks once, and for half a minute it can be taken back."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.slips import ann, bob, eve, house, language, on_it

__all__ = ["ann", "bob", "eve", "house", "language"]


async def test_resolving_what_nobody_has_answered_is_asked_about(desk: Desk, ann: Somebody, bob: Somebody):
    say = bob.told
    await on_it(ann, bob)
    await bob.presses(say("button.resolve"), at=QUEUE)
    bob.sees_toast(say("resolve.unanswered", ticket=1, name="Ann"))
    await bob.sees("#1", buttons=[say("button.resolve_now"), say("button.reply"), say("form.back")], at=QUEUE)
    await ann.sees_nothing()
    await bob.presses(say("form.back"), at=QUEUE)
    await bob.sees("#1", at=QUEUE)
    await bob.says("/resolve", at=THREAD(1))
    await bob.sees(say("resolve.unanswered", ticket=1, name="Ann"), at=THREAD(1))
    await ann.sees_nothing()
    await bob.presses(say("button.resolve_now"), at=THREAD(1))
    await ann.sees("#1", buttons=[ann.told("button.confirm"), ann.told("button.reopen")])
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_who_has_answered_is_not_asked(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    await bob.says("/r Done", at=THREAD(1))
    await ann.sees("Done")
    await bob.presses(bob.told("button.resolve"), at=QUEUE)
    await ann.sees("#1", buttons=[ann.told("button.confirm"), ann.told("button.reopen")])
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_a_wrong_press_is_taken_back_within_half_a_minute(desk: Desk, ann: Somebody, bob: Somebody):
    say = bob.told
    await on_it(ann, bob)
    await bob.says("/r? Which card?", at=THREAD(1))
    await ann.sees("Which card?")
    await bob.catches_up(at=QUEUE)
    await bob.presses(say("button.resolve"), at=QUEUE)
    asking = await ann.sees("#1", buttons=[ann.told("button.confirm"), ann.told("button.reopen")])
    await desk.passes(seconds=20)
    await bob.presses(say("button.reopen"), at=QUEUE)
    bob.sees_toast(say("done.undone", ticket=1))
    card = await bob.reads("#1", "Bob", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    assert said_in(bob.language, "status.pending") in card.text  # as it stood
    await ann.sees_nothing()
    assert all(line.id != asking.id for line in desk.stage.lines(ann.native, None))
    await desk.passes(days=5)  # nothing closes by itself any more
    await bob.catches_up(at=THREAD(1))
    status = await desk.records(lambda tx: tx.tickets.get(1).status)
    assert status == "pending"
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)


async def test_after_that_reopening_is_told(desk: Desk, ann: Somebody, bob: Somebody):
    say = bob.told
    await on_it(ann, bob)
    await bob.says("/close 1", at=QUEUE)
    await ann.sees("#1")
    await desk.passes(minutes=1)
    await bob.presses(say("button.reopen"), at=QUEUE)
    await ann.sees(ann.told("told.reopened", ticket=1, summary="My card was charged twice"))
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_somebody_elses_slip_is_reopened_aloud(desk: Desk, ann: Somebody, bob: Somebody, eve: Somebody):
    await on_it(ann, bob)
    await bob.says("/close 1", at=QUEUE)
    await ann.sees("#1")
    await eve.presses(eve.told("button.reopen"), at=QUEUE)
    await ann.sees(ann.told("told.reopened", ticket=1, summary="My card was charged twice"))
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_a_note_is_left_after_the_end(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    await bob.says("/close 1", at=QUEUE)
    await ann.sees("#1")
    await bob.catches_up(at=QUEUE)
    await bob.presses(bob.told("button.note"), at=QUEUE)
    await bob.fills(text="It was the bank", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    notes = await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1) if said.kind == "note"])
    assert notes == ["It was the bank"]
    await ann.sees_nothing()
