"""A deleted topic is made anew, with the card and the story at its head, whether anybody says so or not."""

from typing import Literal

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody, needs
from tests.stories.harness.given import resolves, talking

pytestmark = needs(team=Capability.TOPICS)
Mode = Literal["error", "silent"]


@pytest.mark.parametrize("mode", ["error", "silent"])
async def test_a_follow_up_finds_the_topic_gone(desk: Desk, ann: Somebody, bob: Somebody, mode: Mode):
    await talking(ann, bob)
    topic = desk.stage.team.topics[-1]
    desk.stage.team.delete_topic(topic.id, mode=mode)
    await ann.says("and again on Tuesday")
    card = await bob.sees("💬 #1", "open · Bob", at=THREAD(1))
    story = await bob.sees("💬 Ann", "My card was charged twice", at=THREAD(1))
    words = await bob.sees("💬 Ann", "and again on Tuesday", at=THREAD(1))
    assert int(card.id) < int(story.id) <= int(words.id)
    await bob.says("We see it", reply_to=words)
    await ann.sees("We see it", reply_to="and again on Tuesday")
    await bob.sees("✓ delivered", at=THREAD(1))
    assert len(desk.stage.team.topics) == 1


@pytest.mark.parametrize("mode", ["error", "silent"])
async def test_an_act_finds_the_topic_gone(desk: Desk, ann: Somebody, bob: Somebody, mode: Mode):
    await talking(ann, bob)
    desk.stage.team.delete_topic(desk.stage.team.topics[-1].id, mode=mode)
    await bob.presses(
        "Reply", at=None, on=next(line for line in desk.stage.lines(bob.native, QUEUE) if "#1" in line.text)
    )
    prompt = await bob.sees("@bob, reply to this message", at=QUEUE)
    await bob.says("We look into it", reply_to=prompt)
    await ann.sees("We look into it")
    await bob.sees("💬 #1", at=THREAD(1))
    await bob.sees("💬 Ann", "My card was charged twice", at=THREAD(1))
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))


def closed(desk: Desk) -> bool:
    return bool(desk.stage.team.topics[-1].closed)


async def test_the_icon_and_the_lock_follow_the_status(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    assert desk.stage.team.topics[-1].name == "#1 Ann · My card was charged twice"
    assert closed(desk) is False
    busy = desk.stage.team.topics[-1].icon
    await resolves(bob)
    await ann.sees("Request #1 is resolved")
    assert closed(desk) is True
    assert desk.stage.team.topics[-1].icon != busy
    await ann.presses("Reopen")
    await ann.sees("open again")
    await bob.sees("not solved", at=THREAD(1))
    assert closed(desk) is False
    assert desk.stage.team.topics[-1].icon == busy
