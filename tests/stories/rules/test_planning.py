"""Plans: when somebody sees to a request. Its requester is told and asked, and whoever has it sees what else there is then."""

from datetime import UTC, datetime, timedelta

import pytest

from handlers.vocabulary.time_spans import TimeSpan
from tests.stories.channels import takes_requests
from tests.stories.harness import QUEUE, THREAD, Desk, Line, Somebody, said_in
from tests.stories.harness.given import asked, asked_to_be_erased, claimed
from tests.stories.rules.ruled import account, applies, present, ruled

FIRST = "My card was charged twice"


def span(begins: datetime, hours: float = 1) -> TimeSpan:
    return TimeSpan(begins, begins + timedelta(hours=hours))


def tomorrow(desk: Desk, hour: int) -> datetime:
    """Return an hour of tomorrow; the desk's zone is UTC."""
    day = desk.clock.now().astimezone(UTC) + timedelta(days=1)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


async def at_work(desk: Desk, *agents: Somebody, language: str = "en", **general: str) -> None:
    await ruled(desk, desk={"team_language": language, "unclaimed_reminder": "9d", "idle_reminder": "0m", **general})
    await present(*agents)


async def rests(*people: Somebody, tickets: tuple[int, ...] = (1,)) -> None:
    """Everything else is read."""
    for somebody in people:
        await somebody.catches_up()
        if somebody.is_agent:
            for at in (QUEUE, *map(THREAD, tickets)):
                await somebody.catches_up(at=at)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_a_time_is_planned_answered_moved_and_taken_back(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    await at_work(desk, bob, language=language)
    await asked(ann)
    await claimed(bob, ann, language=language)
    await bob.says("/plan 1 10 годин", at=QUEUE)
    await bob.reads(say("refused.plan_when", word="10 годин", ticket=1), at=QUEUE)
    await bob.says("/plan 1", at=QUEUE)
    await bob.reads(say("plan.none", ticket=1), at=QUEUE)
    await ann.sees_nothing()
    words = {
        "en": "tomorrow 10:00–12:00, bring a cable. Place: Office 5",
        "uk": "завтра о 10-12, взяти кабель, місце: Office 5",
    }
    await bob.says(f"/plan 1 {words[language]}", at=QUEUE)
    first = span(tomorrow(desk, 10), 2)
    note = {"en": "bring a cable", "uk": "взяти кабель"}[language]
    await bob.reads(say("plan.is", ticket=1, when=first, mark=""), "📍 Office 5", f"📝 {note}", at=QUEUE)
    told = await ann.sees(say("told.planned", ticket=1, when=first, where="\n📍 Office 5"))
    assert note not in told.text  # what is noted is the team's own
    await bob.reads("#1 ", say("card.plan", when=first, mark=""), "📍 Office 5", at=QUEUE)
    await bob.reads(say("thread.planned", name="Bob", when=first), at=THREAD(1))
    await rests(bob)
    await ann.says("/status 1")
    await ann.sees(say("status.plan", when=first))
    await ann.presses(say("button.plan_suits"), on=told)
    await ann.sees(say("plan_said.suits", ticket=1, when=first))
    await bob.reads(say("thread.plan_suits", name="Ann", when=first), at=THREAD(1))
    await bob.reads("#1 ", say("card.plan", when=first, mark=" ✓"), at=QUEUE)
    await rests(bob)
    later = {"en": "tomorrow at 3 pm for 2h", "uk": "завтра 15:00 на 2 години"}[language]
    await bob.says(f"/plan {later}", at=THREAD(1))  # in its thread it needs no number; where it is stays
    second = span(tomorrow(desk, 15), 2)
    await bob.reads(say("plan.is", ticket=1, when=second, mark=""), "📍 Office 5", at=THREAD(1))
    moved = await ann.sees(say("told.plan_moved", ticket=1, when=second, where="\n📍 Office 5"))
    await bob.says(f"/plan 1 {later}", at=QUEUE)  # said again: nobody is told twice
    await bob.reads(say("plan.is", ticket=1, when=second, mark=""), at=QUEUE)
    await ann.sees_nothing()
    await ann.presses(say("button.plan_other"), on=moved)
    await ann.sees(say("plan_said.other", ticket=1, when=second))
    await bob.reads(say("thread.plan_other", name="Ann", when=second), at=THREAD(1))
    await ann.says("Thursday would be fine")
    await bob.reads("Thursday would be fine", at=THREAD(1))
    await rests(bob, ann)
    await bob.says("/plan 1 off", at=QUEUE)
    await bob.reads(say("plan.off", ticket=1), at=QUEUE)
    await ann.sees(say("told.unplanned", ticket=1, when=second))
    await bob.says("/plan 1 off", at=QUEUE)
    await bob.reads(say("refused.no_plan", ticket=1), at=QUEUE)
    await rests(bob, ann)
    await ann.sees_nothing()
    await bob.says(f"/plan 1 {words[language]}", at=QUEUE)
    await rests(bob, ann)

    async def story(somebody: Somebody) -> str:
        await somebody.says("/history 1")
        page = await somebody.sees(say("history.here", ticket=1), kind="document")
        return desk.stage.content(somebody.native, page)[1].decode()

    written = {"en": f"📝 {note}.", "uk": f"📝 {note}"}[language]
    kept = f"{say('card.plan', when=first, mark='')} 📍 Office 5"
    off = say("history.plan_off", plan=f"{say('card.plan', when=second, mark=' ✗')} 📍 Office 5 {written}")
    team, own = await story(bob), await story(ann)
    assert off in team
    assert f"{kept} {written}" in team
    assert kept in own
    assert note not in own
    assert say("card.plan", when=second, mark="") not in own


async def test_what_else_there_is_then_is_seen_and_the_plan_stays_with_its_request(
    desk: Desk, ann: Somebody, bob: Somebody
):
    tom, eve = desk.requester("Tom"), desk.agent("Eve")
    await at_work(desk, bob, eve)
    for number, somebody in ((1, ann), (2, tom)):
        await asked(somebody, ticket=number)
        await claimed(bob, somebody, ticket=number)
    await bob.says("/plan 1 tomorrow 10-12", at=QUEUE)
    await rests(ann, bob, eve, tickets=(1, 2))
    await bob.says("/plan 2 tomorrow 11:30", at=QUEUE)
    both = [said_in("en", "plan.one", ticket=1, when=span(tomorrow(desk, 10), 2))]
    await bob.reads(said_in("en", "plan.clash", name="Bob", others=both), at=QUEUE)
    await rests(tom, bob, eve, tickets=(1, 2))
    await bob.says("/release 1", at=QUEUE)
    await eve.says("/claim 1", at=QUEUE)
    first = span(tomorrow(desk, 10), 2)
    await bob.reads(said_in("en", "thread.plan_stands", name="Eve", when=first), at=THREAD(1))
    await rests(bob, eve, ann, tom, tickets=(1, 2))
    await eve.says("/resolve 1", at=QUEUE)
    await eve.presses("Resolve all the same", at=QUEUE)
    await ann.sees(said_in("en", "told.unplanned", ticket=1, when=first))
    await rests(bob, eve, ann, tom, tickets=(1, 2))
    assert await desk.records(lambda tx: [tx.plans.standing(number) is None for number in (1, 2)]) == [True, False]


async def test_whoever_has_it_is_reminded_once_and_its_requester_where_the_rules_say_so(desk: Desk):
    ann, bob = desk.requester("Ann"), desk.agent("Bob")
    await at_work(desk, bob, plan_reminder="2h")
    await ruled(desk, notify=[{"event": "plan_soon", "tell": ["assignee", "requester"]}])
    await bob.starts()
    await rests(bob, tickets=())
    await asked(ann)
    await claimed(bob, ann)
    await rests(bob, ann)
    begins = desk.clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=6)
    await bob.says(f"/plan 1 {begins:%d.%m %H:%M}", at=QUEUE)
    await ann.sees(said_in("en", "told.planned", ticket=1, when=span(begins), where=""))
    moved = begins + timedelta(hours=1)
    await bob.says(f"/plan 1 {moved:%d.%m %H:%M}", at=QUEUE)
    await ann.sees(said_in("en", "told.plan_moved", ticket=1, when=span(moved), where=""))
    await rests(bob)
    await desk.passes(hours=4, minutes=30)  # when the first time would have been reminded of
    await ann.sees_nothing()
    await desk.restarts()
    await desk.passes(hours=1)
    soon = said_in("en", "told.plan_soon", ticket=1, when=span(moved), where="")
    await ann.sees(soon)
    await bob.sees(said_in("en", "notice.plan_soon", ticket=1, summary=FIRST, when=span(moved), where=""))
    await desk.restarts()
    await desk.passes(hours=3)
    await ann.sees_nothing()
    await bob.sees_nothing()
    await rests(bob, ann)


@pytest.mark.parametrize("language", ["en", "uk"])
async def test_days_and_weeks_show_who_is_where_and_a_calendar_has_it(desk: Desk, language: str):
    def say(key: str, **facts: object) -> str:
        return said_in(language, key, **facts)

    ann, bob = desk.requester("Ann", language=language), desk.agent("Bob", language=language)
    eve = desk.agent("Eve", language=language)
    await at_work(desk, bob, eve, language=language, reports="own")
    await asked(ann)
    await claimed(bob, ann, language=language)
    await bob.says("/plan 1 tomorrow 10-12 bring a cable", at=QUEUE)
    await bob.presses(say("button.plan_file"), at=QUEUE)  # it comes here, or into the thread of what was pressed
    seen = [line.text for at in (QUEUE, THREAD(1)) for line in desk.stage.lines(bob.native, at)]
    assert any(say("plans.file") in text for text in seen)
    told = await ann.sees(say("told.planned", ticket=1, when=span(tomorrow(desk, 10), 2), where=""))
    await ann.presses(say("button.plan_file"), on=told)
    sent = await ann.sees(say("plans.file"), kind="document")
    name, data = desk.stage.content(ann.native, sent)
    assert name == "request-1.ics"
    assert b"SEQUENCE:0" in data
    assert b"cable" not in data  # what is noted is the team's own
    await rests(bob, eve)
    await bob.says("/day", at=QUEUE)
    shown = await bob.reads("📅 Bob", say("plans.none"), at=QUEUE)
    await bob.presses("›", on=shown)
    line = f"10:00–12:00 #1 {FIRST} · 📝 bring a cable"
    await bob.reads("📅 Bob", line, at=QUEUE)
    await bob.presses("📅 .ics", at=QUEUE)
    await bob.reads(say("plans.file"), at=QUEUE)
    await bob.presses(say("button.plans_week"), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await eve.says({"en": "/day @bob tomorrow", "uk": "/day @bob завтра"}[language], at=QUEUE)
    await eve.reads(say("refused.plans_of_others"), at=QUEUE)  # the rules show each their own work
    await ruled(desk, desk={"team_language": language, "unclaimed_reminder": "9d", "idle_reminder": "0m"})
    await eve.says({"en": "/week @bob tomorrow", "uk": "/week @bob завтра"}[language], at=QUEUE)
    await eve.reads("📅 Bob", line, at=QUEUE)
    await rests(bob, eve, ann)


async def test_a_plan_goes_over_in_a_merge_comes_back_and_says_no_word_of_whoever_is_erased(
    desk: Desk, ann: Somebody, bob: Somebody
):
    zoe = desk.requester("Zoe")
    await at_work(desk, bob)
    await ruled(desk, roles={"seniors": [account(bob)]})
    for number, somebody in ((1, ann), (2, zoe)):
        await asked(somebody, f"{FIRST} {number}", ticket=number)
        await claimed(bob, somebody, ticket=number)
    when = span(tomorrow(desk, 10), 2)
    await bob.says("/plan 2 tomorrow 10-12, ring twice, place: Lilac 77", at=QUEUE)
    told = await zoe.sees(said_in("en", "told.planned", ticket=2, when=when, where="\n📍 Lilac 77"))
    await rests(ann, bob, zoe, tickets=(1, 2))
    await bob.says("/merge 2 1", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await applies(bob, at=QUEUE)
    await bob.reads("💬 #1", said_in("en", "card.plan", when=when, mark=""), "📍 Lilac 77", at=QUEUE)
    await ann.sees(said_in("en", "told.planned", ticket=1, when=when, where="\n📍 Lilac 77"))
    await rests(ann, bob, zoe, tickets=(1, 2))
    await zoe.presses(said_in("en", "button.plan_suits"), on=told)  # by her own number still
    await zoe.sees(said_in("en", "plan_said.suits", ticket=2, when=when))
    await rests(ann, bob, zoe, tickets=(1, 2))
    await bob.presses(said_in("en", "button.undo"), at=QUEUE)
    await bob.catches_up(at=QUEUE)
    standing = await desk.records(lambda tx: [tx.plans.standing(number) is None for number in (1, 2)])
    assert standing == [True, False]
    await bob.says("/redact Lilac", at=THREAD(2))
    await bob.reads("💬 #2", "📍 █████ 77", at=QUEUE)
    await rests(ann, bob, zoe, tickets=(1, 2))
    await asked_to_be_erased(zoe)
    await zoe.catches_up()
    await desk.passes(days=1, minutes=5)
    assert await desk.records(lambda tx: [(one.place, one.note) for one in tx.plans.of(2)]) == [("", "")]
    await rests(ann, bob, zoe, tickets=(1, 2))


async def test_a_merge_hides_no_plan_behind_one_that_was_made_later_and_is_over(
    desk: Desk, ann: Somebody, bob: Somebody
):
    zoe = desk.requester("Zoe")
    await at_work(desk, bob)
    await ruled(desk, roles={"seniors": [account(bob)]})
    for number, somebody in ((1, ann), (2, zoe)):
        await asked(somebody, f"{FIRST} {number}", ticket=number)
        await claimed(bob, somebody, ticket=number)
    friday = TimeSpan(tomorrow(desk, 10) + timedelta(days=3), tomorrow(desk, 12) + timedelta(days=3))
    await bob.says(f"/plan 2 {friday.begins_at:%d.%m.%Y} 10-12, place: Lilac 77", at=QUEUE)
    await bob.says("/plan 1 tomorrow 10-12", at=QUEUE)
    await desk.passes(days=2)
    await rests(ann, bob, zoe, tickets=(1, 2))
    await bob.says("/merge 2 1", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await applies(bob, at=QUEUE)
    await bob.reads("💬 #1", said_in("en", "card.plan", when=friday, mark=""), "📍 Lilac 77", at=QUEUE)
    await ann.sees(said_in("en", "told.planned", ticket=1, when=friday, where="\n📍 Lilac 77"))
    await rests(ann, bob, zoe, tickets=(1, 2))
    await bob.says("/plan 1 off", at=QUEUE)
    await ann.sees(said_in("en", "told.unplanned", ticket=1, when=friday, where=""))
    ends = await desk.records(lambda tx: [one.ended_at is not None for one in tx.plans.of(1)])
    assert ends == [True, False]  # Friday's is off; tomorrow's has been
    await rests(ann, bob, zoe, tickets=(1, 2))


async def test_a_slip_undone_leaves_snooze_plan_and_guest_as_they_were(desk: Desk, ann: Somebody, bob: Somebody):
    petro, zoe = desk.requester("Petro"), desk.requester("Zoe")
    await petro.starts()
    await at_work(desk, bob)
    await ruled(desk, roles={"seniors": [account(bob)]})
    await asked(ann, FIRST)
    await claimed(bob, ann)
    await asked(zoe, "Another one", ticket=2)
    when = span(tomorrow(desk, 10), 2)
    for said in ("/guest 1 Petro Please come", "/plan 1 tomorrow 10-12", "/snooze 1 2h"):
        await bob.says(said, at=QUEUE)
    told = await ann.sees(said_in("en", "told.planned", ticket=1, when=when, where=""))
    await rests(ann, bob, zoe, petro)
    shown = {each: [line.text for line in desk.stage.lines(each.native, None)] for each in (ann, petro)}

    async def stands() -> None:
        await desk.settles()
        ticket, guests, plan = await desk.records(lambda tx: (tx.tickets.get(1), tx.guests.of(1), tx.plans.standing(1)))
        assert (ticket.status, ticket.snoozed_until is not None, len(guests), plan is not None) == (
            "on_hold",
            True,
            1,
            True,
        )
        for each, lines in shown.items():
            await each.catches_up()
            assert [line.text for line in desk.stage.lines(each.native, None)] == lines

    for slip in ("/close 1", "/resolve 1"):
        await bob.says(slip, at=QUEUE)
        await desk.settles()
        if slip == "/resolve 1":
            await bob.presses(said_in("en", "button.resolve_now"), at=QUEUE)
        assert not await desk.records(lambda tx: tx.guests.of(1))
        await bob.says("/reopen 1", at=QUEUE)
        await stands()
    await rests(bob)
    await bob.says("/queue billing", at=QUEUE)
    await bob.says("/bulk close", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    asking = [line for line in desk.stage.lines(bob.native, QUEUE) if line.buttons][-1]
    await bob.presses_name(asking.names[0], asking)
    await desk.passes(seconds=5)
    assert not await desk.records(lambda tx: tx.tickets.get(1).active)
    await bob.presses(said_in("en", "button.undo"), at=QUEUE)
    await desk.passes(seconds=5)
    await zoe.catches_up()
    await stands()
    await rests(ann, bob, zoe, petro)
    await ann.presses(said_in("en", "button.plan_suits"), on=told)
    await ann.sees(said_in("en", "plan_said.suits", ticket=1, when=when))
    await bob.says("/merge 1 2", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await applies(bob, at=QUEUE)
    undo = await bob.reads(said_in("en", "done.merged", ticket=1, into=2), at=QUEUE)
    await desk.passes(hours=3)
    await rests(ann, bob, zoe, petro, tickets=(1, 2))
    await bob.presses(said_in("en", "button.undo"), on=undo)  # what would have woken by now wakes at once
    await bob.reads("The time this was put aside until has come.", at=THREAD(1))
    assert await desk.records(lambda tx: tx.tickets.get(1).status) == "open"
    await rests(ann, bob, zoe, petro, tickets=(1, 2))


async def test_a_time_is_answered_by_its_requester_where_it_was_asked(desk: Desk, ann: Somebody, bob: Somebody):
    """In a request channel, by somebody who has never written to the bot; whoever else reads it there says nothing of it."""
    zoe = desk.requester("Zoe")
    room = await takes_requests(desk, "help-it", ann, zoe)
    await at_work(desk, bob)
    await ann.mentions("my screen is dark", at=room)
    await ann.catches_up(at=room)
    await bob.says("/plan 1 tomorrow 10-12, place: Office 5", at=QUEUE)
    asking = await ann.reads("planned a time", at=room)
    await zoe.presses(said_in("en", "button.plan_suits"), on=asking)
    zoe.sees_toast("Ann")
    await ann.presses(said_in("en", "button.plan_suits"), on=asking)
    await ann.reads("We have agreed on", at=room)
    assert (await desk.records(lambda tx: tx.plans.of(1)[0])).answer == "suits"
    await ann.presses(said_in("en", "button.plan_file"), at=room)
    await ann.reads(said_in("en", "plans.file"), at=room)
    for somebody in (ann, zoe):
        await somebody.catches_up(at=room)
    await rests(ann, zoe, bob)


async def test_of_several_that_become_one_everybody_hears_the_time_that_holds(desk: Desk, ann: Somebody, bob: Somebody):
    zoe, kay, lev, petro = (desk.requester(name) for name in ("Zoe", "Kay", "Lev", "Petro"))
    everybody = (ann, bob, zoe, kay, lev, petro)
    await petro.starts()
    await at_work(desk, bob)
    await ruled(desk, roles={"seniors": [account(bob)]})
    for number, somebody in enumerate((ann, zoe, kay, lev), 1):
        await asked(somebody, f"{FIRST} {number}", ticket=number)
        await claimed(bob, somebody, ticket=number)
    early, late = span(tomorrow(desk, 10), 2), span(tomorrow(desk, 15))
    for said in ("/guest 2 Petro Please come", "/plan 2 tomorrow 10-12", "/plan 4 tomorrow 15-16, place: Lilac 77"):
        await bob.says(said, at=QUEUE)
    told = await zoe.sees(said_in("en", "told.planned", ticket=2, when=early, where=""))
    await rests(*everybody, tickets=(1, 2, 3, 4))

    async def merges(gone: int, kept: int) -> Line:
        await bob.says(f"/merge {gone} {kept}", at=QUEUE)
        await bob.catches_up(at=QUEUE)
        await applies(bob, at=QUEUE)
        return await bob.reads(said_in("en", "done.merged", ticket=gone, into=kept), at=QUEUE)

    await merges(3, 1)
    await rests(*everybody, tickets=(1, 2, 3, 4))
    await merges(2, 1)
    await ann.sees(said_in("en", "told.planned", ticket=1, when=early, where=""))
    await kay.sees(said_in("en", "told.planned", ticket=3, when=early, where=""))
    await petro.sees(said_in("en", "guest.goes_on", ticket=2, into=1))
    await petro.sees_nothing()  # he knows the time
    await rests(*everybody, tickets=(1, 2, 3, 4))
    undo = await merges(1, 4)
    for number, somebody in ((1, ann), (2, zoe), (3, kay)):
        await somebody.reads(said_in("en", "told.plan_moved", ticket=number, when=late, where="\n📍 Lilac 77"))
    await petro.reads(said_in("en", "guest.plan_moved", ticket=4, when=late))
    await lev.sees_nothing()
    await zoe.presses(said_in("en", "button.plan_file"), on=told)
    sent = await zoe.sees(said_in("en", "plans.file"), kind="document")
    _, data = desk.stage.content(zoe.native, sent)
    assert [data.count(each) for each in (b"STATUS:CANCELLED", b"STATUS:CONFIRMED", b"METHOD:PUBLISH")] == [1, 1, 1]
    await rests(*everybody, tickets=(1, 2, 3, 4))
    await bob.presses(said_in("en", "button.undo"), on=undo)
    await desk.settles()
    changed = said_in("en", "guest.plan_moved", ticket=4, when=late)
    assert not any(changed in line.text for line in desk.stage.lines(petro.native, None))
    await rests(*everybody, tickets=(1, 2, 3, 4))
