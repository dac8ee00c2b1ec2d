"""Every figure is what a plain recount makes of a random life: clocks that change, zones, working hours, reopenings, merges."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.deferred.workshop import Workshop
from bot.reports import gathering
from bot.reports.gathering import gather_material
from bot.reports.producing import build_all_reports, build_report
from handlers.reports.asked import AskedReport
from handlers.reports.kinds import ReportKind
from handlers.reports.ledger import What
from handlers.reports.opened import Opened
from handlers.reports.report import Material
from handlers.reports.tally import MEASURED, Measures
from handlers.rules import Rules
from handlers.vocabulary.periods import Period
from storage.engine.database import Database
from tests.lengths import FULL
from tests.reports.histories import Life, lived
from tests.reports.recount import ACTIVE, Event, Recount, counted, within
from tests.storage.rows import transact

OUTCOMES = ("asked", "answered", "unanswered", "helped", "silent", "handed")
SEEDS = range(60) if FULL else range(8)


async def told(database: Database, life: Life, period: Period, now: datetime, opened: Opened | None = None) -> Material:
    """Return what the product makes of a life."""
    asked = AskedReport(ReportKind.OVERVIEW, period.first, period.end, life.zone, "en")
    workshop = Workshop(database, Rules(zone=life.zone), lambda: now)
    return await gather_material(workshop, asked, await workshop.rules(), every=True, opened=opened)


def stretch(life: Life, first: int, days: int) -> Period:
    """Return some days of a life, as its zone counts them."""
    day = (life.start + timedelta(days=first)).astimezone(ZoneInfo(life.zone)).date()
    return Period(day, day + timedelta(days=days), life.zone)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it read a few tickets and questions at a time, so that even a short life is read in many pieces."""
    for name in ("SPAN", "SOME", "QUESTIONS"):
        monkeypatch.setattr(gathering, name, 3)


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_figure_is_what_a_plain_recount_makes_of_it(database: Database, seed: int):
    life = await transact(database, lambda tx: lived(tx, seed))
    again, now = Recount(life), life.end + timedelta(days=1)
    for first, days in ((0, 30), (4, 9), (11, 1)):
        period = stretch(life, first, days)
        since, until = period.since, period.until
        opened = Opened()
        found = await told(database, life, period, now, opened)
        check_opened(found, opened)
        whole, events = found.counted.whole, again.events(since, until)
        counts = counted(events, lambda _: None)
        for what in What:
            assert whole.counts[what] == counts[str(what), None], (seed, what)
        assert found.waiting == again.waiting(min(until, now)), seed
        assert found.waiting_before == again.waiting(since), seed
        ages = [now - states[0].at for states in life.tickets.values() if states[-1].status in ACTIVE]
        assert sorted(age for age, _ in found.ages) == sorted(ages if until > now else []), seed
        questions = again.questions(since, until, now)
        assert {name: getattr(found.questions, name) for name in OUTCOMES} == {
            name: questions.get(name, 0) for name in OUTCOMES
        }, seed
        check_measures(life, again, found, events)
        check_lines(life, found, events)


def check_opened(found: Material, opened: Opened) -> None:
    """Compare each length with the stretches it is opened into: those in which the clock ran add up to it, all to its wall."""
    assert Counter(one.what for one in opened.events) == found.counted.whole.counts
    for one in opened.events:
        if one.what in MEASURED:
            own = [part for event, part in opened.stretches if event is one]
            assert sum(part.worked for part in own) == one.worked
            assert sum(part.end - part.begin for part in own) == one.wall
            assert all(part.worked == 0 for part in own if not part.runs)
    assert len(opened.events) == sum(found.counted.whole.counts.values())


def check_measures(life, again, found, events) -> None:
    """Compare how long things took, by the clock and by the wall, and whether targets were kept."""
    whole = found.counted.whole
    for what in ("answered", "solved", "solved_again"):
        mine = [one for one in events if one.what == what]
        worked = sorted(again.worked(one.number, one.begun, one.was.at) for one in mine)
        measures = [*whole.measures.get(What(what), Measures()).ordered()]
        assert [one[1] for one in measures] == worked, (life.seed, what)
        assert sorted(one[2] for one in measures) == sorted(one.was.at - one.begun for one in mine)
        for share in (0.5, 0.9):
            assert whole.worked(What(what), share) == within(worked, share)
    answered = [one for one in events if one.what == "answered"]
    aimed = [(one.was.at, life.answer_due[one.number]) for one in answered if life.answer_due[one.number]]
    assert whole.met[What.ANSWERED] == sum(at <= due for at, due in aimed)
    assert whole.missed[What.ANSWERED] == sum(at > due for at, due in aimed)
    solved = [one.was for one in events if one.what == "solved" and one.was.due]
    assert whole.met[What.SOLVED] == sum(was.at <= was.due for was in solved)
    assert sorted(value for value, _ in whole.ratings) == sorted(one.was.value for one in events if one.what == "rated")


def check_lines(life, found, events) -> None:
    """Compare the tables, line by line."""
    keys: dict[str, Callable[[Event], object]] = {
        "group": lambda one: one.was.group,
        "type": lambda one: one.was.type,
        "priority": lambda one: one.was.priority,
        "agent": lambda one: one.agent,
        "company": lambda one: life.companies[one.number],
    }
    for by, key in keys.items():
        assert told_counts(found.counted.by[by]) == dict(counted(events, key)), (life.seed, by)
    tagged = Counter((one.what, tag) for one in events for tag in life.tags[one.number])
    assert told_counts(found.counted.by["tag"]) == dict(tagged), life.seed
    zone = ZoneInfo(life.zone)
    assert told_counts(found.counted.days) == dict(counted(events, lambda one: one.was.at.astimezone(zone).date()))
    came = [one.was.at.astimezone(zone) for one in events if one.what == "came"]
    assert found.counted.hours == Counter((at.weekday(), at.hour) for at in came), life.seed
    minutes = sum(minutes for _, minutes, at in life.spent if found.counted.since <= at < found.counted.until)
    assert found.counted.whole.minutes == minutes


def told_counts(lines) -> dict[tuple[str, object], int]:
    """Return what each line of a table counts, of what happened at all."""
    return {(str(what), name): count for name, tally in lines.items() for what, count in tally.counts.items() if count}


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


@pytest.mark.parametrize("kind", ReportKind)
async def test_a_report_of_one_kind_says_what_the_workbook_of_all_says(database: Database, kind: ReportKind):
    life = await transact(database, lambda tx: lived(tx, 7))
    now, period = life.end + timedelta(days=1), stretch(life, 0, 30)
    workshop = Workshop(database, Rules(zone=life.zone), lambda: now)
    rules = await workshop.rules()
    asked = AskedReport(kind, period.first, period.end, life.zone, "en", compare=False)
    alone = await build_report(workshop, asked, rules)
    _, (first, *_) = await build_all_reports(workshop, asked, rules)
    assert (first.kind, first.figures, first.tables) == (kind, alone.figures, alone.tables)
