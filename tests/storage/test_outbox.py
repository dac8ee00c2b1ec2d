"""The outbox: promised, leased, sent, settled; in order at each address, and never forgotten before it is taken."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from storage.models import Sending, lane, outgoing
from storage.queues import inbox, lanes, outbox, tries, undelivered
from storage.queues.inbox import Arrival
from storage.queues.outbox import DeliveryResult
from storage.queues.posts import Post, forget_posts, post_in, posts_of
from tests.clock import MONDAY

SOURCE = "telegram:1"
ANN = f"{SOURCE}:ann"
SECOND = timedelta(seconds=1)
LEASE = 30 * SECOND


def promise(connection, payload, *, to=ANN, at=MONDAY, **facts):
    row = {"lane": to, "operation": "send", "payload": payload, **facts}
    return outbox.enqueue(connection, SOURCE, row, at)


def lease(connection, after=timedelta(0), most=16, sources=(SOURCE,)):
    now = MONDAY + after
    return outbox.lease_addresses(connection, sources, now, now + LEASE, most)


def send(connection, after=timedelta(0), state=Sending.SENT, *, posts=(), **fate):
    """Lease what is ready and settle each head; return what they said."""
    said = []
    for rows in lease(connection, after):
        [begun] = tries.mark_sending(connection, rows[:1], MONDAY + after)
        outbox.settle_rows(connection, [DeliveryResult(begun, state, posts, **fate)], MONDAY + after)
        said.append(begun.payload)
    return said


def post(native, part=0, ours=1, message=None):
    return Post(ANN, native, part, ours, message)


async def test_an_address_is_served_in_the_order_of_its_promises(database):
    def story(connection):
        for n in range(3):
            promise(connection, f"{n}")
        promise(connection, "to Bob", to=f"{SOURCE}:bob")
        first = lease(connection)
        assert [[row.payload for row in rows] for rows in first] == [["0"], ["to Bob"]]
        assert lease(connection) == []  # both are being served
        begun = tries.mark_sending(connection, first[0], MONDAY)
        outbox.settle_rows(connection, [DeliveryResult(begun[0], Sending.SENT)], MONDAY)
        assert [send(connection) for _ in range(3)] == [["1"], ["2"], []]
        assert outbox.outbox_backlog(connection) == 1

    await database.run(story)


async def test_nor_does_what_stands_behind_something_of_the_right_time_wait(database):
    """The lane is ready now, by its head; what a clock that was ahead wrote comes after it."""

    def story(connection):
        tomorrow = timedelta(days=1)
        promise(connection, "first")
        promise(connection, "second", at=MONDAY + tomorrow)
        inbox.accept_arrivals(connection, [Arrival(SOURCE, "k1", "talk", "1")], MONDAY)
        inbox.accept_arrivals(connection, [Arrival(SOURCE, "k2", "talk", "2")], MONDAY + tomorrow)
        lanes.mend_far_lanes(connection, MONDAY, leases_at=MONDAY)
        for number in (1, 2):
            [head] = inbox.lane_heads(connection, MONDAY, 16)
            assert head.payloads == (str(number),)
            inbox.finish_event(connection, head, MONDAY)
        assert [*send(connection), *send(connection)] == ["first", "second"]

    await database.run(story)


async def test_what_goes_ahead_goes_before_what_waits(database):
    def story(connection):
        promise(connection, "words")
        promise(connection, "thread", rank=-1)
        promise(connection, "more words")
        assert [send(connection)[0] for _ in range(3)] == ["thread", "words", "more words"]

    await database.run(story)


async def test_only_the_sources_that_can_be_served_are_leased(database):
    def story(connection):
        promise(connection, "words")
        assert lease(connection, sources=["telegram:2"]) == []
        assert lease(connection, sources=[]) == []
        assert lanes.next_ready(connection, lanes.OUT, ["telegram:2"]) is None
        assert lanes.next_ready(connection, lanes.OUT, [SOURCE]) == MONDAY

    await database.run(story)


async def test_a_promise_for_later_waits_and_one_told_to_wait_keeps_its_place(database):
    def story(connection):
        promise(connection, "later", ready_at=MONDAY + 2 * SECOND)
        assert send(connection) == []
        assert send(connection, 2 * SECOND, Sending.QUEUED, retry_at=MONDAY + 9 * SECOND) == ["later"]
        promise(connection, "after it", at=MONDAY + 3 * SECOND)
        assert send(connection, 3 * SECOND) == []
        assert lanes.next_ready(connection, lanes.OUT) == MONDAY + 9 * SECOND
        assert send(connection, 9 * SECOND) == ["later"]
        assert send(connection, 9 * SECOND) == ["after it"]

    await database.run(story)


async def test_a_lease_that_ends_without_a_word_leaves_doubt(database):
    """Whoever sent it died: it may have arrived, so the next try is marked."""

    def story(connection):
        promise(connection, "words")
        [[row]] = lease(connection)
        [begun] = tries.mark_sending(connection, [row], MONDAY)
        assert not begun.uncertain
        assert lanes.next_ready(connection, lanes.OUT) == MONDAY + LEASE
        assert lease(connection, LEASE - SECOND) == []
        [[found]] = lease(connection, LEASE)  # at the very moment it ends
        assert (found.state, found.tries, found.uncertain) == (Sending.SENDING, 1, False)
        [again] = tries.mark_sending(connection, [found], MONDAY)
        assert again.uncertain
        outbox.settle_rows(connection, [DeliveryResult(again, Sending.SENT)], MONDAY)
        kept = connection.execute(select(outgoing.c.state, outgoing.c.tries, outgoing.c.uncertain)).one()
        assert kept == (Sending.SENT, 2, True)

    await database.run(story)


async def test_whoever_comes_late_has_no_say_in_what_another_does_now(database):
    """A sender stalled for longer than its lease; another one sends the same message when the first wakes up."""

    def story(connection):
        promise(connection, "words")
        promise(connection, "more words")
        [stalled] = tries.mark_sending(connection, lease(connection)[0], MONDAY)
        late = LEASE + SECOND
        [another] = tries.mark_sending(connection, lease(connection, late)[0], MONDAY + late)
        assert (stalled.uncertain, another.uncertain) == (False, True)
        assert tries.held_row_ids(connection, [stalled]) == set()
        assert tries.held_row_ids(connection, [another]) == {another.id}
        outbox.settle_rows(
            connection, [DeliveryResult(stalled, Sending.SENT)], MONDAY + late
        )  # nobody would: it is not held
        assert lease(connection, late) == []  # the address is still the other's, and nothing overtakes
        outbox.settle_rows(connection, [DeliveryResult(another, Sending.SENT, [post("2")])], MONDAY + late)
        row = connection.execute(select(outgoing).where(outgoing.c.id == another.id)).one()
        assert (row.state, row.uncertain, row.tries) == (Sending.SENT, True, 2)
        assert send(connection, late) == ["more words"]

    await database.run(story)


async def test_what_a_clock_that_was_ahead_wrote_is_served_once_it_is_right(database):
    """Words for tomorrow are words for now; what waits for somebody who has not come yet waits on."""

    def story(connection):
        tomorrow = timedelta(days=1)
        promise(connection, "words", at=MONDAY + tomorrow)
        promise(connection, "in a minute", to=f"{SOURCE}:bob", ready_at=MONDAY + 60 * SECOND)
        promise(connection, "for a guest", to=f"{SOURCE}:guest", ready_at=lanes.NEVER)
        inbox.accept_arrivals(connection, [Arrival(SOURCE, "k", "talk", "{}")], MONDAY + tomorrow)
        promise(connection, "held", to=f"{SOURCE}:eve")
        outbox.lease_addresses(connection, [SOURCE], MONDAY, MONDAY + tomorrow, 16)
        assert send(connection) == []
        assert inbox.lane_heads(connection, MONDAY, 16) == []
        assert lanes.mend_far_lanes(connection, MONDAY, leases_at=MONDAY) == 3
        assert sorted(send(connection)) == ["held", "words"]
        assert [waiting.payloads for waiting in inbox.lane_heads(connection, MONDAY, 16)] == [("{}",)]
        assert send(connection, 60 * SECOND) == ["in a minute"]
        assert lanes.mend_far_lanes(connection, MONDAY, leases_at=MONDAY) == 0
        assert outbox.outbox_backlog(connection) == 1

    await database.run(story)


async def test_letting_go_ends_every_lease(database):
    def story(connection):
        promise(connection, "words")
        [rows] = lease(connection)
        lanes.let_go(connection)
        assert lease(connection) == [rows]

    await database.run(story)


async def test_a_failed_message_lets_the_next_one_go_and_can_be_sent_again(database):
    def story(connection):
        first = promise(connection, "first")
        promise(connection, "second")
        assert send(connection, state=Sending.FAILED, error="blocked") == ["first"]
        [failed] = undelivered.all_undelivered(connection)
        assert (failed.id, failed.lane, failed.error) == (first, ANN, "blocked")
        assert undelivered.count_undelivered(connection) == 1
        assert undelivered.retry_undelivered(connection, [first, first + 1], MONDAY) == 1
        assert undelivered.all_undelivered(connection) == []
        assert [send(connection)[0] for _ in range(2)] == ["first", "second"]
        assert undelivered.retry_undelivered(connection, [first], MONDAY) == 0

    await database.run(story)


async def test_a_dropped_message_is_neither_failed_nor_sent(database):
    def story(connection):
        first = promise(connection, "first")
        send(connection, state=Sending.FAILED, error="too_large")
        assert undelivered.drop_undelivered(connection, [first], MONDAY) == 1
        assert (undelivered.all_undelivered(connection), undelivered.drop_undelivered(connection, [first], MONDAY)) == (
            [],
            0,
        )
        assert connection.scalar(select(outgoing.c.state)) is Sending.DROPPED

    await database.run(story)


class TestANewerLook:
    """Only the newest pending edit of a card is kept."""

    async def test_takes_the_place_of_an_edit_that_waits(self, database):
        def story(connection):
            card = promise(connection, "look 1")
            send(connection)
            assert not outbox.replace_waiting(connection, card, "look 2")
            promise(connection, "look 2", operation="edit", edits=card)
            assert outbox.replace_waiting(connection, card, "look 3")
            assert send(connection) == ["look 3"]
            assert send(connection) == []
            assert not outbox.replace_waiting(connection, card, "look 4")

        await database.run(story)

    async def test_takes_the_place_of_an_original_that_was_never_sent(self, database):
        def story(connection):
            card = promise(connection, "look 1")
            assert outbox.replace_waiting(connection, card, "look 2")
            assert send(connection) == ["look 2"]

        await database.run(story)

    async def test_leaves_alone_what_is_being_sent_and_what_is_deleted(self, database):
        def story(connection):
            card = promise(connection, "look 1")
            [rows] = lease(connection)
            [begun] = tries.mark_sending(connection, rows, MONDAY)
            assert not outbox.replace_waiting(connection, card, "look 2")
            outbox.settle_rows(connection, [DeliveryResult(begun, Sending.SENT)], MONDAY)
            promise(connection, "", operation="delete", edits=card)
            assert not outbox.replace_waiting(connection, card, "look 2")
            assert send(connection) == [""]

        await database.run(story)

    async def test_leaves_other_cards_alone(self, database):
        def story(connection):
            first, second = promise(connection, "first"), promise(connection, "second")
            outbox.replace_waiting(connection, second, "changed")
            assert first != second
            assert [send(connection)[0] for _ in range(2)] == ["first", "changed"]

        await database.run(story)


async def test_a_message_is_where_its_newest_posts_show_it(database):
    def story(connection):
        ours = promise(connection, "words")
        send(connection, posts=[post("10", 0, ours, 7), post("11", 1, ours, 7)])
        assert [p.native for p in posts_of(connection, ours)] == ["10", "11"]
        edit = promise(connection, "words anew", operation="edit", edits=ours)
        send(connection, posts=[post("20", 0, ours, 7)])
        assert edit != ours
        assert [p.native for p in posts_of(connection, ours)] == ["20", "11"]
        assert post_in(connection, 7, ANN) == "20"
        assert post_in(connection, 7, f"{SOURCE}:bob") is None
        forget_posts(connection, ours)
        assert posts_of(connection, ours) == []

    await database.run(story)


async def test_a_lane_whose_rows_are_gone_waits_for_nothing(database):
    def story(connection):
        promise(connection, "words")
        connection.execute(update(outgoing).values(done_at=MONDAY))
        assert lease(connection) == []
        assert connection.scalar(select(lane.c.ready_at)) is None

    await database.run(story)


@pytest.mark.parametrize("waits", [1, 5])
async def test_processes_lease_different_addresses(processes, waits):
    """What one is sending, no other takes; together they take everything, in order at each address."""
    names = [f"{SOURCE}:{n}" for n in range(8)]

    def begin(connection):
        for n in range(waits):
            for name in names:
                promise(connection, f"{n}", to=name)

    await processes[0].run(begin)
    sent: dict[str, list[str]] = {name: [] for name in names}

    async def serve(database):
        while any(len(said) < waits for said in sent.values()):
            found = await database.run(
                lambda c: [tries.mark_sending(c, rows[:1], MONDAY)[0] for rows in lease(c, SECOND, 3)]
            )
            for row in found:
                sent[row.lane].append(row.payload)
            for row in found:
                await database.run(lambda c, r=row: outbox.settle_rows(c, [DeliveryResult(r, Sending.SENT)], MONDAY))

    await asyncio.gather(*(serve(database) for database in processes))
    assert sent == {name: [f"{n}" for n in range(waits)] for name in names}


async def test_the_newest_look_is_the_last_one_sent(processes):
    """One process changes what waits while another takes it: what was changed in time is what goes out."""
    looks = 25
    sent: list[str] = []

    async def change():
        card = await processes[0].run(lambda c: promise(c, "0"))
        for look in range(1, looks):

            def newer(connection, look=look):
                if not outbox.replace_waiting(connection, card, f"{look}"):
                    promise(connection, f"{look}", operation="edit", edits=card)

            await processes[0].run(newer)

    def take(connection):
        sent.extend(send(connection))

    async def serve(database):
        while sent[-1:] != [f"{looks - 1}"]:
            await database.run(take)

    async with asyncio.timeout(20):
        await asyncio.gather(change(), serve(processes[1]), serve(processes[2]))
    assert sent == sorted(sent, key=int)
