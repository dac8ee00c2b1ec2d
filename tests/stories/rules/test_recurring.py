"""Requests that come by themselves: at set times, once each, through restarts, clock changes and a week down."""

from datetime import timedelta
from typing import Any

import pytest

from handlers.vocabulary.timers import Erase, Recurs
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.stories.harness import QUEUE, THREAD, Desk, House, Somebody, said_in
from tests.stories.rules.ruled import account, present, ruled

TASK = {"en": "check the backups", "uk": "перевірити резервні копії"}
ASKED = {"en": "/every monday 11:00 ", "uk": "/every щопонеділка об 11:00 "}


@pytest.fixture
def house() -> House:
    """A desk in Kyiv: it is Monday 2 March 2026, 11:00 there."""
    return House(settings={"time_zone": "Europe/Kyiv"})


async def at_work(desk: Desk, *agents: Somebody) -> None:
    """Let agents be seen at work, with nothing that reminds of what nobody takes."""
    await present(*agents)
    await ruled(
        desk,
        desk={"unclaimed_reminder": "9d", "team_language": agents[0].language},
        roles={"admins": [account(agents[0])]},
    )


async def started(desk: Desk, bob: Somebody, asked: str) -> None:
    """Bob has let something recur, in the team's channel."""
    await at_work(desk, bob)
    await bob.says(asked, at=QUEUE)
    await bob.sees(said_in(bob.language, "recurring_stage.draft"), at=QUEUE)
    await bob.presses(said_in(bob.language, "recurring.start"), at=QUEUE)
    await bob.sees(said_in(bob.language, "recurring_stage.active", recurrence=1), at=QUEUE)


async def count(desk: Desk) -> int:
    """Return how many requests there are."""
    return await desk.records(lambda tx: sum(tx.tickets.find(number) is not None for number in range(1, 50)))


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_each_monday_there_is_a_request_of_the_teams_own(desk: Desk, language: str):
    bob, task = desk.agent("Bob", language=language), TASK[language]
    await started(desk, bob, ASKED[language] + task)
    await desk.passes(days=6)
    await bob.sees_nothing(at=QUEUE)
    await desk.restarts()
    await desk.passes(days=1)
    card = await bob.sees("#1", said_in(language, "recurring.team"), task, at=QUEUE)
    assert said_in(language, "button.reply") not in card.buttons  # nobody waits for an answer
    await bob.presses(said_in(language, "button.claim"), on=card)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await bob.says("/r 1 done", at=QUEUE)
    await bob.reads(said_in(language, "refused.recurring", ticket=1), at=QUEUE)
    await bob.says("/resolve 1", at=QUEUE)  # nobody asks whether that is meant without an answer
    await bob.catches_up(at=QUEUE)
    assert await desk.records(lambda tx: not tx.tickets.get(1).active)
    await bob.catches_up(at=THREAD(1))
    await desk.passes(days=7)
    await bob.reads("#2", task, at=QUEUE)
    await bob.says("/queue recurring", at=QUEUE)
    await bob.reads("#2", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    assert await count(desk) == 2


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_what_is_still_open_is_reminded_of_or_there_is_another(desk: Desk, language: str):
    bob, task = desk.agent("Bob", language=language), TASK[language]
    await started(desk, bob, ASKED[language] + task)
    await desk.passes(days=7)
    await bob.reads("#1", task, at=QUEUE)
    await desk.passes(days=7)
    await bob.catches_up(at=QUEUE)
    await bob.reads("🔁", at=THREAD(1))
    assert await count(desk) == 1
    await bob.says("/every", at=QUEUE)
    listed = await bob.reads(said_in(language, "recurring.all"), task, at=QUEUE)
    await bob.presses(next(label for label in listed.buttons if task in label), on=listed)
    await bob.presses(said_in(language, "recurring.change"), at=QUEUE)
    await bob.presses(said_in(language, "recurring_part.again"), at=QUEUE)
    await bob.presses(said_in(language, "recurring_again.make"), at=QUEUE)
    await bob.reads(said_in(language, "recurring_again.make"), at=QUEUE)
    await desk.passes(days=7)
    await bob.reads("#2", task, at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_changed_in_words_and_by_buttons_paused_and_deleted(desk: Desk, language: str):
    bob, task = desk.agent("Bob", language=language), TASK[language]
    await at_work(desk, bob)
    await bob.says("/every", at=QUEUE)
    await bob.reads(said_in(language, "recurring.none")[:25], at=QUEUE)
    await bob.says("/every soon look", at=QUEUE)
    await bob.reads("soon", at=QUEUE)
    await bob.says(ASKED[language] + task, at=QUEUE)
    await bob.presses(said_in(language, "recurring.change"), at=QUEUE)
    await bob.presses(said_in(language, "recurring_part.type"), at=QUEUE)
    await bob.presses({"en": "Hardware", "uk": "Обладнання"}[language], at=QUEUE)
    await bob.presses(said_in(language, "recurring.change"), at=QUEUE)
    await bob.presses(said_in(language, "recurring_part.priority"), at=QUEUE)
    await bob.presses(said_in(language, "priority.urgent"), at=QUEUE)
    await bob.presses(said_in(language, "recurring.start"), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says({"en": "/every 1 day 8:30", "uk": "/every 1 щодня о 8:30"}[language], at=QUEUE)
    shown = await bob.reads(said_in(language, "schedule.day"), "08:30", task, at=QUEUE)
    await desk.passes(days=1)
    made = said_in(language, "recurring.made", recurrence=1)
    card = await bob.reads("#1", task, made, at=QUEUE)
    assert "08:30" not in card.text  # what is changed later
    await bob.presses(said_in(language, "recurring.pause"), on=shown)
    await bob.reads(said_in(language, "recurring_stage.paused", recurrence=1), at=QUEUE)
    await desk.passes(days=2)
    assert await count(desk) == 1
    await bob.presses(said_in(language, "recurring.resume"), at=QUEUE)
    await bob.presses(said_in(language, "recurring.delete"), at=QUEUE)
    await bob.reads(said_in(language, "recurring.deleted", recurrence=1), at=QUEUE)
    await desk.passes(days=2)
    assert await count(desk) == 1
    await bob.says("/every 1", at=QUEUE)
    await bob.reads(said_in(language, "refused.no_recurrence", recurrence=1), at=QUEUE)
    await bob.presses(said_in(language, "button.claim"), on=card)
    await bob.reads("#1", task, made, at=QUEUE)  # its card says what it said
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


def of_two_companies(tx: Transaction) -> None:
    """Let there be companies, one of them without a contract by now."""
    for name, until in (("Acme", ""), ("Beta", "2027-01-01"), ("Gone", "2026-01-01")):
        tx.companies.put(name, MONDAY, until=until)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_one_for_each_company_after_it_was_said_how_many(desk: Desk, language: str):
    bob, task = desk.agent("Bob", language=language), TASK[language]
    await at_work(desk, bob)
    await desk.records(of_two_companies)
    await bob.says(ASKED[language] + task, at=QUEUE)
    await bob.presses(said_in(language, "recurring.change"), at=QUEUE)
    await bob.presses(said_in(language, "recurring_part.for"), at=QUEUE)
    await bob.presses(said_in(language, "recurring.for_each", n=2), at=QUEUE)
    await bob.reads(said_in(language, "recurring.for", n=2, names=["Acme", "Beta"]), at=QUEUE)
    await bob.presses(said_in(language, "recurring.start_many", n=2), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await desk.passes(days=7)
    for company in ("Acme", "Beta"):
        await bob.reads(task, company, at=QUEUE)
    await bob.says({"en": "/every 1 for akme", "uk": "/every 1 для akme"}[language], at=QUEUE)
    await bob.reads(said_in(language, "refused.no_company", name="akme", meant="Acme")[:20], at=QUEUE)
    await bob.says({"en": "/every 1 for beta", "uk": "/every 1 для beta"}[language], at=QUEUE)
    await bob.reads(said_in(language, "recurring.for", n=1, names=["Beta"]), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    assert await count(desk) == 2


async def test_a_week_down_is_one_line_and_the_newest_request(desk: Desk, bob: Somebody):
    await started(desk, bob, "/every day 12:00 water the plants")
    await desk.stops()
    desk.clock.set(desk.clock.now() + timedelta(days=7, hours=3))
    await desk.starts()
    await desk.passes(minutes=1)
    await bob.reads("7 times of recurring request 1 were missed", "water the plants", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    assert await count(desk) == 1
    await desk.restarts()
    await desk.passes(hours=20)
    assert await count(desk) == 1  # not yet the next one's time


async def test_once_through_both_changes_of_the_clock(desk: Desk, bob: Somebody):
    """In the night to 29 March 3:30 is left out in Kyiv; in that to 25 October it comes twice."""
    await started(desk, bob, "/every day 3:30 look at the logs")
    await desk.records(lambda tx: tx.recurrences.change(1, again="make"))
    for change in ("2026-03-28T12:00:00+00:00", "2026-10-24T12:00:00+00:00"):
        await desk.stops()
        desk.clock.set(type(MONDAY).fromisoformat(change))
        await desk.starts()
        await desk.passes(minutes=1)
        before = await count(desk)
        await desk.passes(days=1)
        assert await count(desk) == before + 1
    await bob.catches_up(at=QUEUE)


async def test_who_may_not_is_told_and_what_is_pressed_late_too(desk: Desk, bob: Somebody):
    ann = desk.agent("Ann")
    await at_work(desk, bob, ann)
    await desk.records(of_two_companies)
    await ann.says("/every monday 9:00 look", at=QUEUE)
    draft = await ann.reads(said_in("en", "recurring_stage.draft"), at=QUEUE)
    await ann.says("/every 1 for Acme", at=QUEUE)
    await ann.reads("admin", at=QUEUE)
    await ann.says("/every tuesday 9:00 look there", at=QUEUE)  # takes the place of what was not confirmed
    await ann.catches_up(at=QUEUE)
    await ann.presses("Start", on=draft)
    ann.sees_toast(said_in("en", "refused.no_recurrence", recurrence=1))
    await ann.catches_up(at=QUEUE)


async def test_what_an_agent_began_goes_on_without_them_and_what_they_never_confirmed_is_gone(
    desk: Desk, bob: Somebody
):
    """Eve starts one and leaves another unconfirmed; she leaves, and is erased before either would come."""
    eve = desk.agent("Eve")
    await at_work(desk, bob, eve)
    await eve.says("/every month on the 15th check the lift", at=QUEUE)
    await eve.presses(said_in("en", "recurring.start"), at=QUEUE)
    await eve.says("/every monday 9:00 call Ivan", at=QUEUE)
    await eve.catches_up(at=QUEUE)
    await eve.leaves()
    await bob.catches_up(at=QUEUE)
    (person,) = await desk.records(lambda tx: {each.id for each in tx.people.named("Eve")})
    timer = Erase()
    await desk.records(lambda tx: tx.timers.schedule(timer.name, MONDAY, person=person, facts=timer.facts))
    await desk.passes(minutes=30)
    assert await desk.records(lambda tx: (tx.recurrences.look(1) is not None, tx.recurrences.look(2))) == (True, None)
    await desk.passes(days=14)
    await bob.reads("check the lift", at=QUEUE)
    assert await count(desk) == 1
    await bob.catches_up(at=QUEUE)


async def test_one_for_many_companies_is_changed_by_who_may_make_it(desk: Desk, bob: Somebody):
    """Ann is no admin; the rest of a run that was paused stays undone, and a company that was erased is under no contract."""
    ann = desk.agent("Ann")
    await at_work(desk, bob, ann)
    await desk.records(of_two_companies)
    await bob.says("/every monday 11:00 send the bill", at=QUEUE)
    await bob.says("/every 1 for Acme, Beta", at=QUEUE)
    await bob.presses(said_in("en", "recurring.start_many", n=2), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await ann.says("/every 1 daily 0:00 send nothing", at=QUEUE)
    await ann.reads("admin", at=QUEUE)
    await ann.says("/every 1", at=QUEUE)
    await ann.presses(said_in("en", "recurring.pause"), on=await ann.reads("send the bill", at=QUEUE))
    await ann.catches_up(at=QUEUE)
    rest = Recurs(1, MONDAY, behind=1)
    await desk.records(lambda tx: tx.timers.schedule(rest.name, MONDAY, facts=rest.facts))
    await desk.passes(days=8)
    assert await count(desk) == 0

    def forget(tx: Transaction) -> tuple[int, int]:
        beta = tx.companies.named("Beta")
        assert beta is not None
        tx.companies.forget(beta.id)
        return tx.companies.count_under_contract([0], MONDAY.date()), len(tx.companies.names())

    assert await desk.records(forget) == (1, 3)
    await bob.catches_up(at=QUEUE)


async def test_a_time_that_has_come_is_not_lost_where_it_is_changed_just_then(desk: Desk, bob: Somebody):
    await started(desk, bob, "/every monday 11:00 check the backups")
    overdue = MONDAY - timedelta(minutes=5)
    await desk.records(lambda tx: tx.recurrences.change(1, next_at=overdue))
    await bob.presses(said_in("en", "recurring.change"), at=QUEUE)
    await bob.presses(said_in("en", "recurring_part.priority"), at=QUEUE)
    await bob.presses(said_in("en", "priority.urgent"), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    kept = await desk.records(lambda tx: tx.recurrences.all(5))
    assert [one.next_at for one in kept] == [overdue]  # its own timer goes on from there


async def test_a_clock_that_was_set_back_makes_it_no_second_time(desk: Desk, bob: Somebody):
    await started(desk, bob, "/every day 12:00 water the plants")
    await desk.records(lambda tx: tx.recurrences.change(1, again="make"))
    desk.watch.goes_wrong(timedelta(hours=2))
    await desk.passes(minutes=2)
    await bob.reads("#1", "water the plants", at=QUEUE)
    desk.watch.goes_wrong(timedelta(0))
    await desk.passes(minutes=2)
    await bob.says("/every 1", at=QUEUE)
    await bob.presses(said_in("en", "recurring.pause"), on=await bob.reads("water the plants", at=QUEUE))
    await bob.presses(said_in("en", "recurring.resume"), at=QUEUE)
    await desk.passes(hours=4)
    assert await count(desk) == 1
    await desk.passes(days=1)
    assert await count(desk) == 2
    await bob.catches_up(at=QUEUE)


KINDS: dict[str, Any] = {
    "lift": {"title": {"en": "Lift", "uk": "Ліфт"}, "fields": {"place": {"en": "Place", "uk": "Місце"}}}
}


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_one_for_each_asset_of_a_kind_or_of_a_place(desk: Desk, language: str):
    bob, task = desk.agent("Bob", language=language), TASK[language]
    await present(bob)
    newest = await desk.records(lambda tx: tx.rules.newest())
    assert newest is not None
    asks = {"name": "device", "kind": "asset", "of": ["lift"], "required": False, "label": {"en": "Which lift?"}}
    kinds = {**newest.data["types"], "other": {**newest.data["types"]["other"]}}
    kinds["other"]["fields"] = [*kinds["other"]["fields"], asks]
    await ruled(
        desk,
        types=kinds,
        assets=KINDS,
        desk={"unclaimed_reminder": "9d", "team_language": language},
        roles={"admins": [account(bob)]},
    )

    def lifts(tx: Transaction) -> None:
        acme = tx.companies.put("Acme", MONDAY)
        for number in range(11):
            tx.assets.add(f"L-{number}", "lift", MONDAY, fields={"place": "Lviv"}, company_id=acme.id)
        tx.assets.add("L-90", "lift", MONDAY, fields={"place": "Kyiv"})
        tx.assets.add("L-91", "lift", MONDAY, fields={"place": "Kyiv"}, retired_at=MONDAY)

    await desk.records(lifts)
    await bob.says(ASKED[language] + task, at=QUEUE)
    await bob.presses(said_in(language, "recurring.change"), at=QUEUE)
    await bob.presses(said_in(language, "recurring_part.for"), at=QUEUE)
    await bob.presses(said_in(language, "recurring.for_kind", kind=KINDS["lift"]["title"][language], n=12), at=QUEUE)
    await bob.presses(said_in(language, "recurring.start_many", n=12), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await desk.passes(days=7)
    await bob.reads("#1 ", task, "Acme", "🖥 L-0 ", at=QUEUE)
    assert await count(desk) == 12
    about = await desk.records(lambda tx: [tx.tickets.get(12).answers, [one.number for one in tx.assets.of_ticket(12)]])
    assert about == [{"type": "other", "other.device": "L-90"}, ["L-90"]]
    await desk.records(lambda tx: tx.recurrences.change(1, again="make"))
    await bob.says({"en": "/every 1 for lift paris", "uk": "/every 1 для ліфт paris"}[language], at=QUEUE)
    await bob.reads(said_in(language, "refused.no_asset", word="paris"), at=QUEUE)
    await bob.says({"en": "/every 1 for assets kyiv", "uk": "/every 1 для обладнання kyiv"}[language], at=QUEUE)
    await bob.reads(said_in(language, "recurring.each_asset", n=1, names=["L-90"]), at=QUEUE)
    await desk.passes(days=7)
    assert await count(desk) == 13
    await desk.records(lambda tx: tx.companies.put("Lift Masters", MONDAY))  # a whole name, whatever it begins with
    await bob.says({"en": "/every 1 for Lift Masters", "uk": "/every 1 для Lift Masters"}[language], at=QUEUE)
    shown = await bob.reads("Lift Masters", at=QUEUE)
    eve = desk.agent("Eve", language=language)
    await present(eve)
    await eve.catches_up(at=QUEUE)
    await eve.presses(said_in(language, "recurring.delete"), at=QUEUE, on=shown)  # nobody's but the admins'
    await desk.settles()
    kept = await desk.records(lambda tx: tx.recurrences.get(1))
    assert kept is not None
    assert kept.companies
    await bob.catches_up(at=QUEUE)


async def test_what_comes_next_follows_the_calendar_and_the_desks_clock(desk: Desk, bob: Somebody):
    """A day is closed and opened again, and the desk moves to another zone while a time comes: none is lost or comes twice."""
    await started(desk, bob, "/every day 11:00 check the backups")
    hours = {"office": {"zone": "Europe/Kyiv", "week": {"mon-sun": "09:00-18:00"}}}
    await ruled(desk, hours=hours, sla={"standard": {"hours": "office", "first_response": "9d"}})
    await desk.records(lambda tx: tx.recurrences.change(1, holidays="skip", again="make"))

    async def comes(day: int, hour: int) -> None:
        """The next request comes on this day of March, at this hour by UTC."""
        await desk.settles()
        one = await desk.records(lambda tx: tx.recurrences.look(1))
        assert one is not None
        assert one.next_at == MONDAY.replace(day=day, hour=hour)

    await comes(3, 9)
    await ruled(desk, hours={"office": {**hours["office"], "days": {"2026-03-03": "closed", "2026-03-04": "closed"}}})
    await desk.passes(minutes=1)
    await comes(5, 9)
    await ruled(desk, hours={"office": {**hours["office"], "days": {"2026-03-04": "closed"}}})
    await desk.passes(minutes=1)
    await comes(3, 9)
    general = {"unclaimed_reminder": "9d", "team_language": "en"}
    await desk.passes(days=1)
    assert await count(desk) == 1
    await ruled(desk, desk={**general, "time_zone": "America/New_York"}, hours=hours)  # 11:00 is still to come there
    await desk.passes(hours=25)
    assert await count(desk) == 1
    await comes(4, 16)
    await ruled(desk, desk={**general, "time_zone": "Europe/Kyiv"})  # where it was 11:00 an hour ago
    await desk.passes(minutes=1)
    assert await count(desk) == 2
    await comes(5, 9)
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
