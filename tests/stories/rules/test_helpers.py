"""Several hands: colleagues help with a request beside the agent who has it."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.ruled import present, ruled


async def rests(*people: Somebody, ticket: int = 1) -> None:
    """Everything else is read."""
    for somebody in people:
        await somebody.catches_up()
        if somebody.is_agent:
            await somebody.catches_up(at=QUEUE)
            await somebody.catches_up(at=THREAD(ticket))


async def at_work(desk: Desk, *agents: Somebody, language: str = "en") -> None:
    """Agents are there, and have opened their own chats with the bot."""
    await ruled(desk, desk={"team_language": language, "unclaimed_reminder": "9d"})
    await present(*agents)
    for agent in agents:
        await agent.starts()
    for agent in agents:
        await agent.catches_up()
        await agent.catches_up(at=QUEUE)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_colleague_helps_is_called_and_answers(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann = desk.requester("Ann", language=language)
    bob, eve = desk.agent("Bob", language=language), desk.agent("Eve", language=language)
    await at_work(desk, bob, eve, language=language)
    await asked(ann)
    await claimed(bob, ann, language=language)
    await bob.says("/with @eve", at=THREAD(1))
    await bob.reads(say("thread.helps", helper="Eve", name="Bob"), at=THREAD(1))
    await bob.reads("#1 ", say("card.helpers", names=["Eve"]), at=QUEUE)
    await eve.sees(say("notice.helps", name="Bob", ticket=1, summary="My card was charged twice"))
    await ann.sees_nothing()  # who helps is the team's own
    await ann.says("And the printer too")
    await bob.reads("And the printer too", "Bob", "Eve", at=THREAD(1))  # both are called
    await rests(bob, eve)
    await eve.says("/r Look at your card now", at=THREAD(1))
    await ann.sees("Look at your card now")
    assert "Bob" in (await bob.reads("#1 ", say("card.helpers", names=["Eve"]), at=QUEUE)).text  # and he has it still
    await rests(bob, eve)
    await eve.says("/mine")
    await eve.sees(say("queue.helped_only"))
    await bob.says("/queue with:@eve", at=QUEUE)
    await bob.reads(say("queue.title", n=1), at=QUEUE)
    await bob.says("/with 1 -@eve", at=QUEUE)
    await bob.reads(say("with.nobody", ticket=1), at=QUEUE)
    await eve.sees(say("notice.helps_no_more", name="Bob", ticket=1, summary="My card was charged twice"))
    await bob.says("/with 1 -@eve", at=QUEUE)
    await bob.reads(say("refused.no_helper", name="Eve", ticket=1), at=QUEUE)
    await bob.says("/with 1 me", at=QUEUE)
    await bob.reads(say("refused.has_it", name="Bob", ticket=1), at=QUEUE)
    await rests(bob, eve, ann)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_by_buttons_and_who_takes_it_helps_no_more(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann = desk.requester("Ann", language=language)
    bob, eve = desk.agent("Bob", language=language), desk.agent("Eve", language=language)
    await at_work(desk, bob, eve, language=language)
    await asked(ann)
    await claimed(bob, ann, language=language)
    await bob.presses(say("button.more"), at=QUEUE)
    await bob.presses(say("button.helpers"), at=QUEUE)
    await desk.settles()
    shown = next(line for line in desk.stage.lines(bob.native, QUEUE) if "☐ Eve" in line.buttons)
    names = dict(zip(shown.buttons, shown.names, strict=True))
    for _ in range(2):  # pressed twice, or by two agents at once: she helps once
        await bob.presses_name(names["☐ Eve"], shown)
        await bob.reads("#1 ", say("card.helpers", names=["Eve"]), at=QUEUE)
    assert await desk.records(lambda tx: len(tx.helpers.of(1))) == 1
    await eve.sees(say("notice.helps", name="Bob", ticket=1, summary="My card was charged twice"))
    await eve.says("/assign 1 @eve", at=QUEUE)
    await eve.presses(say("button.take_over"), at=QUEUE)
    await rests(bob, eve, ann)
    assert await desk.records(lambda tx: tx.helpers.of(1)) == []
    await eve.says("/with 1 @bob me", at=QUEUE)  # all of it or nothing: she has it herself
    await eve.reads(say("refused.has_it", name="Eve", ticket=1), at=QUEUE)
    assert await desk.records(lambda tx: tx.helpers.of(1)) == []
    await rests(bob, eve, ann)


async def test_who_leaves_the_team_stops_helping_and_hears_nothing_more(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await at_work(desk, bob, eve)
    await asked(ann)
    await claimed(bob, ann)
    await eve.says("/watch 1", at=QUEUE)
    await bob.says("/with 1 @eve", at=QUEUE)
    await rests(bob, eve)
    await eve.leaves()
    await rests(bob)
    assert not [line for line in desk.stage.lines(bob.native, QUEUE) if "#1 " in line.text and "🤝 with" in line.text]
    await ann.says("Nobody who left reads this")
    await bob.reads("Nobody who left reads this", at=THREAD(1))
    await eve.sees_nothing()
    await rests(bob, ann)
