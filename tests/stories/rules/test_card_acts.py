"""What an agent does from the card without a word of a command: tags, time, and what is no request at all."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed


class TestInEachLanguage:
    @pytest.fixture(params=["en", "uk", "ru"])
    def house(self, request: pytest.FixtureRequest) -> House:
        return House(team_language=request.param)

    async def test_tags_and_time_are_asked_for(self, desk: Desk, house: House):
        language = house.team_language
        bob, ann = desk.agent("Bob", language=language), desk.requester("Ann", language=language)

        def say(key: str, **facts: object) -> str:
            return said_in(language, key, **facts)

        await asked(ann)
        await claimed(bob, ann, language=language)
        here = QUEUE if bob.can(Capability.TOPICS) else THREAD(1)  # where it was asked
        assert {say("button.tag"), say("button.time")} <= {*await bob.unfolds(at=QUEUE)}
        await bob.presses(say("button.tag"), at=QUEUE)
        await bob.fills(at=here, tags="vip, refund", review=False)
        await bob.sees(say("tag.are", ticket=1, tags="#refund #vip"), at=THREAD(1))
        await bob.sees("#1", "#refund #vip", at=QUEUE)
        await bob.unfolds(at=QUEUE)
        await bob.catches_up(at=THREAD(1))
        await bob.presses(say("button.time"), at=QUEUE)
        await bob.fills(at=here, spent="1h 30m", review=False)
        await bob.sees(say("time.is", ticket=1, time="1h30m"), at=THREAD(1))
        await bob.sees("#1", "⏱ 1h30m", at=QUEUE)
        await bob.unfolds(at=QUEUE)
        await bob.catches_up(at=THREAD(1))
        await bob.presses(say("button.time"), at=QUEUE)
        await bob.fills(at=here, spent="a while", review=False)
        await bob.desk.settles()
        assert (await desk.records(lambda tx: tx.labelled.of(1))).minutes == 90
        for place in (QUEUE, THREAD(1)):
            await bob.catches_up(at=place)
        await bob.catches_up()


async def test_spam_is_closed_without_a_word(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann, "Buy my flat")
    assert "Spam" in await bob.unfolds(at=QUEUE)
    await bob.presses("Spam", at=QUEUE)
    bob.sees_toast("#1 is closed as spam; nobody was told.")
    await bob.sees("📁 #1", "#spam", at=QUEUE)
    await ann.sees_nothing()
    await desk.passes(days=4)
    await ann.sees_nothing()
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue closed #spam", at=QUEUE)
    await bob.sees(buttons=["📁 #1 Buy my flat"], at=QUEUE)
    await bob.says("/reopen 1", at=QUEUE)
    await ann.sees("#1")
    await bob.catches_up(at=QUEUE)


async def test_what_was_answered_is_no_spam(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await claimed(bob, ann)
    await bob.says("/r I look into it", at=THREAD(1))
    await ann.sees("I look into it")
    assert "Spam" not in await bob.unfolds(at=QUEUE)
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)
