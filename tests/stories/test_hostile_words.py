"""Halves of letters, NUL and other things no database takes: they are heard like any words, and nobody waits behind them."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import talking

HALVES = "my \ud83d card \udc4d and \ud800"
HEARD = "my \ufffd card \ufffd and \ufffd"


async def test_they_are_heard_wherever_they_stand(desk: Desk, bob: Somebody):
    ann = desk.requester("An\ud83dn")
    await talking(ann, bob, HALVES)
    await bob.catches_up(at=QUEUE)
    card = next((line.text for line in desk.stage.lines(bob.native, QUEUE) if HEARD in line.text), "no card")
    assert "An\ufffdn" in card
    await ann.says(HALVES)
    await bob.sees(HEARD, at=THREAD(1))
    await bob.says(f"/r {HALVES}", at=THREAD(1))
    await ann.sees(HEARD)
    await ann.says("and on it goes")
    await bob.catches_up(at=THREAD(1))
    assert await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1)]) == [
        HEARD,
        HEARD,
        HEARD,
        "and on it goes",
    ]
