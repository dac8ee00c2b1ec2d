"""Who is affected, and whether they can work meanwhile: asked in plain words, and the priority follows."""

from typing import Any

import pytest

from storage.models import Priority
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import claimed
from tests.stories.rules.ruled import admin, changes_setting, present, ruled

ACCESS = {"en": "Access", "uk": "Доступ"}


async def asks_impact(desk: Desk, language: str, **sections: Any) -> None:
    """Let requests for access ask for impact and urgency."""
    newest = await desk.records(lambda tx: tx.rules.newest())
    assert newest is not None
    kinds = newest.data["types"]
    wanted = {"team_language": language, "unclaimed_reminder": "9d"}
    await ruled(desk, types={**kinds, "access": {**kinds["access"], "impact": True}}, desk=wanted, **sections)


async def filed(ann: Somebody, impact: str, urgency: str, ticket: int = 1) -> None:
    language = ann.language

    def say(key: str) -> str:
        return said_in(language, f"impact.{key}")

    await ann.says("/new")
    await ann.fills(
        type=ACCESS[language],
        system="Wiki",
        details="It asks again and again",
        impact=say(f"impact.{impact}"),
        urgency=say(f"urgency.{urgency}"),
    )
    await ann.sees(said_in(language, "request.registered", ticket=ticket))


async def priority(desk: Desk, ticket: int = 1) -> Priority:
    return await desk.records(lambda tx: tx.tickets.get(ticket).priority)


async def amends(desk: Desk, ann: Somebody, impact: str) -> None:
    """Ann says otherwise who is affected."""
    language = ann.language
    await ann.says("/status 1")
    await ann.presses(said_in(language, "amend.button"))
    await ann.sees(said_in(language, "amend.which", ticket=1))
    line = next(each for each in reversed(desk.stage.lines(ann.native, None)) if each.buttons)
    question = said_in(language, "impact.impact")
    await ann.catches_up()
    await ann.presses(next(each for each in line.buttons if question[:8] in each))
    await ann.fills(answer=said_in(language, f"impact.impact.{impact}"), review=False)
    await ann.catches_up()


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_the_priority_follows_and_an_agents_own_stays(desk: Desk, language: str):
    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    await present(bob)
    await asks_impact(desk, language)
    await filed(ann, "everybody", "stopped")
    assert await priority(desk) == Priority.URGENT
    told = [said_in(language, f"impact.{name}") for name in ("impact.everybody", "urgency.stopped")]
    await claimed(bob, ann, language=language)
    await bob.reads("🔥 #1", *told, at=QUEUE)
    await amends(desk, ann, "me")
    assert await priority(desk) == Priority.NORMAL  # it was the answers' own: it follows
    word = said_in(language, "priority.normal")
    await bob.reads(said_in(language, "impact.counted", name="Ann", priority=word), at=THREAD(1))
    await bob.says("/priority 1 low", at=QUEUE)
    await amends(desk, ann, "everybody")
    assert await priority(desk) == Priority.LOW  # an agent's own stays
    for at in (None, QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
    await ann.catches_up()


async def test_what_its_requester_says_counts_also_after_the_matrix_was_changed(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await present(bob)
    await asks_impact(desk, "en")
    await filed(ann, "me", "stopped")
    assert await priority(desk) == Priority.NORMAL
    await ruled(desk, impact={"me": {"stopped": "high"}})
    await amends(desk, ann, "everybody")
    assert await priority(desk) == Priority.URGENT
    await bob.catches_up(at=QUEUE)


class TestStepByStep:
    @pytest.fixture
    def house(self) -> House:
        return House(windows=False)

    @pytest.mark.parametrize("language", ["en", "uk"])
    async def test_an_admin_changes_what_follows(self, desk: Desk, language: str):
        bob = desk.agent("Bob", language=language)
        await admin(desk, bob)
        await changes_setting(bob, "impact", "impact_me", "works: high")
        rules = await desk.records(lambda tx: desk.app.book.follow(tx.rules))
        assert rules.impact["me"] == {"stopped": "normal", "with_difficulty": "low", "works": "high"}

    async def test_an_agent_who_corrects_it_has_it_counted_again(self, desk: Desk, ann: Somebody, bob: Somebody):
        await present(bob)
        await asks_impact(desk, "en", impact={"me": {"works": "high"}})
        await filed(ann, "me", "works")
        assert await priority(desk) == Priority.HIGH  # by this desk's own matrix
        await bob.says("/priority 1 low", at=QUEUE)
        await bob.catches_up(at=QUEUE)
        assert await priority(desk) == Priority.LOW
        await bob.starts()
        await bob.catches_up()
        await bob.says("/details 1")
        await bob.presses("Change: Who is affected?", on=await bob.sees("Please check"))
        await bob.presses("Everybody")
        await bob.presses("Submit")
        await bob.catches_up()
        assert await priority(desk) == Priority.NORMAL
        for at in (None, QUEUE, THREAD(1)):
            await bob.catches_up(at=at)
        await ann.catches_up()
