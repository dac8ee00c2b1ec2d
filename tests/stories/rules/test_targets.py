"""Targets: told to the requester, shown on the card, warned of, alarmed at; they stand while it is the requester's turn."""

from typing import Any

import pytest

from handlers.rules.change import Wrong
from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Somebody, said_in
from tests.stories.harness.given import asked, claimed, resolved
from tests.stories.harness.people import SKIP
from tests.stories.rules.ruled import account, clock, local, present, ruled

OFFICE = {"zone": "Europe/Kyiv", "week": {"mon-fri": "09:00-13:00, 14:00-18:00"}}


async def works(desk: Desk, **policy: Any) -> None:
    """Let the desk work in an office of Kyiv, where it is 11:00 on a Monday, with these targets."""
    general = {"time_zone": "Europe/Kyiv", "unclaimed_reminder": "9d"}
    await ruled(desk, desk=general, hours={"office": OFFICE}, sla={"standard": {"hours": "office", **policy}})


async def replied(bob: Somebody, ann: Somebody, words: str, *, command: str = "/r") -> None:
    """Bob has answered in the thread, and Ann has read it."""
    await bob.says(f"{command} {words}", at=THREAD(1))
    await ann.sees("Bob", words)
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)


async def test_from_the_promise_to_the_alarm(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, first_response="5h")
    await ann.says("/new")
    await ann.fills(type="Billing question", details="My card was charged twice", contract=SKIP)
    await ann.sees("Request #1 is registered", local(desk, "Expect the first answer today by 17:00."))
    await bob.sees("#1", "⏱ first response by", clock(desk, "17:00"), at=QUEUE)
    await desk.passes(hours=5)  # one of these is lunch
    await bob.sees("⏳ #1", "first response, due", clock(desk, "17:00"), at=QUEUE)
    await bob.sees("#1", "⚠️ first response by", clock(desk, "17:00"), at=QUEUE)
    await desk.passes(minutes=58)
    await bob.sees_nothing(at=QUEUE)
    await desk.passes(minutes=5)
    await bob.sees("🚨 #1", "first response was due", clock(desk, "17:00"), at=QUEUE)
    await bob.sees("#1", "🔴 first response overdue since", clock(desk, "17:00"), at=QUEUE)
    await desk.passes(days=3)
    await bob.sees_nothing(at=QUEUE)
    await bob.says("/queue overdue", at=QUEUE)
    await bob.sees("1 ticket", buttons=["🆕 #1 My card was charged twice"], at=QUEUE)


async def test_answered_in_time_nobody_is_alarmed(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, first_response="1h")
    await asked(ann)
    await claimed(bob, ann)
    await replied(bob, ann, "I look into it")
    await desk.passes(days=2)
    await bob.sees_nothing(at=QUEUE)
    await bob.sees_nothing()


async def test_whoever_has_it_is_warned_and_alarmed_in_their_own_chat(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, first_response="1h", resolution="595m")  # five minutes before lunch on Tuesday
    await bob.starts()
    await bob.catches_up()
    await asked(ann)
    await claimed(bob, ann)
    await desk.passes(minutes=49)
    await bob.sees("⏳ #1", "first response, due", clock(desk, "12:00"))
    await bob.sees("⚠️ first response by", clock(desk, "12:00"), at=QUEUE)
    await replied(bob, ann, "I look into it")
    await bob.sees_nothing(at=QUEUE)
    await desk.passes(days=1)
    await bob.sees("⏳ #1", "resolution, due", clock(desk, "12:55"))
    await desk.passes(hours=3)
    await bob.sees("🚨 #1", "resolution was due", clock(desk, "12:55"))
    await bob.sees("🚨 #1", "resolution was due", clock(desk, "12:55"), at=QUEUE)
    await bob.sees("🔴 resolution overdue since", clock(desk, "12:55"), at=QUEUE)


async def test_the_clock_stands_while_it_waits_for_its_requester(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, resolution="210m")
    await asked(ann)
    await claimed(bob, ann)
    await desk.passes(hours=1)
    await replied(bob, ann, "Which card?", command="/r?")  # two and a half hours are left
    await desk.passes(hours=22)
    await bob.sees_nothing(at=QUEUE)
    await ann.says("The blue one")  # Tuesday at 10:00
    await bob.sees("The blue one", at=THREAD(1))
    await bob.sees("⏱ to be resolved by", clock(desk, "12:30"), at=QUEUE)
    await desk.passes(hours=2, minutes=20)
    await bob.sees("⚠️ to be resolved by", clock(desk, "12:30"), at=QUEUE)
    await bob.sees_nothing(at=QUEUE)
    await desk.passes(minutes=41)
    await bob.sees("🚨 #1", "resolution was due", clock(desk, "12:30"), at=QUEUE)
    await bob.sees("🔴 resolution overdue since", clock(desk, "12:30"), at=QUEUE)


async def test_reopened_it_has_the_time_it_had_when_it_was_resolved(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, resolution="4h")
    await asked(ann)
    await claimed(bob, ann)
    await desk.passes(hours=1)
    await resolved(bob, ann)
    await desk.passes(days=1)
    await ann.presses("Reopen")
    await ann.sees("open again")
    await bob.sees("not solved", at=THREAD(1))
    await bob.sees(
        "#1", "⏱ to be resolved by", clock(desk, "16:00"), at=QUEUE
    )  # Tuesday at 12:00, and lunch is in between
    await desk.passes(hours=5)
    await bob.sees("🚨 #1", "resolution was due", clock(desk, "16:00"), at=QUEUE)
    await bob.sees("🔴", at=QUEUE)


async def test_overdue_already_it_is_not_alarmed_at_twice(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, resolution="1h")
    await asked(ann)
    await claimed(bob, ann)
    await desk.passes(hours=2)
    await bob.sees("🚨 #1", at=QUEUE)
    await bob.sees("🔴", at=QUEUE)
    await resolved(bob, ann)
    await ann.presses("Reopen")
    await ann.sees("open again")
    await bob.sees("not solved", at=THREAD(1))
    await bob.sees("🔴 resolution overdue since", clock(desk, "12:00"), at=QUEUE)
    await bob.says("/priority 1 urgent", at=QUEUE)
    await bob.sees("#1", "urgent", at=QUEUE)
    await desk.passes(days=1)
    await bob.sees_nothing(at=QUEUE)


async def test_another_priority_is_another_target_counted_from_the_beginning(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, first_response={"urgent": "90m", "normal": "8h"})
    await asked(ann)
    await bob.sees("⏱ first response by", clock(desk, "11:00"), at=QUEUE)
    await desk.passes(hours=1)
    await bob.says("/priority 1 urgent", at=QUEUE)
    await bob.sees("🔥 #1", "⏱ first response by", clock(desk, "12:30"), at=QUEUE)
    await bob.sees("#1", at=QUEUE)
    await bob.says("/priority 1 low", at=QUEUE)
    await bob.sees("🔹 #1", at=QUEUE)
    await bob.sees("#1", at=QUEUE)
    await bob.sees_no("first response by", at=QUEUE)
    await desk.passes(hours=1)
    await bob.sees_nothing(at=QUEUE)
    await bob.says("/priority 1 urgent", at=QUEUE)
    await bob.sees("🔴 first response overdue since", clock(desk, "12:30"), at=QUEUE)
    await bob.sees("#1: urgent.", at=QUEUE)
    await bob.sees("🚨 #1", "first response was due", clock(desk, "12:30"), at=QUEUE)


async def test_many_at_once_are_one_post(desk: Desk, bob: Somebody):
    await works(desk, first_response="1h")
    await desk.passes(hours=20)  # before the office opens: all are due at one moment
    people = [desk.requester(name) for name in ("Ann", "Cem", "Dov", "Eli", "Fay", "Gus")]
    for number, person in enumerate(people, 1):
        await asked(person, ticket=number)
    await bob.catches_up(at=QUEUE)
    await desk.passes(hours=2, minutes=50)
    await bob.sees(*(f"⏳ #{number}" for number in range(1, 7)), at=QUEUE)
    await desk.passes(minutes=50)
    await bob.sees(*(f"🚨 #{number}" for number in range(1, 7)), at=QUEUE)
    await bob.sees_nothing(at=QUEUE)


async def test_timers_outlive_a_restart(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, first_response="1h")
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await desk.stops()
    desk.clock.set(desk.clock.now().replace(hour=12))
    await desk.starts()  # both are due; only the alarm still means something
    await bob.sees("🚨 #1", "first response was due", clock(desk, "12:00"), at=QUEUE)
    await bob.sees("🔴", at=QUEUE)
    await desk.restarts()
    await desk.passes(days=1)
    await bob.sees_nothing(at=QUEUE)


class TestInTheTeamsLanguage:
    @pytest.fixture(params=["uk", "ru"])
    def house(self, request: pytest.FixtureRequest) -> House:
        return House(team_language=request.param)

    async def test_the_card_and_the_alarm(self, desk: Desk, bob: Somebody, house: House):
        language = house.team_language
        due = {"uk": "перша відповідь до", "ru": "первый ответ до"}[language]
        over = {"uk": "перша відповідь прострочена з", "ru": "первый ответ просрочен с"}[language]
        promise = {"uk": "Перша відповідь буде сьогодні до 12:00.", "ru": "Первый ответ будет сегодня до 12:00."}
        await works(desk, first_response="1h")
        iryna = desk.requester("Iryna", language=language)
        await iryna.says("/new")
        title = {"uk": "Питання щодо оплати", "ru": "Вопрос по оплате"}[language]
        await iryna.fills(type=title, details="Двічі списали гроші", contract=SKIP)
        await iryna.sees(said_in(language, "request.registered", ticket=1), local(desk, promise[language]))
        await bob.sees("#1", f"⏱ {due}", at=QUEUE)
        await desk.passes(minutes=50)
        await bob.sees("⏳ #1", at=QUEUE)
        await bob.sees("#1", f"⚠️ {due}", at=QUEUE)
        await desk.passes(minutes=20)
        await bob.sees("🚨 #1", at=QUEUE)
        await bob.sees("#1", f"🔴 {over}", at=QUEUE)


async def test_a_breach_is_told_to_the_group_and_hands_on_to_the_next(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, first_response="1h")
    eve, dan = desk.agent("Eve"), desk.agent("Dan")
    await present(eve, dan)
    for agent in (eve, dan):
        await agent.starts()
        await agent.catches_up()
    first = {"title": "First line", "members": [account(eve)], "keywords": ["charged"], "escalate_to": "second"}
    await ruled(desk, groups={"first": first, "second": {"title": "Second line", "members": [account(dan)]}})
    await asked(ann)
    await bob.sees("#1", "Group: First line", at=QUEUE)
    await desk.passes(minutes=50)
    await bob.sees("⏳ #1", at=QUEUE)
    await desk.passes(minutes=11)
    await bob.sees("🚨 #1", at=QUEUE)
    await eve.sees("🚨 #1", "first response was due", clock(desk, "12:00"))
    await dan.sees("⏫ #1", "has come to your group")
    await ann.sees("Request #1 has been passed to other colleagues in the team.")
    await bob.sees("#1", "Group: Second line", "🔴", at=QUEUE)
    await desk.passes(days=2)
    await bob.sees_nothing(at=QUEUE)


async def test_on_hold_the_clock_stands_where_the_policy_says_so(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, resolution="210m", pause=["pending", "on_hold"])
    await asked(ann)
    await claimed(bob, ann)
    await bob.presses("More…", at=QUEUE)
    await bob.sees("#1", at=QUEUE)
    await bob.presses("Put on hold", at=QUEUE)
    await bob.sees("💤 #1", at=QUEUE)
    await bob.sees_no("to be resolved by", at=QUEUE)
    await desk.passes(hours=22)
    await bob.sees_nothing(at=QUEUE)
    await ann.says("Any news?")
    await ann.sees("Bob has your request #1 and sees that you are waiting.")
    await bob.sees("Any news?", at=THREAD(1))
    await bob.sees("💬 #1", "⏱ to be resolved by", clock(desk, "12:30"), at=QUEUE)


async def test_rules_with_a_mistake_change_nothing(desk: Desk, ann: Somebody, bob: Somebody):
    await works(desk, first_response="1h")
    for wrong in ({"first_response": "0m"}, {"hours": "offise", "first_response": "2h"}):
        with pytest.raises(Wrong):
            await works(desk, **wrong)
    with pytest.raises(Wrong):
        await ruled(desk, hours={"office": {**OFFICE, "zone": "Europe/Kiew"}})
    await asked(ann)
    await bob.sees("⏱ first response by", clock(desk, "12:00"), at=QUEUE)


async def test_overdue_while_the_desk_was_down_it_is_told_once_whatever_comes_first(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await works(desk, first_response={"urgent": "30m", "normal": "1h"})
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await desk.stops()
    desk.clock.set(desk.clock.now().replace(hour=12))
    if bob.can(Capability.PATIENCE):
        await bob.says("/priority 1 urgent", at=QUEUE)
    await desk.starts()
    await bob.sees("🚨 #1", at=QUEUE)
    await desk.passes(days=1)
    await bob.catches_up(at=QUEUE)
    alarms = [line for line in desk.stage.lines(bob.native, QUEUE) if "🚨" in line.text]
    assert len(alarms) == 1


async def test_a_desk_that_is_back_at_night_rings_in_the_morning_and_once(desk: Desk, bob: Somebody):
    """What was due while the desk was down waits for the next opening of its calendar, and is one message to each."""
    await works(desk, first_response="1h")
    await present(bob)
    await bob.starts()
    await bob.catches_up()
    people = [desk.requester(name) for name in ("Ann", "Cem", "Dov")]
    for number, person in enumerate(people, 1):
        await asked(person, ticket=number)
    await claimed(bob, people[0])
    await claimed(bob, people[1], ticket=2)
    await bob.catches_up(at=QUEUE)
    await desk.stops()
    night = desk.clock.now().replace(day=7, hour=1)  # 03:00 of a Saturday
    desk.clock.set(night)
    await desk.starts()
    await desk.passes(hours=30)
    assert not [line for line in await bob.catches_up(at=QUEUE) if "🚨" in line.text]
    await bob.sees_nothing()
    await desk.passes(hours=24)  # Monday, 9:00
    told = [line.text for line in await bob.catches_up(at=QUEUE) if "🚨" in line.text]
    assert [text.count("🚨") for text in told] == [3]
    await bob.sees("🚨 #1", "🚨 #2")
    await bob.sees_nothing()
    for ticket in (1, 2):
        await bob.catches_up(at=THREAD(ticket))


async def test_overdue_while_the_desk_was_down_it_is_told_though_it_waits_for_its_requester(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await works(desk, resolution="1h")
    await asked(ann)
    await claimed(bob, ann)
    await desk.stops()
    desk.clock.set(desk.clock.now().replace(hour=12))
    if bob.can(Capability.PATIENCE):
        await bob.says("/r? Which card?", at=THREAD(1))
    await desk.starts()
    await bob.sees("🚨 #1", "resolution was due", clock(desk, "12:00"), at=QUEUE)
    await desk.passes(hours=1)
    await ann.says("The blue one")
    await desk.passes(days=1)
    await ann.catches_up()
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)
    alarms = [line for line in desk.stage.lines(bob.native, QUEUE) if "🚨" in line.text]
    assert len(alarms) == 1


async def test_handed_to_a_group_with_other_hours_what_is_left_is_counted_in_theirs(
    desk: Desk, ann: Somebody, bob: Somebody
):
    late = {"zone": "Europe/Kyiv", "week": {"mon-fri": "16:00-22:00"}}
    general = {"time_zone": "Europe/Kyiv", "unclaimed_reminder": "9d"}
    groups = {
        "day": {"title": "Day", "keywords": ["charged"], "hours": "office", "escalate_to": "evening"},
        "evening": {"title": "Evening", "hours": "evening"},
    }
    hours = {"office": OFFICE, "evening": late}
    await ruled(desk, desk=general, hours=hours, groups=groups, sla={"standard": {"first_response": "5h"}})
    await asked(ann)
    await bob.sees("#1", "Group: Day", "⏱ first response by", clock(desk, "17:00"), at=QUEUE)
    await desk.passes(minutes=89, seconds=30)  # three hours and a half are left
    await bob.says("/escalate 1", at=QUEUE)
    await ann.sees(said_in("en", "told.escalated", ticket=1, group="Evening"))
    await bob.sees("#1", "Group: Evening", "⏱ first response by", clock(desk, "19:30"), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await desk.passes(hours=5)
    await bob.catches_up(at=QUEUE)
    await desk.passes(hours=2, minutes=1)
    await bob.sees("🚨 #1", "first response was due", clock(desk, "19:30"), at=QUEUE)
    await bob.catches_up(at=QUEUE)
