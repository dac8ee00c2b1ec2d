"""The desk's turns: a bug is the event's own and ends as a dead letter, the database's trouble is nobody's fault."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from bot import seed
from bot.clock import TimerDoor
from bot.desk import TRIES, Desk
from bot.inbox import Inbox
from handlers.knowledge import Knowledge
from handlers.messages import DRAWN, Event, Kind, Sender, Words
from handlers.rules import Rules
from handlers.rules.book import Book
from storage import inbox, lanes
from storage.database import Trouble
from storage.models import outgoing
from storage.timers import Timers
from tests.clock import MONDAY, HandClock

SOURCE = "telegram:1"


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
        words=Words(text),
    )


@pytest.fixture
async def open_desk(database):
    """Return a way to open a desk with this knowledge base, its door and its clock."""
    await database.run(partial(seed.rules, document=seed.example(), base=Rules(), now=MONDAY))

    def opened(knowledge):
        clock = HandClock()
        desk = Desk(database, clock, Book(Rules()), knowledge, {}, promised=asyncio.Event())
        return desk, Inbox(database, clock, desk.bell), clock

    return opened


async def promises(database):
    """Return what was promised to say, in order."""
    rows = await database.run(lambda c: c.execute(outgoing.select().order_by(outgoing.c.id)).all())
    return [DRAWN.validate_json(row.payload).words.text for row in rows if row.payload]


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
        assert await database.run(inbox.dead) == []
        done = await database.run(desk._round)
        assert done.handled == 1
        if tries + 1 < TRIES:
            again = await database.run(lambda c: lanes.next_ready(c, lanes.IN))
            assert again > clock.now()
            clock.set(again)
    [dead] = await database.run(inbox.dead)
    assert (dead.key, dead.tries) == ("1", TRIES - 1)
    assert clock.now() - MONDAY <= timedelta(seconds=10)
    told = await promises(database)
    assert len(told) == 1
    assert dead.incident in told[0]
    assert await database.run(lambda c: Timers(c).next_due()) is None
    assert await database.run(inbox.backlog) == 1


async def test_the_databases_trouble_is_not_counted_against_an_event(database, open_desk):
    desk, door, _ = open_desk(Broken(Trouble("database or disk is full")))
    await door.accept([said("1")])
    for _ in range(TRIES + 1):
        with pytest.raises(Trouble):
            await database.run(desk._round)
    assert await database.run(inbox.dead) == []
    [head] = await database.run(lambda c: inbox.heads(c, MONDAY, 16))
    assert head.tries == 0
    assert await promises(database) == []


async def test_turns_of_a_conversation_come_in_order_and_one_at_a_time(database, open_desk):
    desk, door, _ = open_desk(Knowledge())
    events = [said(f"{n}", "hello", who) for n in range(3) for who in ("ann", "bob")]
    await door.accept(events)
    while await database.run(inbox.backlog):
        done = await database.run(desk._round)
        assert 1 <= done.handled <= 2  # never two of one person


async def test_a_timer_is_an_event_once_whoever_else_tries(database):
    rested, stirred = asyncio.Event(), asyncio.Event()
    clock = HandClock(rested=rested.set)
    doors = [TimerDoor(database, clock, stirred) for _ in range(2)]
    await database.run(lambda c: Timers(c).schedule("remind", MONDAY + timedelta(hours=1), facts={"n": 1}))
    loops = [asyncio.create_task(door.serve()) for door in doors]
    await idle(clock, rested)
    assert await database.run(inbox.backlog) == 0
    clock.set(MONDAY + timedelta(hours=1))
    async with asyncio.timeout(10):
        await stirred.wait()
    await idle(clock, rested)
    assert await database.run(inbox.backlog) == 1
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)
