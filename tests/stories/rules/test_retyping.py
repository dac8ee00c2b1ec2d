"""A request that came under the wrong type is given the right one: its workflow, its targets and its group follow."""

import pytest

from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed
from tests.stories.rules.ruled import account, clock, present, ruled

TITLES = {"en": "Hardware", "uk": "Обладнання", "ru": "Оборудование"}


class TestInEachLanguage:
    @pytest.fixture(params=["en", "uk", "ru"])
    def house(self, request: pytest.FixtureRequest) -> House:
        return House(team_language=request.param)

    async def test_it_goes_on_in_the_workflow_of_its_type(self, desk: Desk, house: House):
        language = house.team_language
        bob, ann = desk.agent("Bob", language=language), desk.requester("Ann", language=language)

        def say(key: str, **facts: object) -> str:
            return said_in(language, key, **facts)

        await asked(ann, "Принтер не друкує")
        await claimed(bob, ann, language=language)
        assert say("button.retype") in await bob.unfolds(at=QUEUE)
        await bob.presses(say("button.retype"), at=QUEUE)
        await bob.presses(TITLES[language], at=QUEUE)
        bob.sees_toast(say("done.retyped", ticket=1, type=TITLES[language]))
        repaired = {"en": "→ Being repaired", "uk": "→ Ремонтуємо", "ru": "→ Ремонтируем"}[language]
        card = await bob.sees(f"#1 {TITLES[language]}", "Принтер не друкує", "Bob", at=QUEUE)
        assert repaired in card.buttons
        await bob.catches_up(at=THREAD(1))
        await ann.sees_nothing()  # it is the team's matter, unless the rules say otherwise
        await bob.says(f"/retype 1 {TITLES[language].lower()}", at=QUEUE)
        await bob.sees(say("refused.of_type", ticket=1, type=TITLES[language]), at=QUEUE)
        await bob.says("/history 1", at=QUEUE)
        await bob.catches_up(at=QUEUE)
        ticket = await desk.records(lambda tx: tx.tickets.get(1))
        assert (ticket.status, ticket.kind) == ("diagnosing", "open")


async def test_it_comes_to_the_group_and_the_targets_of_its_type(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await present(bob, eve)
    newest = await desk.records(lambda tx: tx.rules.newest())
    assert newest is not None
    kinds = newest.data["types"]
    await ruled(
        desk,
        desk={"unclaimed_reminder": "9d", "time_zone": "Europe/Kyiv"},
        sla={"standard": {"first_response": "4h"}, "quick": {"first_response": "30m"}},
        groups={"workshop": {"title": "Workshop", "members": [account(eve)], "take": "round_robin"}},
        types={**kinds, "hardware": {**kinds["hardware"], "group": "workshop", "sla": "quick"}},
    )
    await asked(ann)
    await claimed(bob, ann)
    await desk.passes(minutes=10)
    await bob.says("/retype 1 hardwear", at=QUEUE)
    await ann.sees(said_in("en", "told.assigned", agent="Eve", ticket=1))
    await bob.sees("#1 Hardware", "Group: Workshop", "⏱ first response by", clock(desk, "11:30"), "Eve", at=QUEUE)
    for agent in (bob, eve):
        await agent.catches_up()
        for place in (QUEUE, THREAD(1)):
            await agent.catches_up(at=place)
    await bob.says("/retype 1 billing", at=QUEUE)
    await bob.sees(said_in("en", "refused.other_group", ticket=1, group="Workshop"), at=QUEUE)
    await eve.says("/retype 1 parking", at=QUEUE)
    await eve.sees("There is no request type “parking”", "Billing question", at=QUEUE)
    await eve.says("/retype 1 billing", at=QUEUE)  # which names no group: it stays theirs
    await eve.sees("#1 Billing question", "Group: Workshop", clock(desk, "15:00"), at=QUEUE)
    await eve.catches_up(at=QUEUE)


async def test_what_is_over_stays_what_it_was(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await bob.says("/close 1", at=QUEUE)
    await ann.catches_up()
    await bob.catches_up(at=QUEUE)
    await bob.says("/retype 1 hardware", at=QUEUE)
    await bob.sees("is not possible while the request is closed", at=QUEUE)
    assert await desk.records(lambda tx: tx.requests.type_name(tx.tickets.get(1).request_type_id)) == "billing"


async def test_whose_request_goes_with_its_type_or_in_a_list_is_told(desk: Desk, ann: Somebody, bob: Somebody):
    eve, dan = desk.agent("Eve"), desk.agent("Dan")
    await present(bob, eve, dan)
    await eve.starts()
    kinds = (await desk.records(lambda tx: tx.rules.newest())).data["types"]  # type: ignore[union-attr]
    await ruled(
        desk,
        desk={"team_language": "en", "unclaimed_reminder": "9d"},
        groups={"workshop": {"title": "Workshop", "members": [account(dan)]}},
        types={**kinds, "hardware": {**kinds["hardware"], "group": "workshop"}},
        roles={"seniors": [account(bob)]},
    )
    summary = "My card was charged twice"
    for number in (1, 2):
        await asked(ann, summary, ticket=number)
        await bob.says(f"/assign {number} @eve", at=QUEUE)
    await eve.catches_up()
    await bob.says("/retype 1 hardware", at=QUEUE)
    await eve.sees(said_in("en", "notice.taken_from", ticket=1, summary=summary, name="Bob"))
    assert await desk.records(lambda tx: tx.tickets.get(1).agent_id) is None
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue billing", at=QUEUE)
    await bob.says("/bulk assign @dan", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    asking = [line for line in desk.stage.lines(bob.native, QUEUE) if line.buttons][-1]
    await bob.presses_name(asking.names[0], asking)
    await desk.passes(seconds=5)
    await eve.sees(said_in("en", "notice.taken_from", ticket=2, summary=summary, name="Bob"))
    for somebody in (ann, bob, eve, dan):
        await somebody.catches_up()
        if somebody is not ann:
            for place in (QUEUE, THREAD(1), THREAD(2)):
                await somebody.catches_up(at=place)
