"""Two agents press Claim at once: one has it, the other is told who."""

import asyncio

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import asked


async def test_one_wins_and_the_other_is_told_who(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await asked(ann)
    card = await bob.sees("#1", at=QUEUE)
    await asyncio.gather(bob.presses_name(card.names[0], card), eve.presses_name(card.names[0], card))
    toasts = {agent.name: desk.stage.toasts(agent.native)[-1] for agent in (bob, eve)}
    winner, loser = ("Bob", "Eve") if toasts["Bob"] == "#1 is yours." else ("Eve", "Bob")
    assert toasts == {winner: "#1 is yours.", loser: f"{winner} already has #1."}
    await ann.sees(f"{winner} is on your request #1.")
    await ann.sees_nothing()
    await bob.sees(f"open · {winner}", at=QUEUE)
    await bob.finds(1)
    claims = await desk.records(lambda tx: [e.name for e in tx.story.entries(1) if e.action == "claim"])
    assert claims == [winner]


async def test_a_second_claim_of_ones_own_says_so(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    card = await bob.sees("#1", at=QUEUE)
    await bob.presses("Claim", on=card)
    await ann.sees("Bob is on your request #1.")
    await bob.presses_name(card.names[0], card)
    bob.sees_toast("#1 is yours already.")
    await bob.catches_up(at=THREAD(1))
