"""Who is on duty is called by name on a new request of their group, and gets it where the rules say so."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.clock import MONDAY
from tests.stories.harness import QUEUE, THREAD, Desk, Line, Somebody, said_in
from tests.stories.harness.given import asked
from tests.stories.rules.ruled import account, present, ruled


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_whoever_is_on_duty_is_called_and_hands_over(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    eve = desk.agent("Eve", language=language)
    await present(bob, eve)
    group = {"title": "Billing", "keywords": ["card"]}
    now = desk.clock.now()
    rota = {
        "title": {"en": "Billing duty", "uk": "Черга оплати"},
        "group": "billing",
        "people": [account(bob), account(eve)],
        "every": "day",
        "begins": (now - timedelta(days=1)).date().isoformat(),
        "at": f"{now:%H:%M}",
    }
    general = {"team_language": language, "unclaimed_reminder": "9d"}
    await ruled(desk, desk=general, groups={"billing": group})
    await bob.says("/rota", at=QUEUE)
    await bob.reads(say("refused.no_rota"), at=QUEUE)
    await ruled(desk, desk=general, groups={"billing": group}, rota={"billing": rota})
    await asked(ann)
    card = await bob.reads("#1 ", say("card.on_duty"), "Eve", at=QUEUE)
    assert "Bob" not in card.text
    await bob.says("/rota", at=QUEUE)
    shown = await bob.reads(say("rota.title"), rota["title"][language], at=QUEUE)  # type: ignore[index]
    assert shown.text.index("Eve") < shown.text.index("Bob")
    await bob.says("/claim 1", at=QUEUE)
    assert say("card.on_duty") not in (await bob.reads("#1 ", "Bob", at=QUEUE)).text
    for somebody in (bob, eve):
        await somebody.catches_up(at=QUEUE)
    await desk.passes(days=1, minutes=1)
    await ruled(desk, desk=general, groups={"billing": {**group, "take": "on_duty"}}, rota={"billing": rota})
    await asked(ann, "My card was charged again", ticket=2)
    await bob.reads("#2 ", "Bob", at=QUEUE)  # it is his turn, and the request is his
    assert await desk.records(lambda tx: tx.tickets.name(tx.tickets.get(2).agent_id or 0)) == "Bob"
    for somebody in (ann, bob, eve):
        await somebody.catches_up()
        if somebody.is_agent:
            for at in (QUEUE, THREAD(1), THREAD(2)):
                await somebody.catches_up(at=at)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_duty_is_changed_for_a_while_and_swapped_when_the_other_agrees(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    bob, eve = desk.agent("Bob", language=language), desk.agent("Eve", language=language)
    await present(bob, eve)
    for one in (bob, eve):
        await one.starts()
        await one.catches_up()
    now = desk.clock.now()
    rota = {
        "title": {"en": "Billing duty", "uk": "Черга оплати"},
        "group": "billing",
        "people": [account(bob), account(eve)],
        "every": "day",
        "begins": now.date().isoformat(),
        "at": f"{now:%H:%M}",
    }
    general = {"team_language": language, "unclaimed_reminder": "9d"}
    groups = {"billing": {"title": "Billing"}}
    await ruled(desk, desk=general, groups=groups, rota={"billing": rota}, roles={"seniors": [account(bob)]})

    async def duty() -> list[str]:
        """Return who is on duty as /rota tells it now."""
        await bob.catches_up()
        await bob.says("/rota")
        shown = (await bob.sees(say("rota.title"))).text.splitlines()
        return [name for name in ("Bob", "Eve") if name in shown[2]]

    assert await duty() == ["Bob"]
    soon = f"{now + timedelta(hours=1):%H:%M}-{now + timedelta(hours=3):%H:%M}"
    await eve.says(f"/rota override {soon} @eve")
    await eve.catches_up()  # only senior agents may
    for unclear in (f"{soon} — @eve", "31.12 - @eve"):  # not she, or she?
        await bob.says(f"/rota override {unclear}")
        await bob.sees(say("refused.usage", usage="~").partition("~")[0], "-@bob")
    await bob.says(f"/rota override {soon} @eve")
    await bob.sees(say("rota.title"), "#1 ", "Eve")
    await eve.sees(say("rota.told", name="Bob", rota=rota["title"]), "#1 ")
    assert await duty() == ["Bob"]
    await desk.passes(hours=1, minutes=1)
    assert await duty() == ["Eve"]
    await bob.says("/rota override 1 off")
    await bob.sees(say("rota.override_off", number=1))
    await eve.sees(say("rota.told", name="Bob", rota=rota["title"]), say("rota.override_off", number=1))
    assert await duty() == ["Bob"]
    await bob.says("/rota override 1 off")
    await bob.sees(say("refused.no_override", number=1))
    await bob.says("/rota swap @eve")  # his next is the day after tomorrow, hers tomorrow
    await bob.catches_up()
    question = await eve.sees("Bob", say("rota.swap_ask", name="", rota=rota["title"], mine="", theirs="")[:3].strip())
    assert await duty() == ["Bob"]
    for _ in range(2):  # pressed twice it is agreed to once
        await eve.presses_name(question.names[0], question)
    await eve.catches_up()
    await bob.sees(say("rota.swapped", name="Eve", asker="Bob", mine="~", theirs="~").partition("~")[0])
    await desk.passes(days=1)
    assert await duty() == ["Bob"]  # it would have been Eve
    await desk.passes(days=1)
    assert await duty() == ["Eve"]
    await bob.catches_up()
    await eve.catches_up()


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_the_card_calls_who_is_there_when_a_request_comes_to_the_group(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann = desk.requester("Ann", language=language)
    bob, eve, dan = (desk.agent(name, language=language) for name in ("Bob", "Eve", "Dan"))
    await present(bob, eve, dan)
    now = desk.clock.now()
    opens, closes = now - timedelta(hours=1), now + timedelta(hours=5)
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), f"{opens:%H:%M}-{closes:%H:%M}")
    rota = {
        "title": "Duty",
        "group": "billing",
        "people": [account(bob), account(eve)],
        "every": "day",
        "begins": now.date().isoformat(),
        "at": f"{now:%H:%M}",
        "hours": "office",
    }
    general = {"team_language": language, "unclaimed_reminder": "9d", "idle_reminder": "9d"}
    groups = {"billing": {"title": "Billing", "keywords": ["invoice"]}}
    await ruled(desk, desk=general, hours={"office": {"zone": "UTC", "week": week}}, groups=groups, rota={"duty": rota})

    def is_now(name: str, shown: str) -> bool:
        """Return whether somebody is on duty until the office closes, and not until the hand-over of tomorrow."""
        line = shown.splitlines()[2]
        return name in line and any(f"{closes:{shape}}" in line for shape in ("%H:%M", "%-I:%M %p"))

    async def tells_rota() -> str:
        await dan.catches_up(at=QUEUE)
        await dan.says("/rota", at=QUEUE)
        return (await dan.reads(say("rota.title"), at=QUEUE)).text

    async def asks(question: str, ticket: int) -> str:
        await dan.catches_up(at=QUEUE)
        await asked(ann, question, ticket=ticket)
        return (await dan.reads(f"#{ticket} ", at=QUEUE)).text

    assert say("card.on_duty") not in await asks("My card was charged twice", 1)
    assert is_now("Bob", await tells_rota())
    await desk.passes(days=1)
    await dan.catches_up(at=QUEUE)
    await dan.says("/escalate 1 billing", at=QUEUE)
    assert "@Eve" in (await dan.reads(say("card.on_duty"), at=QUEUE)).text  # it was Bob's day when it was made
    await eve.says("/away", at=QUEUE)
    await dan.reads("#1 ", "@Bob", at=QUEUE)  # what waits calls whoever stands in
    assert "@Bob" in await asks("Where is my invoice?", 2)
    shown = await tells_rota()
    assert is_now("Bob", shown)
    assert say("rota.absent", name=["Eve"]) in shown
    await bob.leaves()
    await dan.reads("#1 ", say("card.nobody_on_duty"), at=QUEUE)
    await dan.catches_up(at=QUEUE)
    assert say("card.nobody_on_duty") in await asks("The invoice is wrong", 3)
    shown = await tells_rota()
    assert say("rota.nobody_now") in shown
    assert say("rota.absent", name=["Eve"]) in shown
    await eve.says("/back", at=QUEUE)
    assert "@Eve" in await asks("The invoice again", 4)
    await desk.passes(days=1)  # Bob's day, who has left
    shown = await tells_rota()
    assert is_now("Eve", shown)
    assert say("rota.absent", name=[f"Bob {say('rota.left')}"]) in shown
    for somebody in (ann, bob, eve, dan):
        await somebody.catches_up()
        if somebody.is_agent:
            for at in (QUEUE, *map(THREAD, range(1, 5))):
                await somebody.catches_up(at=at)


async def greeted(*team: Somebody) -> None:
    """Let agents be seen at work, each with a chat of their own with the bot."""
    await present(*team)
    for one in team:
        await one.starts()
        await one.catches_up()


def day_by_day(desk: Desk, *people: Somebody) -> dict[str, object]:
    """Return a rota whose shifts are handed over each day at the time it is now."""
    now = desk.clock.now()
    begins = {"every": "day", "begins": now.date().isoformat(), "at": f"{now:%H:%M}"}
    return {"title": "Duty", "group": "billing", "people": [account(one) for one in people], **begins}


def told(key: str, **facts: object) -> str:
    """Return what is said in English, until the first thing that each messenger writes in its own way."""
    times = dict.fromkeys(("mine", "theirs", "until"), "~")
    return said_in("en", key, **times, **facts).partition("~")[0].partition("/")[0]


async def test_a_swap_ends_with_whoever_leaves_the_team_and_they_read_nothing_more(desk: Desk):
    bob, eve, dan = team = [desk.agent(name) for name in ("Bob", "Eve", "Dan")]
    await greeted(*team)
    now, rota = desk.clock.now(), day_by_day(desk, bob, eve)
    groups = {"billing": {"title": "Billing"}}
    roles = {"seniors": [account(dan)]}
    await ruled(desk, desk={"unclaimed_reminder": "9d"}, groups=groups, rota={"duty": rota}, roles=roles)
    answers = [told("button.swap_yes"), told("button.swap_no")]
    await dan.says(f"/rota override {now + timedelta(days=20):%d.%m} @bob")
    await each_reads([bob], "rota.told", rota="Duty", name="Dan")
    await bob.says("/away")
    await bob.catches_up()
    await eve.says("/rota swap @bob")
    await eve.sees(told("rota.swap_asked", name="Bob"), told("rota.swap_away", name="Bob"))
    await bob.sees(told("rota.swap_until"), buttons=answers)
    await bob.leaves()  # who was asked
    await eve.sees(told("rota.swap_left", name="Bob"))
    await bob.sees(told("rota.swap_left", name="Bob"), buttons=[])
    await desk.passes(days=2)  # nobody is reminded, and nothing lapses
    await dan.catches_up()
    await dan.says("/rota override 1 off")
    await dan.sees(told("rota.override_off", number=1))
    for one in (bob, eve):
        await one.sees_nothing()
    await bob.joins()
    await bob.says("/back", at=QUEUE)
    await bob.catches_up()
    await eve.says("/rota swap @bob")
    shown = await eve.sees(told("rota.swap_asked", name="Bob"))
    assert told("rota.swap_away", name="Bob") not in shown.text
    question = await bob.sees(told("rota.swap_until"), buttons=answers)
    await eve.leaves()  # who has asked
    await bob.sees(told("rota.swap_left", name="Eve"), buttons=[])  # the question
    await bob.sees(told("rota.swap_left", name="Eve"))
    await bob.presses_name(question.names[0], question)
    await eve.sees_nothing()
    halves = await desk.records(lambda tx: [tx.duty.get(number) for number in (2, 3, 4, 5)])
    assert all(one is not None and one.ended_at and not one.agreed_at for one in halves)
    for somebody in team:
        await somebody.catches_up()
        await somebody.catches_up(at=QUEUE)


async def each_reads(people: Sequence[Somebody], key: str, **facts: object) -> None:
    for somebody in people:
        await somebody.sees(told(key, **facts))


async def test_a_swap_stands_or_falls_with_both_shifts_and_lapses_unanswered(desk: Desk):
    bob, eve, dan = team = [desk.agent(name) for name in ("Bob", "Eve", "Dan")]
    await greeted(*team)
    now, rota = desk.clock.now(), day_by_day(desk, bob, eve)
    general, groups = {"unclaimed_reminder": "9d"}, {"billing": {"title": "Billing"}}
    roles = {"seniors": [account(dan)]}
    await ruled(desk, desk=general, groups=groups, rota={"duty": rota}, roles=roles)
    answers = [told("button.swap_yes"), told("button.swap_no")]

    async def days_until(*numbers: int) -> list[int]:
        """Return in how many days some changes begin."""
        found = await desk.records(lambda tx: [tx.duty.get(number) for number in numbers])
        return [(one.begins_at - now).days for one in found if one is not None]

    async def overrides(day: int, whom: str) -> None:
        await dan.says(f"/rota override {now + timedelta(days=day):%d.%m} @{whom}")
        await dan.sees(told("rota.title"), "instead")
        await bob.catches_up()

    async def eve_asks() -> Line:
        await eve.says("/rota swap @bob")
        await eve.sees(told("rota.swap_asked", name="Bob"))
        return await bob.sees(told("rota.swap_until"), buttons=answers)

    await overrides(1, "bob")  # her day, tomorrow
    question = await eve_asks()
    assert await days_until(2, 3) == [3, 1]  # her next is her second; his next is tomorrow
    await overrides(3, "dan")
    await bob.presses(answers[0], on=question)
    await each_reads([bob, eve], "rota.swap_moved", asker="Eve", name="Bob")
    question = await eve_asks()
    assert await days_until(5, 6) == [5, 1]
    await bob.presses(answers[0], on=question)
    await each_reads([bob, eve], "rota.swapped", name="Bob", asker="Eve")
    await dan.says("/rota override 6 off")
    await each_reads([dan, bob, eve], "rota.swap_off", asker="Eve", name="Bob")
    await dan.says("/rota override 5 off")  # it went with the other
    await dan.sees("There is no change #5")
    await eve_asks()  # it lapses tomorrow: half of a day later he is reminded, and not again
    reminder = told("rota.swap_reminder", asker="Eve", rota="Duty")
    await desk.passes(hours=12, minutes=1)
    await bob.sees(reminder, buttons=[])  # what was asked first
    await bob.sees(reminder, buttons=answers)
    await eve.sees_nothing()
    await desk.passes(hours=12)
    await each_reads([bob, eve], "rota.swap_lapsed", name="Bob")


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_card_says_so_where_a_shift_was_taken_from_whoever_had_it(desk: Desk, ann: Somebody, language: str):
    bob, eve = desk.agent("Bob", language=language), desk.agent("Eve", language=language)
    await greeted(bob, eve)
    groups = {"billing": {"title": "Billing", "keywords": ["card"]}}
    general = {"team_language": language, "unclaimed_reminder": "9d"}
    roles = {"seniors": [account(bob)]}
    await ruled(desk, desk=general, groups=groups, rota={"billing": day_by_day(desk, bob, eve)}, roles=roles)
    now = desk.clock.now()
    soon = f"{now + timedelta(hours=1):%H:%M}-{now + timedelta(hours=3):%H:%M}"
    await bob.says(f"/rota override billing {soon} -@Bob", at=QUEUE)
    await desk.passes(hours=1, minutes=1)
    await asked(ann)
    await bob.reads("#1 ", said_in(language, "card.shift_vacant"), at=QUEUE)
    for somebody in (bob, eve):
        for at in (None, QUEUE):
            await somebody.catches_up(at=at)


def test_a_swap_is_asked_for_as_what_it_would_be():
    """Now it is the other way about: whoever is asked has the later shift."""
    times = {"mine": MONDAY, "theirs": MONDAY + timedelta(days=7)}
    for language, would in (
        ("en", "you would be on duty from"),
        ("uk", "ви чергували б з"),
        ("ru", "вы дежурили бы с"),
    ):
        assert would in said_in(language, "rota.swap_ask", name="Bob", rota="Duty", **times)
