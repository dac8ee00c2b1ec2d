"""What became of a reply is told under it: delivered, failed with the reason and another try, uncertain."""

from datetime import timedelta

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody, needs
from tests.stories.harness.given import talking


async def test_delivered_stands_under_the_reply(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    reply = await bob.says("/r We look into it", at=THREAD(1))
    await ann.sees("We look into it")
    await bob.sees("✓ delivered", buttons=["Edit", "Delete"], at=THREAD(1), reply_to=reply)


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
    await bob.sees("✓ delivered", buttons=["Edit", "Delete"], at=THREAD(1), reply_to=reply)


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
    await bob.sees(fate, buttons=["Edit", "Delete"], at=THREAD(1))


async def test_what_may_have_arrived_is_said_once_more_and_then_its_agent_decides(
    desk: Desk, ann: Somebody, bob: Somebody
):
    """Where a messenger can be asked what it has, it comes once; where it cannot, twice at most."""
    await talking(ann, bob)
    twice = ann.can(Capability.DOUBT)
    trouble = desk.stage.trouble(ann.native)
    trouble.loses_every_answer()
    await bob.says("/r It is refunded", at=THREAD(1))
    await bob.says("/r Tomorrow at the latest", at=THREAD(1))
    await desk.passes(hours=2)
    said = [line.text.partition("\n")[2] for line in await ann.catches_up()]
    replies = ["It is refunded", "Tomorrow at the latest"]
    assert said == (sorted(replies * 2) if twice else replies)  # nothing is held up by what is not known
    trouble.ends()
    if not twice:
        for _ in replies:
            await bob.sees("✓ delivered", at=THREAD(1))
        return
    for _ in replies:
        await bob.sees("? perhaps not delivered", buttons=["Retry"], at=THREAD(1))
    await desk.passes(hours=48)
    await ann.sees_nothing()
    await bob.presses("Retry", at=THREAD(1))
    await ann.sees("Tomorrow at the latest")
    await bob.sees("? sent, but perhaps twice", at=THREAD(1))
    desk.lost_letters = 1


async def test_while_nobody_answers_nothing_is_said_again(desk: Desk, ann: Somebody, bob: Somebody):
    """An hour in which only proxies answer brings one doubt, not one for each try, and ends with the message."""
    await talking(ann, bob)
    trouble = desk.stage.trouble(ann.native)
    trouble.begins()
    await bob.says("/r It is refunded", at=THREAD(1))
    await bob.sees("⏳ queued", at=THREAD(1))
    await desk.passes(hours=5)
    trouble.ends()
    await desk.passes(minutes=6)
    await ann.sees("It is refunded")
    await ann.sees_nothing()
    await bob.catches_up(at=THREAD(1))


async def test_a_message_has_a_day_from_its_first_try(desk: Desk, ann: Somebody, bob: Somebody):
    """What was promised long ago and could not be tried until now is not given up at the first lost packet."""
    await talking(ann, bob)
    trouble = desk.stage.trouble(ann.native)
    trouble.makes_wait(3000)
    await bob.says("/r It is refunded", at=THREAD(1))
    await bob.sees("⏳ queued", at=THREAD(1))
    await desk.stops()
    desk.clock.set(desk.clock.now() + timedelta(days=3))
    await desk.starts()
    trouble.begins()
    await desk.passes(minutes=30)
    trouble.ends()
    await desk.passes(minutes=10)
    await ann.sees("It is refunded")
    await bob.catches_up(at=THREAD(1))


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
