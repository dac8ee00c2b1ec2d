"""A flood costs its author: what they write is kept, joined and in order; everybody else is served as before."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event as happening
from sqlalchemy import func, select

from bot.inbox import Inbox
from bot.intake.flood import TOGETHER
from bot.intake.turn_budget import BURST, PEOPLE, TEAMS, Budget, Fate
from bot.intake.turn_budget import TURNS as A_MINUTE
from bot.intake.turn_loop import TurnLoop
from bot.operations import seed
from handlers.rules import Rules
from handlers.rules.book import RulesCache
from handlers.turns.knowledge import Knowledge
from handlers.vocabulary.messages import RENDERED_MESSAGE, Event, Kind, RichText, Sender
from storage.models import ban, message, outgoing, verdict
from storage.queues import inbox, lanes
from storage.transaction import Transaction
from tests.clock import MONDAY, HandClock
from tests.storage.rows import at, kind, known

SOURCE = "telegram:1"
TURNS = int(A_MINUTE * BURST)  # at once
MANY = 1000


def did(key, text="", who="ann", kind=Kind.TEXT, **more):
    sender = Sender(who, who.title(), language="en", chat=who)
    return Event(
        kind, SOURCE, key, who, MONDAY, chat=who, sender=sender, message=key, words=RichText(text), **more
    )  # fmt: skip


@pytest.fixture
async def opened(database):
    await database.run(partial(seed.seed_rules, document=seed.example_rules(), base=Rules(), now=MONDAY))
    clock = HandClock()
    desk = TurnLoop(database, clock, RulesCache(Rules()), Knowledge(), {}, promised=asyncio.Event())
    return database, desk, Inbox(database, clock, desk.bell), clock


async def told(database, lane):
    rows = await database.run(
        lambda c: c.execute(select(outgoing.c.payload).where(outgoing.c.lane == lane).order_by(outgoing.c.id)).all()
    )
    return [RENDERED_MESSAGE.validate_json(row.payload).words.text for row in rows if row.payload]


async def serves(database, desk, clock, until=None):
    """Give turns, letting time pass to when the next is due; return how many rounds of turns that took."""
    rounds = 0
    while await database.run(inbox.inbox_backlog):
        done = await database.run(desk._round)
        rounds += bool(done.handled)
        if not done.handled:
            due = await database.run(lambda c: lanes.next_ready(c, lanes.IN))
            if until is not None and due > until:
                break
            clock.set(max(clock.now(), due))
    return rounds


def request(connection):
    """Ann has an open request that she is talking on."""
    tx = Transaction(connection)
    kind(tx, "repair")
    return at(tx, known(tx, "ann")).id


@pytest.mark.slow
async def test_a_thousand_messages_are_kept_once_and_in_order_and_others_are_served(opened):
    database, desk, door, clock = opened
    number = await database.run(request)
    words = [f"word {n}" for n in range(MANY)]
    await door.accept([did(f"m{n}", text) for n, text in enumerate(words)])
    others = [f"other{n}" for n in range(20)]
    await door.accept([did(f"o{n}", "thanks", who) for n, who in enumerate(others)])
    before = clock.now()
    while any([not await told(database, f"{SOURCE}:{who}") for who in others]):
        assert (await database.run(desk._round)).handled  # nobody waits for what the flood waits for
    assert clock.now() == before
    rounds = await serves(database, desk, clock)
    said = await database.run(
        lambda c: c.execute(select(message.c.words).where(message.c.ticket_id == number).order_by(message.c.id)).all()
    )
    assert [row.words["text"] for row in said][-MANY:] == words
    assert rounds <= 2 * MANY / TOGETHER + 3 * TURNS  # a look at what still waits, and a turn
    assert clock.now() - MONDAY < timedelta(minutes=MANY / TOGETHER / A_MINUTE + 2)
    notices = [text for text in await told(database, f"{SOURCE}:ann") if text.startswith("You write faster")]
    assert len(notices) == 1
    assert await database.run(inbox.dead_letters) == []


async def test_a_fold_costs_few_statements(opened):
    database, desk, door, clock = opened
    await database.run(request)
    await door.accept([did(f"m{n}", f"word {n}") for n in range(TURNS + 3 * TOGETHER)])
    await serves(database, desk, clock, until=MONDAY)
    clock.set(MONDAY + timedelta(seconds=61 / A_MINUTE))
    counted = await database.run(partial(statements, work=desk._round))
    assert 30 < counted <= 200


def statements(connection, work):
    """Return how many statements some work takes."""
    seen: list[object] = []
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        raw.set_trace_callback(seen.append)
        work(connection)
        raw.set_trace_callback(None)
    else:
        listener = lambda *_: seen.append(1)  # noqa: E731
        happening.listen(connection, "before_cursor_execute", listener)
        work(connection)
        happening.remove(connection, "before_cursor_execute", listener)
    return len(seen)


async def test_questions_asked_in_a_flood_are_heard_together(opened):
    """Each answer names what was asked; no word is missing from what the desk has kept."""
    database, desk, door, clock = opened
    await door.accept([did(f"m{n}", f"question{n} about thing{n}") for n in range(100)])
    await serves(database, desk, clock)
    kept = await database.run(lambda c: c.execute(select(verdict.c.said).order_by(verdict.c.id)).scalars().all())
    assert len(kept) <= 2 + 80 // TOGETHER
    natives: dict[str, str] = {}
    for said in kept:
        natives |= {piece["native"]: piece["words"]["text"] for piece in said.get("pieces") or [said]}
    assert list(natives.values()) == [f"question{n} about thing{n}" for n in range(100)]


@pytest.mark.parametrize(("kind_", "name"), [(Kind.PRESS, "mine"), (Kind.COMMAND, "help")], ids=["presses", "commands"])
async def test_acts_in_a_flood_are_not_done_and_that_is_said_once(opened, kind_, name):
    database, desk, door, clock = opened
    more = {"interaction": "1"} if kind_ is Kind.PRESS else {}
    await door.accept([did(f"m{n}", f"/{name}", kind=kind_, name=name, **more) for n in range(TURNS + 30)])
    toasts = []
    while await database.run(inbox.inbox_backlog):
        done = await database.run(desk._round)
        assert done.handled
        toasts += [toast.text for answer in done.answers for toast in answer.toasts]
    said = toasts + await told(database, f"{SOURCE}:ann")
    assert sum("too much at once" in text for text in said) == 1
    assert clock.now() == MONDAY
    await door.accept([did("later", "/help", kind=Kind.COMMAND, name="help")])
    clock.set(MONDAY + timedelta(minutes=1))
    had = len(await told(database, f"{SOURCE}:ann"))
    await serves(database, desk, clock)
    assert len(await told(database, f"{SOURCE}:ann")) == had + 1


async def test_words_behind_a_command_wait_in_a_flood_and_are_lost_nowhere(opened):
    """A reply or a note is a command with words: it is done later, as words are."""
    database, desk, door, clock = opened
    await door.accept(
        [
            did(f"m{n}", f"/faq word{n}", kind=Kind.COMMAND, name="faq", value=f"word{n}", interaction="")
            for n in range(TURNS + 30)
        ]
    )
    await serves(database, desk, clock)
    assert clock.now() > MONDAY
    assert len(await told(database, f"{SOURCE}:ann")) >= TURNS + 30


async def test_edits_in_a_flood_wait_and_are_done(opened):
    database, desk, door, clock = opened
    number = await database.run(request)
    await door.accept([did("m", "the first")])
    await door.accept([did(f"m:{n}", f"changed {n}", kind=Kind.EDIT) for n in range(TURNS + 5)])
    await serves(database, desk, clock)
    assert clock.now() > MONDAY
    assert await database.run(lambda c: c.scalar(select(func.count()).where(message.c.ticket_id == number))) >= 1


async def test_who_is_banned_is_told_nothing_of_it(opened):
    database, desk, door, clock = opened
    number = await database.run(request)

    def banned(connection):
        tx = Transaction(connection)
        ticket = tx.tickets.get(number)
        connection.execute(
            ban.insert().values(person_id=ticket.requester_id, reason="x", by_id=ticket.requester_id, at=MONDAY)
        )

    await database.run(banned)
    await door.accept([did(f"m{n}", "spam") for n in range(TURNS + 40)])
    await serves(database, desk, clock)
    assert len(await told(database, f"{SOURCE}:ann")) == 1


def test_a_measure_fills_again_and_is_larger_where_people_work_together():
    budget = Budget()
    for _ in range(TURNS):
        assert budget.judge(did("m"), MONDAY).fate is Fate.TURN
    late = budget.judge(did("m"), MONDAY)
    assert (late.fate, late.told) == (Fate.LATER, True)
    assert late.until is not None
    assert not budget.judge(did("m"), MONDAY).told
    assert budget.judge(did("m"), late.until).fate is Fate.FOLDED
    assert budget.judge(did("m"), late.until + timedelta(minutes=BURST)).fate is Fate.TURN
    assert budget.judge(did("m"), MONDAY - timedelta(days=1)).fate is Fate.TURN  # a clock that was set back
    team = [budget.judge(did("m", private=False), MONDAY).fate for _ in range(TEAMS * TURNS + 1)]
    assert team == [Fate.TURN] * TEAMS * TURNS + [Fate.LATER]
    nobody = Event(Kind.TIMER, "desk", "t", "c", MONDAY)
    assert {budget.judge(nobody, MONDAY).fate for _ in range(TEAMS * TURNS)} == {Fate.TURN}


@pytest.mark.parametrize("turns", [20, 7, 13, 60])
def test_when_the_wait_is_over_the_turn_is_there(turns):
    budget, now = Budget(turns), MONDAY
    while budget.judge(did("m"), now).fate is Fate.TURN:
        pass
    for number in range(300):  # however the parts of a minute are rounded
        now += timedelta(microseconds=number * 7919)
        judged = budget.judge(did("m"), now)
        if judged.until is not None:
            assert judged.until > now
            assert budget.judge(did("m"), judged.until).fate is not Fate.LATER
            now = judged.until


def test_measures_are_not_kept_for_ever():
    budget = Budget()
    for n in range(3 * PEOPLE):
        budget.judge(did("m", who=f"p{n}"), MONDAY + timedelta(milliseconds=n))
    assert len(budget._measures) <= PEOPLE
