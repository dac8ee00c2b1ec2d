"""Somebody writes more than anybody can answer: nothing of it is lost, it is said once, and the others are served."""

import pytest

from bot.intake.turn_budget import BURST
from bot.intake.turn_budget import TURNS as A_MINUTE
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody
from tests.stories.harness.given import talking

TURNS = int(A_MINUTE * BURST)  # at once


@pytest.fixture
def house() -> House:
    """Return a desk that measures how much everybody does; elsewhere people do in a moment what takes them minutes."""
    return House(measured=True)


async def test_a_flood_into_a_request_is_kept_whole(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    words = [f"line of the log, number {n:03}" for n in range(2 * TURNS + 15)]
    for text in words:
        await ann.says(text)
    await ann.sees("You write faster than I can answer.")
    eve = desk.requester("Eve")
    await eve.says("hello")
    await eve.sees("Eve")
    await desk.passes(minutes=2)
    said = await desk.records(lambda tx: [str(one.words["text"]) for one, _ in tx.talk.of(1, 500)])
    assert [text for text in said if text.startswith("line of the log")] == words
    shown = "\n".join(line.text for line in desk.stage.lines(bob.native, THREAD(1)))
    assert [text for text in words if text not in shown] == []
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_questions_of_a_flood_become_one_request(desk: Desk, ann: Somebody, bob: Somebody):
    for n in range(TURNS + 5):
        await ann.says(f"strange question {n:03}")
    await desk.passes(minutes=1)
    answers = [line for line in desk.stage.lines(ann.native, None) if line.by_desk]
    assert len(answers) <= TURNS + 4
    await ann.presses("I still need a person")
    await ann.fills(type="Something else")
    await ann.sees("Request #1 is registered")
    said = await desk.records(lambda tx: [str(one.words["text"]) for one, _ in tx.talk.of(1, 500)])
    assert len(said) > 1  # what was heard together, each message by itself
    assert said == [f"strange question {n:03}" for n in range(TURNS + 5)][-len(said) :]
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)
