"""The desk's turns: a bug is the event's own and ends as a dead letter, the database's trouble is nobody's fault."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text as sql

from bot.inbox import Inbox
from bot.intake import turn_loop
from bot.intake.timer_dispatcher import TimerDispatcher
from bot.intake.turn_loop import TRIES, TurnLoop
from bot.operations import seed
from handlers.rules import Rules
from handlers.rules.book import RulesCache
from handlers.turns.knowledge import Knowledge
from handlers.vocabulary.messages import RENDERED_MESSAGE, Event, Kind, RichText, Sender
from storage.engine.database import DatabaseUnavailable
from storage.engine.opening import open_database
from storage.models import begun, outgoing
from storage.queues import inbox, lanes
from storage.queues.timers import Timers
from tests.clock import MONDAY, HandClock

SOURCE = "telegram:1"


class Endless(Knowledge):
    """A knowledge base that does not come to an end on some words: in Python, or in a statement."""

    def __init__(self, *, statement):
        super().__init__()
        self.statement = statement
        self.calls = 0

    def find(self, articles, text, language=None):
        if text != "endless":
            return super().find(articles, text, language)
        self.calls += 1
        Timers(articles._connection).schedule("half", MONDAY, facts={})
        while True:
            if self.statement:
                articles._connection.execute(ENDLESS[articles._connection.dialect.name])
            elif articles._connection.dialect.name == "postgresql":  # what never waits holds up the loop: see the watch
                articles._connection.execute(sql("SELECT 1"))


ENDLESS = {
    "sqlite": sql("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"),
    "postgresql": sql("SELECT pg_sleep(600)"),
}


class Broken(Knowledge):
    """A knowledge base that raises what it is told to, once it has written something."""

    def __init__(self, error):
        super().__init__()
        self.error = error

    def find(self, articles, text, language=None):
        Timers(articles._connection).schedule("half", MONDAY, facts={})
        raise self.error


def said(key, text="How do I reset my password?", who="ann"):
    return Event(
        Kind.TEXT,
        SOURCE,
        key,
        who,
        MONDAY,
        chat=who,
        sender=Sender(who, who.title(), language="en", chat=who),
        message=key,
        words=RichText(text),
    )


@pytest.fixture
async def open_desk(database):
    """Return a way to open a desk with this knowledge base, its door and its clock."""
    await database.run(partial(seed.seed_rules, document=seed.example_rules(), base=Rules(), now=MONDAY))

    def opened(knowledge, **chosen):
        clock = HandClock()
        desk = TurnLoop(database, clock, RulesCache(Rules()), knowledge, {}, promised=asyncio.Event(), **chosen)
        return desk, Inbox(database, clock, desk.bell), clock

    return opened


async def until(seen):
    """Return when something is seen in the database that another thread or server writes."""
    async with asyncio.timeout(30):
        while True:
            with suppress(DatabaseUnavailable):  # it shared a transaction with a turn that was ended
                if await seen():
                    return
            await asyncio.sleep(0.02)


async def put_aside(database, clock):
    """Return whether there is a dead letter; let time pass until something is to be tried again."""
    due = await database.run(lambda c: lanes.next_ready(c, lanes.IN))
    if clock.idle(1) and due is not None:
        clock.set(max(clock.now(), due))
    return await database.run(inbox.dead_letters)


async def promises(database):
    """Return what was promised to say, in order."""
    rows = await database.run(lambda c: c.execute(outgoing.select().order_by(outgoing.c.id)).all())
    return [RENDERED_MESSAGE.validate_json(row.payload).words.text for row in rows if row.payload]


async def idle(clock, rested):
    """Return when two loops wait for what is not there yet."""
    async with asyncio.timeout(10):
        while not clock.idle(2):
            rested.clear()
            await rested.wait()


async def test_a_poisoned_event_is_tried_three_times_and_then_put_aside(database, open_desk):
    """Its turn is undone each time, the person is told the incident once, and the conversation goes on."""
    desk, door, clock = open_desk(Broken(RuntimeError("a bug")))
    await door.accept([said("1"), said("2", "/start")])
    for tries in range(TRIES):
        assert await database.run(inbox.dead_letters) == []
        done = await database.run(desk._round)
        assert done.handled == 1
        if tries + 1 < TRIES:
            again = await database.run(lambda c: lanes.next_ready(c, lanes.IN))
            assert again > clock.now()
            clock.set(again)
    [dead] = await database.run(inbox.dead_letters)
    assert (dead.key, dead.tries) == ("1", TRIES - 1)
    assert clock.now() - MONDAY <= timedelta(seconds=10)
    told = await promises(database)
    assert len(told) == 1
    assert dead.incident in told[0]
    assert await database.run(lambda c: Timers(c).next_due()) is None
    assert await database.run(inbox.inbox_backlog) == 1


async def test_the_databases_trouble_is_not_counted_against_an_event(database, open_desk):
    desk, door, _ = open_desk(Broken(DatabaseUnavailable("database or disk is full")))
    await door.accept([said("1")])
    for _ in range(TRIES + 1):
        with pytest.raises(DatabaseUnavailable):
            await database.run(desk._round)
    assert await database.run(inbox.dead_letters) == []
    [head] = await database.run(lambda c: inbox.lane_heads(c, MONDAY, 16))
    assert head.tries == 0
    assert await promises(database) == []


async def test_a_turn_that_others_had_to_wait_for_is_named_in_the_log(database, open_desk, monkeypatch, caplog):
    """By its kind and the number of its row: never by what was said."""
    monkeypatch.setattr(turn_loop, "SLOW", 0.0)
    desk, door, _ = open_desk(Knowledge())
    await door.accept([said("1")])
    await database.run(desk._round)
    [told] = [record for record in caplog.records if getattr(record, "event", "") == "slow_turn"]
    assert (told.kind, told.id) == (Kind.TEXT, 1)
    assert "password" not in told.getMessage()
    await desk.settle()


async def test_turns_of_a_conversation_come_in_order_and_one_at_a_time(database, open_desk):
    desk, door, _ = open_desk(Knowledge())
    events = [said(f"{n}", "hello", who) for n in range(3) for who in ("ann", "bob")]
    await door.accept(events)
    while await database.run(inbox.inbox_backlog):
        done = await database.run(desk._round)
        assert 1 <= done.handled <= 2  # never two of one person


async def test_a_timer_is_an_event_once_whoever_else_tries(database):
    rested, stirred = asyncio.Event(), asyncio.Event()
    clock = HandClock(rested=rested.set)
    doors = [TimerDispatcher(database, clock, stirred) for _ in range(2)]
    await database.run(lambda c: Timers(c).schedule("remind", MONDAY + timedelta(hours=1), facts={"n": 1}))
    loops = [asyncio.create_task(door.serve()) for door in doors]
    await idle(clock, rested)
    assert await database.run(inbox.inbox_backlog) == 0
    clock.set(MONDAY + timedelta(hours=1))
    async with asyncio.timeout(10):
        await stirred.wait()
    await idle(clock, rested)
    assert await database.run(inbox.inbox_backlog) == 1
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)


@pytest.mark.parametrize("statement", [True, False], ids=["in a statement", "in Python"])
async def test_a_turn_that_does_not_end_is_ended_and_counts_as_a_try(database, open_desk, statement):
    """After the third time it is put aside, nothing of it is done, and everybody else is served meanwhile."""
    endless = Endless(statement=statement)
    desk, door, clock = open_desk(endless, too_long=0.3)
    await door.accept([said("1", "endless"), said("2", "thanks", "bob")])
    serving = asyncio.create_task(desk.serve())
    async with asyncio.timeout(60):
        await until(lambda: put_aside(database, clock))
        await until(lambda: database.run(lambda c: not inbox.inbox_backlog(c)))
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)
    await desk.settle()
    [dead] = await database.run(inbox.dead_letters)
    assert (dead.key, dead.tries, endless.calls) == ("1", TRIES - 1, TRIES)
    assert await database.run(lambda c: Timers(c).next_due()) is None
    told = await promises(database)
    assert len(told) == 2
    assert sum(dead.incident in text for text in told) == 1


async def test_what_was_begun_when_the_process_died_is_counted_at_the_next_start(database_url, open_desk):
    """Once a start, and only while the event waits as it did then."""
    served = await open_database(database_url)
    served.alone()
    _, door, clock = open_desk(Knowledge())
    await door.accept([said("1"), said("2", "hello", "bob")])
    ann, bob = await served.run(lambda c: inbox.lane_heads(c, MONDAY, 16))
    marks = served.marks()
    await marks.open()
    marks.begin(0, ann.ids, 0)
    marks.begin(1, bob.ids, 0)
    await served.run(lambda c: inbox.finish_event(c, bob, MONDAY))  # it came to its end after all
    await until(lambda: served.run(lambda c: len(begun_by(c, marks)) == 2))
    if served.shared:
        await marks.close()
    again = TurnLoop(served, clock, RulesCache(Rules()), Knowledge(), {}, promised=asyncio.Event())
    for tries in range(1, 3):  # the second start finds it counted already
        await again.recover(served.run)
        clock.set(MONDAY + timedelta(seconds=10))
        [head] = await served.run(lambda c: inbox.lane_heads(c, clock.now(), 16))
        assert (head.ids, head.tries) == (ann.ids, 1), tries
    await again.settle()
    await served.close()


def begun_by(connection, marks):
    """Return what has been written down as begun, by the living too."""
    if connection.dialect.name == "sqlite":
        return marks.left(connection)
    return connection.execute(begun.select()).all()


async def test_what_was_tried_before_shares_its_transaction_with_nobody(database, open_desk):
    desk, door, clock = open_desk(Broken(RuntimeError("a bug")))
    await door.accept([said("1"), said("2", "/start", "bob")])
    rounds = []
    while await database.run(inbox.inbox_backlog):
        done = await database.run(desk._round)
        rounds.append(done.handled)
        if not done.handled:
            clock.set(await database.run(lambda c: lanes.next_ready(c, lanes.IN)))
            await door.accept([said(f"more{len(rounds)}", "hello", "eve")])
    assert max(rounds[1 if not database.shared else 0 :]) == 1
