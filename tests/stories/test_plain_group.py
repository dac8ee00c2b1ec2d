"""A group without topics: the replies under a request's card are its thread."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Somebody, needs
from tests.stories.harness.given import asked, resolved

pytestmark = needs(team=Capability.QUOTES)


@pytest.fixture
def house() -> House:
    return House(forum=False)


async def test_two_requests_in_their_reply_chains(desk: Desk, ann: Somebody, bob: Somebody):
    olha = desk.requester("Ольга", language="uk")
    await asked(ann, "Charged twice")
    await asked(olha, "Принтер жує папір", ticket=2)
    one = await bob.sees("#1", "Charged twice", at=QUEUE)
    two = await bob.sees("#2", "Принтер жує папір", at=QUEUE)
    await bob.presses("Claim", on=one)
    await ann.sees("Bob is on your request #1.")
    await bob.presses("Claim", on=two)
    await olha.sees("Вашою заявкою #2 займається Bob.")
    await bob.sees("#1", "open · Bob", at=QUEUE)
    await bob.sees("#2", "open · Bob", at=QUEUE)

    await ann.says("on Tuesday")
    theirs = await bob.sees("💬 Ann", "on Tuesday", at=THREAD(1), reply_to=one)
    await olha.says("на другому поверсі")
    hers = await bob.sees("💬 Ольга", "на другому поверсі", at=THREAD(2), reply_to=two)
    await bob.says("Йдемо", reply_to=hers)
    await olha.sees("Bob", "Йдемо", reply_to="на другому поверсі")
    await bob.sees("✓ delivered", at=QUEUE)
    await bob.says("/r Refunded", reply_to=one)
    await ann.sees("Bob", "Refunded")
    await bob.sees("✓ delivered", at=QUEUE)
    note = await bob.says("She is right", reply_to=one)
    await bob.catches_up(at=QUEUE)
    await bob.says("/r and sorry", reply_to=theirs)
    await ann.sees("and sorry", reply_to="on Tuesday")
    await bob.sees("✓ delivered", at=QUEUE)
    await bob.says("Yes, she is", reply_to=note)
    await ann.sees_nothing()
    await olha.sees_nothing()
    kept = await desk.records(lambda tx: [(said.kind, said.words["text"]) for said, _ in tx.talk.of(1)])
    assert ("note", "She is right") in kept
    assert ("note", "Yes, she is") in kept


async def test_to_the_end(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    card = await bob.sees("#1", at=QUEUE)
    await bob.presses("Reply", on=card)
    prompt = await bob.sees("@bob, reply to this message", at=THREAD(1))
    await bob.says("Which card?", reply_to=prompt)
    await ann.sees("Which card?")
    await bob.sees("✓ delivered", at=QUEUE)
    await bob.sees("open · Bob", at=QUEUE)
    await resolved(bob, ann)
    await ann.presses("Yes, it is solved")
    await ann.sees("closed")
    await ann.sees("How was it?")
