"""Who is an agent, who left, and what becomes of their requests."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import asked, talking


async def test_who_leaves_the_team_gives_their_requests_back(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await talking(ann, bob)
    await bob.leaves()
    await eve.sees("#1", "nobody has it yet", at=QUEUE)
    await bob.says("/queue")
    await bob.sees("That is for: agent.")
    await eve.presses("Claim", at=QUEUE)
    await ann.sees("Eve is on your request #1.")


async def test_held_and_pending_ones_too_and_resolved_ones_stay(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await talking(ann, bob)
    await bob.says("/r? Which card?", at=THREAD(1))
    await ann.sees("Which card?")
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.leaves()
    await eve.sees("#1", "nobody has it yet", at=QUEUE)


async def test_who_joins_may_work_at_once(desk: Desk, ann: Somebody):
    await asked(ann)
    eve = desk.agent("Eve", outside=True)
    await eve.says("/queue")
    await eve.sees("That is for: agent.")
    await eve.joins()
    await eve.sees("#1", at=QUEUE)
    await eve.says("/queue")
    await eve.sees("1 ticket in the queue:")


async def test_an_agent_may_need_help_too(desk: Desk, bob: Somebody):
    eve = desk.agent("Eve")
    await asked(bob, "My chair is broken")
    await eve.sees("#1", "Bob @bob", at=QUEUE)
    await eve.presses("Claim", at=QUEUE)
    await bob.sees("Eve is on your request #1.")
    await eve.catches_up(at=THREAD(1))
    await bob.says("the left leg")
    theirs = await eve.sees("the left leg", at=THREAD(1))
    await eve.answers(theirs, "Coming")
    await bob.sees("Eve", "Coming")
    await eve.sees("✓ delivered", at=THREAD(1))
