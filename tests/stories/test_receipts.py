"""What became of a reply is told under it: delivered, failed with the reason and another try, uncertain."""

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody, needs
from tests.stories.harness.given import talking


async def test_delivered_stands_under_the_reply(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    reply = await bob.says("/r We look into it", at=THREAD(1))
    await ann.sees("We look into it")
    await bob.sees("✓ delivered", buttons=["Delete"], at=THREAD(1), reply_to=reply)


@needs(requesters=Capability.BLOCKING)
async def test_a_requester_who_stopped_the_bot_gets_it_when_they_are_back(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    ann.native.blocks()
    await bob.sees("Ann has stopped the bot: replies cannot be delivered", at=THREAD(1))
    await bob.sees("The requester has stopped the bot", at=QUEUE)
    reply = await bob.says("/r It is refunded", at=THREAD(1))
    await bob.sees(
        "✗ not delivered: the requester has stopped the bot", buttons=["Retry"], at=THREAD(1), reply_to=reply
    )
    await bob.presses("Retry", at=THREAD(1))
    bob.sees_toast("It will be tried again.")
    await bob.sees_nothing(at=THREAD(1))

    ann.native.unblocks()
    await bob.sees("Ann can be written to again.", at=THREAD(1))
    await bob.presses("Retry", at=THREAD(1))
    await ann.sees("Bob", "It is refunded")
    await bob.sees("✓ delivered", buttons=["Delete"], at=THREAD(1), reply_to=reply)


@needs(requesters=Capability.BLOCKING)
async def test_blocked_without_a_word_is_noticed_when_it_fails(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    desk.stage.of(ann.native).sandbox.faults.error(403, "Forbidden: bot was blocked by the user", chat=ann.native)
    await bob.says("/r It is refunded", at=THREAD(1))
    await bob.sees("✗ not delivered: the requester has stopped the bot", at=THREAD(1))
    await bob.sees("Ann has stopped the bot", at=THREAD(1))
    await bob.presses("Retry", at=THREAD(1))
    await ann.sees("It is refunded")
    await bob.sees("✓ delivered", at=THREAD(1))


async def test_after_a_broken_connection_it_is_looked_up_or_said_to_be_uncertain(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await talking(ann, bob)
    desk.stage.trouble(ann.native).loses_an_answer()
    await bob.says("/r It is refunded", at=THREAD(1))
    twice = ann.can(Capability.DOUBT)
    assert len(await ann.catches_up()) == (2 if twice else 1)
    fate = "? sent, but perhaps twice" if twice else "✓ delivered"
    await bob.sees(fate, buttons=["Delete"], at=THREAD(1))


async def test_queued_says_so_and_is_delivered_later(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    desk.stage.trouble(ann.native).makes_wait(30)
    await bob.says("/r It is refunded", at=THREAD(1))
    await bob.sees("⏳ queued", at=THREAD(1))
    await ann.sees_nothing()
    await desk.passes(seconds=31)
    await ann.sees("It is refunded")
    await bob.sees("✓ delivered", at=THREAD(1))


async def test_an_account_that_is_no_more(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    ann.native.vanishes()
    await bob.says("/r It is refunded", at=THREAD(1))
    await bob.sees("✗ not delivered: ", buttons=["Retry"], at=THREAD(1))
    desk.lost_letters = 1
