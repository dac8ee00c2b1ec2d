"""What only a living process can answer is owned up to at the next start, once, and nothing else is."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text as sql

from bot.inbox import Inbox
from bot.intake import owed_answers
from bot.intake.owed_answers import LONG_AGO, is_missed
from bot.intake.turn_loop import TurnLoop
from bot.messengers.protocol import Answer, Undelivered
from bot.operations import seed
from handlers.rules import Rules
from handlers.rules.book import RulesCache
from handlers.turns.knowledge import Knowledge
from handlers.vocabulary import presses
from handlers.vocabulary.messages import RENDERED_MESSAGE, Event, Kind, Sender, Toast
from storage.engine import begun_turns
from storage.engine.opening import open_database
from storage.models import begun, inbox, outgoing
from tests.clock import MONDAY, HandClock

CUT_OFF = "A restart may have cut off my answer to you."
PRESS = presses.Rate(99, 5)  # of a request that is not there: it is refused by a word that only the actor sees
HELD = sql(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :class"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def pressed(key, who):
    sender = Sender(who, who.title(), language="en", chat=who)
    facts = {"chat": who, "sender": sender, "message": "7", "interaction": key}
    return Event(Kind.PRESS, "telegram:1", key, who, MONDAY, name=PRESS.name, value=PRESS.value, **facts)


@pytest.fixture
async def served(database_url, monkeypatch):
    monkeypatch.setattr(begun_turns, "_FLUSH", 60.0)  # however busy the machine is
    database = await open_database(database_url)
    database.alone()
    await database.run(partial(seed.seed_rules, document=seed.example_rules(), base=Rules(), now=MONDAY))
    yield database
    await database.close()


async def told(served):
    rows = await served.run(lambda c: c.execute(outgoing.select().order_by(outgoing.c.id)).all())
    return [RENDERED_MESSAGE.validate_json(row.payload).words.text for row in rows if row.payload]


class TooLate:
    """A messenger that is there, and takes no answer any more."""

    async def answer(self, answer):
        raise Undelivered("query is too old")


async def start(served, clock):
    desk = TurnLoop(served, clock, RulesCache(Rules()), Knowledge(), {}, promised=asyncio.Event())
    await desk.recover(served.run)
    return desk


async def die(served, desk):
    """Leave what is written as a process does that is killed: a file stays as it is, a server frees the lock."""
    if served.shared:
        await desk.settle()
        for _ in range(1000):  # it sees so a moment later
            if not await served.run(lambda c: c.scalar(HELD, {"class": begun_turns._CLASS})):
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the lock of who died is still held")


@pytest.mark.parametrize("late", [False, True])
async def test_whoever_was_left_without_an_answer_is_told_so_once(served, late):
    clock = HandClock()
    desk = await start(served, clock)
    await Inbox(served, clock, desk.bell).accept([pressed("0", "abe"), pressed("1", "ann"), pressed("2", "bob")])
    answers: list[Answer] = []
    while len(answers) < 3:
        answers += (await served.run(desk._round)).answers
    assert all(map(is_missed, answers))
    desk._owed.given(next(each for each in answers if each.event.key == "2"))
    await die(served, desk)
    # What Abe did is not kept any more: of him nothing is known, and it is nobody else's loss.
    await served.run(lambda c: c.execute(inbox.update().where(inbox.c.key == "0").values(payload="")))
    if late:
        clock.set(MONDAY + LONG_AGO + timedelta(minutes=1))
    for _ in range(3):  # the second start finds it told already
        await die(served, await start(served, clock))
        assert [text.startswith(CUT_OFF) for text in await told(served)] == [True] * (not late)


async def test_what_cannot_be_owned_up_to_keeps_no_desk_from_starting(served, monkeypatch, caplog):
    def fails(*_):
        raise RuntimeError("a fault of ours")

    clock = HandClock()
    desk = await start(served, clock)
    await Inbox(served, clock, desk.bell).accept([pressed("1", "ann")])
    await served.run(partial(desk._round, slot=1))
    await die(served, desk)
    monkeypatch.setattr(owed_answers, "_tell", fails)
    await (await start(served, clock)).settle()
    assert await told(served) == []
    assert [each.exc_info is not None for each in caplog.records if each.event == "untold"] == [True]


@pytest.mark.parametrize(
    "messengers", [{}, {"telegram:1": TooLate(), "slack:1": TooLate()}], ids=["not there yet", "too late"]
)
async def test_what_can_be_answered_in_place_no_more_is_said_in_the_chat(served, messengers):
    """What was heard before a restart may have its turn sooner than the messenger is there, or later than it waits."""
    clock = HandClock()
    desk = await start(served, clock)
    desk._messengers = messengers
    sender = Sender("bob", "Bob", language="en", chat="bob")
    window = Event(
        Kind.COMMAND, "slack:1", "2", "bob", MONDAY, name="new", chat="bob", sender=sender, interaction="2", modal=True
    )
    await Inbox(served, clock, desk.bell).accept([pressed("1", "ann"), window])
    answers: list[Answer] = []
    while len(answers) < 2:
        answers += (await served.run(desk._round)).answers
    assert await told(served) == []
    desk._answer(answers)
    await desk.settle()
    said = await told(served)
    alert, question = sorted(said, key=lambda text: "What is it about?" in text)
    assert alert == "There is no request #99. Write /my to see yours."
    assert "What is it about?" in question
    await die(served, desk)
    await (await start(served, clock)).settle()
    assert await told(served) == said  # nothing is owed any more


async def test_who_stops_in_peace_owes_nothing(served):
    clock = HandClock()
    desk = await start(served, clock)
    await Inbox(served, clock, desk.bell).accept([pressed("1", "ann")])
    done = await served.run(desk._round)
    desk._answer(done.answers)
    await desk.settle()
    said = await told(served)
    await (await start(served, clock)).settle()
    assert await told(served) == said
    if served.shared:
        rows = await served.run(lambda c: c.execute(begun.select().where(begun.c.tries < 0)).all())
        assert {row.ids for row in rows} == {"[]"}


def test_a_word_beside_a_button_that_has_done_its_work_is_missed_by_nobody():
    event = pressed("1", "ann")
    for answer, missed in (
        (Answer(event), False),
        (Answer(event, (Toast("Claimed"),)), False),
        (Answer(event, (Toast("You cannot", alert=True),)), True),
        (Answer(event, (Toast("Write to me", vital=True),)), True),
        (Answer(event, (), 7), True),
        (Answer(replace(event, kind=Kind.COMMAND), (Toast("There is none"),)), True),
    ):
        assert is_missed(answer) is missed, answer
