"""A text that is longer than one message is one message, whatever the client has cut it into."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Somebody, needs
from tests.stories.harness.given import talking

LINE = "The card was charged again and again, and nobody at the bank knows why. "
FIRST, REST = (LINE * 60)[:4096].rstrip(), "And that is all that I know of it."


@needs(team=Capability.QUOTES)
async def test_an_agents_long_reply_arrives_whole(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says(f"/r {FIRST[:4000]}", at=THREAD(1))
    await bob.says(REST, at=THREAD(1))
    await desk.settles()
    lines = [line.text for line in desk.stage.lines(ann.native, None) if line.by_desk]
    assert REST in "\n".join(lines)
    kept = await desk.records(lambda tx: [(said.kind, said.words["text"]) for said, _ in tx.talk.of(1)])
    assert [kind for kind, text in kept if REST in text] == ["reply"]
    await ann.catches_up()
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_a_question_in_two_halves_is_asked_once(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.says(FIRST)
    await ann.says(REST)
    await ann.sees("I don't have an answer", buttons=["I still need a person"])
    await ann.sees_nothing()


class TestInAForm:
    @pytest.fixture
    def house(self) -> House:
        return House(windows=False)

    async def test_both_halves_answer_one_question(self, desk: Desk, ann: Somebody, bob: Somebody):
        await ann.says("/new")
        await ann.presses("Billing question")
        await ann.says(FIRST)
        await ann.says(REST)
        await ann.sees("Contract number")
        await ann.presses("Skip")
        await ann.catches_up()
        await ann.presses("Submit")
        await ann.catches_up()
        await bob.sees("#1", at=QUEUE)
        kept = await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1)])
        assert REST in "\n".join(kept)
