"""Every figure is what a plain recount makes of a random life: clocks that change, zones, working hours, reopenings, merges."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.deferred.workshop import Workshop
from bot.reports.gathering import gather_material
from handlers.reports.asked import AskedReport
from handlers.reports.kinds import ReportKind
from handlers.reports.ledger import What
from handlers.reports.report import Material
from handlers.reports.tally import Measures
from handlers.rules import Rules
from handlers.vocabulary.periods import Period
from storage.engine.database import Database
from tests.lengths import FULL
from tests.reports.histories import Life, lived
from tests.reports.recount import Recount, counted, within
from tests.storage.rows import transact

SEEDS = range(60) if FULL else range(8)


async def told(database: Database, life: Life, period: Period, now: datetime, **facts: object) -> Material:
    """Return what the product makes of a life."""
    asked = AskedReport(ReportKind.OVERVIEW, period.first, period.end, life.zone, "en", **facts)  # type: ignore[arg-type]
    workshop = Workshop(database, Rules(zone=life.zone), lambda: now)
    return await gather_material(workshop, asked, await workshop.rules(), every=True)


def stretch(life: Life, first: int, days: int) -> Period:
    """Return some days of a life, as its zone counts them."""
    day = (life.start + timedelta(days=first)).astimezone(ZoneInfo(life.zone)).date()
    return Period(day, day + timedelta(days=days), life.zone)


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_figure_is_what_a_plain_recount_makes_of_it(database: Database, seed: int):
    life = await transact(database, lambda tx: lived(tx, seed))
    again, now = Recount(life), life.end + timedelta(days=1)
    for first, days in ((0, 30), (4, 9), (11, 1)):
        period = stretch(life, first, days)
        since, until = period.since, period.until
        found = await told(database, life, period, now)
        whole, events = found.counted.whole, again.events(since, until)
        counts = counted(events, lambda _: None)
        for what in What:
            assert whole.counts[what] == counts[str(what), None], (seed, what)
        assert found.waiting == again.waiting(min(until, now)), seed
        assert found.waiting_before == again.waiting(since), seed
        check_measures(life, again, found, events)
        check_lines(life, found, events)


def check_measures(life, again, found, events) -> None:
    """Compare how long things took, by the clock and by the wall, and whether targets were kept."""
    whole = found.counted.whole
    for what in ("answered", "solved", "solved_again"):
        mine = [(number, was) for name, number, _, was in events if name == what]
        begun = {
            number: next(
                (one.at for one in reversed(life.tickets[number]) if one.at < was.at and reopens(life, number, one)),
                life.tickets[number][0].at,
            )
            if what == "solved_again"
            else life.tickets[number][0].at
            for number, was in mine
        }
        worked = sorted(again.worked(number, begun[number], was.at) for number, was in mine)
        measures = [*whole.measures.get(What(what), Measures()).ordered()]
        if what == "solved_again" and len({number for number, _ in mine}) < len(mine):
            continue  # reopened more than once in these days: the plain recount knows the latest beginning only
        assert [one[1] for one in measures] == worked, (life.seed, what)
        assert sorted(one[2] for one in measures) == sorted(was.at - begun[number] for number, was in mine)
        for share in (0.5, 0.9):
            assert whole.worked(What(what), share) == within(worked, share)
    answered = [(number, was) for name, number, _, was in events if name == "answered"]
    aimed = [(was.at, life.answer_due[number]) for number, was in answered if life.answer_due[number]]
    assert whole.met[What.ANSWERED] == sum(at <= due for at, due in aimed)
    assert whole.missed[What.ANSWERED] == sum(at > due for at, due in aimed)
    solved = [was for name, _, _, was in events if name == "solved" and was.due]
    assert whole.met[What.SOLVED] == sum(was.at <= was.due for was in solved)
    assert sorted(value for value, _ in whole.ratings) == sorted(
        was.value for name, _, _, was in events if name == "rated"
    )


def reopens(life, number, one) -> bool:
    """Return whether a state is one in which a ticket was taken up again."""
    states = life.tickets[number]
    place = states.index(one)
    over = ("resolved", "closed")
    return place > 0 and states[place - 1].status in over and one.status not in over


def check_lines(life, found, events) -> None:
    """Compare the tables, line by line."""
    for by, key in (
        ("group", lambda was: was.group),
        ("type", lambda was: was.type),
        ("priority", lambda was: was.priority),
    ):
        mine = counted(events, key)
        lines = {
            (str(what), name): count
            for name, tally in found.counted.by[by].items()
            for what, count in tally.counts.items()
            if count
        }
        assert lines == dict(mine), (life.seed, by)
    days = counted(events, lambda was: was.at.astimezone(ZoneInfo(life.zone)).date())
    lines = {
        (str(what), day): count
        for day, tally in found.counted.days.items()
        for what, count in tally.counts.items()
        if count
    }
    assert lines == dict(days), life.seed
    minutes = sum(minutes for _, minutes, at in life.spent if found.counted.since <= at < found.counted.until)
    assert found.counted.whole.minutes == minutes


async def test_a_calendar_that_changes_today_leaves_yesterday_as_it_was(database: Database):
    life = await transact(database, lambda tx: lived(tx, 3))
    period, now = stretch(life, 0, 20), life.end + timedelta(days=30)
    before = await told(database, life, period, now)

    def change(tx) -> None:
        tx.rules.put({"hours": {}, "desk": {"time_zone": "UTC"}}, act="apply", by=None, at=now - timedelta(days=1))

    await transact(database, change)
    after = await told(database, life, period, now)
    assert after.counted.whole.measures == before.counted.whole.measures
    assert after.counted.whole.counts == before.counted.whole.counts
