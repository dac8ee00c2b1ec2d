"""The private chat is a full seat for an agent: replies by number, receipts, cards that follow; and the window of a reply."""

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody, needs, said_in
from tests.stories.harness.given import asked
from tests.stories.slips import ann, bob, eve, house, language, on_it

__all__ = ["ann", "bob", "eve", "house", "language"]


async def read_all(*people: Somebody) -> None:
    """All there is, is read."""
    for each in people:
        await each.catches_up()
        if each.is_agent:
            await each.catches_up(at=QUEUE)
            await each.catches_up(at=THREAD(1))


async def test_a_reply_and_a_note_by_number(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    await bob.starts()
    await bob.catches_up()
    await bob.says("/r 1 We look into it")
    await ann.sees("Bob", "We look into it")
    here = None if bob.can(Capability.QUOTES) else THREAD(1)  # a command may be no message that stands there
    takes = [bob.told("button.edit"), bob.told("button.delete")]
    await bob.sees(bob.told("receipt.delivered"), buttons=takes, at=here)
    await bob.sees("Bob", "We look into it", at=THREAD(1))
    await bob.says("/note 1 She pays late")
    await bob.sees(bob.told("done.noted", ticket=1))
    await bob.sees("📝 Bob", "She pays late", at=THREAD(1))
    await ann.sees_nothing()
    await bob.presses(bob.told("button.delete"), at=here)
    await ann.sees_no("We look into it")
    await read_all(bob)
    await bob.says("/r We look into it")
    await bob.sees(bob.told("refused.which_thread", command="r"))


async def test_a_card_in_private_follows_its_request(desk: Desk, ann: Somebody, bob: Somebody, eve: Somebody):
    await asked(ann)
    await eve.starts()
    await eve.catches_up()
    await bob.sees("#1", at=QUEUE)
    await eve.says("/back", at=QUEUE)
    await eve.catches_up(at=QUEUE)
    await eve.says("/card 1")
    card = await eve.sees("#1", said_in(eve.language, "status.new"))
    await bob.presses(said_in(bob.language, "button.claim"), at=QUEUE)
    await ann.sees(ann.told("told.claimed", agent="Bob", ticket=1))
    changed = await eve.sees("#1", "Bob")
    assert changed.id == card.id
    assert said_in(eve.language, "button.claim") not in changed.buttons
    await read_all(bob)


async def test_words_that_were_sent_are_changed_by_their_receipt(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    await bob.says("/r It comes on Monday", at=THREAD(1))
    shown = await ann.sees("It comes on Monday")
    receipt = await bob.sees(bob.told("receipt.delivered"), at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.presses(bob.told("button.edit"), on=receipt)
    await bob.fills(text="It comes on Tuesday", at=THREAD(1))
    changed = await ann.sees("It comes on Tuesday")
    assert changed.id == shown.id
    await bob.sees("✏️ Bob", "It comes on Tuesday", "It comes on Monday", at=THREAD(1))
    await read_all(bob)


@needs(team=Capability.WINDOWS)
async def test_the_window_of_a_reply_waits_for_an_answer(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    await bob.presses(bob.told("button.reply"), at=QUEUE)
    await bob.fills(text="Which card was it?", wait="wait")
    await ann.sees("Which card was it?")
    await bob.sees("⏳ #1", at=QUEUE)
    await read_all(bob)


async def test_whoever_helped_last_is_offered_the_next_request(desk: Desk, ann: Somebody, bob: Somebody, eve: Somebody):
    await on_it(ann, bob)
    await bob.starts()
    await bob.says("/close 1", at=QUEUE)
    await read_all(ann, bob)
    await asked(ann, "It is there again", ticket=2)
    offered = await bob.sees(bob.told("offer.again", ticket=2, name="Ann", summary="It is there again"))
    await bob.presses(bob.told("button.claim"), on=offered)
    await ann.sees(ann.told("told.claimed", agent="Bob", ticket=2))
    await read_all(bob)
    await bob.catches_up(at=THREAD(2))


async def test_taking_what_a_colleague_has_is_asked_about_and_told(
    desk: Desk, ann: Somebody, bob: Somebody, eve: Somebody
):
    await on_it(ann, bob)
    await bob.starts()
    await eve.says("/back", at=QUEUE)
    await read_all(bob, eve)
    await eve.says("/assign 1 @eve", at=QUEUE)
    await eve.sees(eve.told("assign.take_over", ticket=1, agent="Bob"), at=QUEUE)
    await ann.sees_nothing()
    await eve.presses(eve.told("button.take_over"), at=QUEUE)
    await ann.sees(ann.told("told.assigned", agent="Eve", ticket=1))
    await bob.sees(bob.told("notice.taken_from", ticket=1, summary="My card was charged twice", name="Eve"))
    await read_all(bob, eve)
    await bob.says("/away", at=QUEUE)
    await read_all(bob, eve)
    await eve.says("/assign 1 @bob", at=QUEUE)
    await eve.sees(eve.told("done.assigned_away", ticket=1, agent="Bob"), at=QUEUE)
    await read_all(ann, bob, eve)


async def test_whoever_has_it_is_called_by_name(desk: Desk, ann: Somebody, bob: Somebody):
    await on_it(ann, bob)
    await ann.says("It was on Monday")
    posted = await bob.sees("It was on Monday", "@Bob", at=THREAD(1))
    assert posted.text.count("@Bob") == 1
    await bob.starts()
    await bob.catches_up()
    await bob.says("/notify")
    await bob.presses(bob.told("notify.on", event=bob.told("event.follow_up")))
    await bob.catches_up()
    await ann.says("And again on Tuesday")
    posted = await bob.sees("And again on Tuesday", at=THREAD(1))
    assert "@Bob" not in posted.text
    await read_all(bob)
