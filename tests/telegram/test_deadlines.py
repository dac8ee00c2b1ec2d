"""One deadline for a delivery with all its calls, a lease that outlives it, and nothing from whoever comes later than that."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.deferred.maker import Maker
from bot.delivery import settle
from bot.delivery.claim import claim_deliveries
from bot.delivery.outbox import Outbox
from bot.delivery.send import Attempt
from bot.delivery.settle import Result
from bot.messengers import deadlines
from bot.messengers.downloads import Memory
from bot.messengers.protocol import Delivery, Undelivered, Unreachable
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from bot.telegram.adapter import Telegram
from handlers.rules import Rules
from handlers.vocabulary.messages import RENDERED_MESSAGE, Chat, File, Operation, RenderedMessage, RichText, Thread
from storage.engine.database import Database
from storage.models import Sending, lane, outgoing
from storage.queues import lanes, outbox
from tests.clock import MONDAY, HandClock
from tests.desk.conftest import database
from tests.storage.rows import at, known, transact
from tests.telegram.delivering import messenger

__all__ = ["database", "messenger"]

MEGABYTE = 1024 * 1024


def promise(tx, address, *, files=(), operation=Operation.SEND):
    drawn = RENDERED_MESSAGE.dump_json(RenderedMessage(RichText("words"), files=files), exclude_defaults=True).decode()
    row = {"lane": address.lane, "operation": operation, "payload": drawn}
    return outbox.enqueue(tx.connection, address.source, row, MONDAY)


def threaded(tx, messenger: Telegram, team: Group) -> Thread:
    """Return the address of a ticket's thread that is not there yet, with words that wait for it."""
    ticket = at(tx, known(tx, "Ann"))
    channel = tx.channels.ensure(messenger.source, str(team.id), language="en", threads=True)
    address = Thread(messenger.source, ticket.id, channel.id)
    promise(tx, address)
    return address


async def taken(database, messenger: Telegram, now=MONDAY) -> Delivery:
    found = await database.run(
        lambda c: claim_deliveries(c, {messenger.source: messenger}, [messenger.source], now, 16)
    )
    [delivery] = found.deliveries
    assert isinstance(delivery, Delivery)
    return delivery


async def settled(database, messenger: Telegram, result: Result, now) -> None:
    await database.run(lambda c: settle.settle_results(c, [result], now, {messenger.source: messenger}))


async def state(database):
    return (await database.run(lambda c: c.execute(select(outgoing.c.state, outgoing.c.uncertain)).all()))[0]


async def test_making_the_thread_is_within_the_deadline_too(
    database, messenger: Telegram, sandbox: TelegramSandbox, team: Group, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(deadlines, "WITHIN", 0.5)
    await transact(database, lambda tx: threaded(tx, messenger, team))
    gate = sandbox.faults.hold(method="createForumTopic")
    sender = Outbox(database, HandClock(), {messenger.source: messenger}, stirred=asyncio.Event())
    async with asyncio.timeout(10):
        await sender._begin_round()
        await gate.reached()
        while (await state(database)).state is Sending.SENDING:
            await sender._begin_round()
            await asyncio.sleep(0)
    assert tuple(await state(database)) == (Sending.QUEUED, True)  # it may be there by now
    gate.open()


def attempt(database: Database, messenger: Telegram, delivery: Delivery) -> Attempt:
    """Return a try to send a delivery."""

    async def revoked(source: str) -> None:
        raise AssertionError(f"the token of {source} is valid")

    messengers = {messenger.source: messenger}
    maker = Maker(database, Rules(), HandClock().now, messengers)
    return Attempt(database, messengers, delivery, memory=Memory(), maker=maker, revoked=revoked)


async def test_a_thread_that_is_made_too_late_is_taken_away_and_nothing_is_written(
    database, messenger: Telegram, sandbox: TelegramSandbox, team: Group
):
    address = await transact(database, lambda tx: threaded(tx, messenger, team))
    stalled = await taken(database, messenger)
    gate = sandbox.faults.hold(method="createForumTopic", after=True)
    first = asyncio.create_task(attempt(database, messenger, stalled).run())
    await gate.reached()
    late = MONDAY + deadlines.lease_duration(stalled.seconds) + timedelta(seconds=1)
    another = await taken(database, messenger, late)
    sent = await attempt(database, messenger, another).run()
    gate.open()
    with pytest.raises(Unreachable) as told:
        await first
    assert len(team.topics) == 1
    assert [seen.text for seen in team.messages if seen.text == "words"] == ["words"]
    for result in (Result(stalled, ("999",)), Result(stalled, (), told.value)):
        await settled(database, messenger, result, late)
        assert (await state(database)).state is Sending.SENDING
    await settled(database, messenger, sent, late)
    assert (await state(database)).state is Sending.SENT
    thread = await transact(database, lambda tx: tx.talk.thread(address.ticket, address.channel))
    assert thread is not None
    assert thread.native == str(team.topics[0].id)


async def test_where_the_bot_may_not_delete_the_topic_that_is_too_many_is_closed(
    messenger: Telegram, team: Group, bob: Person
):
    topic = team.open_topic("#1")
    team.rights(take=["can_delete_messages"])
    await messenger.drop_thread(str(team.id), str(topic))
    assert [each.closed for each in team.topics] == [True]


class TestBytes:
    """Large files take longer, and their address is leased for longer."""

    @pytest.mark.parametrize(
        ("file", "operation", "ways"),
        [
            (File("document", "r", size=50 * MEGABYTE, source="slack:T1"), Operation.SEND, 2),
            (File("document", "r", source="slack:T1"), Operation.SEND, 0.8),  # of a size that nobody says
            (File("document", "r", size=20 * MEGABYTE, source="here"), Operation.FETCH, 0.4),
            (File("document", "r", size=50 * MEGABYTE, source="here"), Operation.SEND, 0),  # by its handle
            (File("document", "", size=9, facts={"text": "x"}), Operation.SEND, 0),
        ],
        ids=["crosses", "unsaid", "fetched", "by its handle", "our own"],
    )
    async def test_time_and_lease_grow_with_them(self, database, messenger: Telegram, file, operation, ways):
        source = messenger.source if file.source == "here" else file.source
        file = File(file.kind, file.ref, size=file.size, source=source, facts=file.facts)
        await transact(
            database, lambda tx: promise(tx, Chat(messenger.source, "7"), files=(file,), operation=operation)
        )
        delivery = await taken(database, messenger)
        assert delivery.seconds == pytest.approx(deadlines.WITHIN + ways * 50 * MEGABYTE / deadlines.SLOWEST)
        until = await database.run(lambda c: c.scalar(select(lane.c.leased_until).where(lane.c.side == lanes.OUT)))
        assert until - MONDAY > timedelta(seconds=delivery.seconds)

    def test_a_size_that_is_claimed_keeps_nothing_busy_for_hours(self):
        huge = File("document", "r", size=2**50, source="slack:T1")
        seconds = deadlines.delivery_timeout([huge], "telegram:1", Operation.SEND, uploads=False)
        assert deadlines.lease_duration(seconds) < lanes.LONGEST

    async def test_a_call_that_carries_much_may_take_as_long(
        self, messenger: Telegram, sandbox: TelegramSandbox, ann: Person, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(deadlines, "CALL", 1.0)
        monkeypatch.setattr(deadlines, "SLOWEST", 1)
        sandbox.faults.slow(2.5, method="sendDocument")
        file = File("document", "r", name="log.txt", size=9, source="slack:T1")
        drawn = RenderedMessage(RichText("x"), files=(file,))
        whole = Delivery((), Operation.SEND, messenger.source, str(ann.id), drawn, loaded={file.handle: b"123456789"})
        assert len((await messenger.deliver(whole)).natives) == 1
        sandbox.faults.slow(2.5, method="sendDocument")
        monkeypatch.setattr(deadlines, "SLOWEST", 1000)
        with pytest.raises(Undelivered):
            await messenger.deliver(whole)
