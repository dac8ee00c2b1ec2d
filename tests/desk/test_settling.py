"""What became of a delivery: the fate of its rows, the posts that show it, and what follows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.delivery import resolve
from bot.delivery.settle import BACKOFF, GIVE_UP, Result, settle_results
from bot.messengers.protocol import Moved, Rejected, ThreadLost, Unreachable, Wait
from bot.telegram.adapter import Telegram
from handlers.vocabulary.fetches import ANSWER_CODE, ASSETS, UNFETCHED, WEBHOOK_TEST
from handlers.vocabulary.messages import (
    EVENT,
    RENDERED_MESSAGE,
    Chat,
    File,
    Kind,
    Operation,
    RenderedMessage,
    Thread,
)
from handlers.vocabulary.payloads import ChatMoved, LostThread
from storage.models import Sending, inbox, outgoing
from storage.queues import lanes, outbox, standstill, tries, undelivered
from storage.queues.posts import post_in, posts_of
from storage.queues.send_rates import Allowance
from tests.clock import MONDAY
from tests.desk.test_prepare import ANN, promise
from tests.storage.rows import SOURCE, at, known, transact

SECOND = timedelta(seconds=1)
NO_ANSWER = Unreachable("timeout", doubt=False)
SHUT = Rejected("no_rights", word="CHAT_WRITE_FORBIDDEN")


@pytest.fixture
async def telegram():
    """Yield Telegram as the desk knows it, of which only the rates are asked here: nothing is sent."""
    made = Telegram("1:token", "http://127.0.0.1:1", team=None, per_second=30, group_per_minute=20)
    yield {made.source: made}
    await made.close()


def begin(tx, now=MONDAY):
    """Lease the one address that waits; return the delivery of its head."""
    [rows] = outbox.lease_addresses(tx.connection, [SOURCE], now, now + 30 * SECOND, 16)
    folded = tries.mark_sending(tx.connection, resolve.folded_rows(rows), now)
    delivery = resolve.Places(tx.connection, [rows]).delivery(folded)
    assert delivery is not None
    return replace(delivery, rows=tuple(folded))


def lease_all(tx, now):
    return outbox.lease_addresses(tx.connection, [SOURCE], now, now + 30 * SECOND, 16)


def started(tx, rows, now):
    delivery = resolve.Places(tx.connection, [rows]).delivery(tries.mark_sending(tx.connection, rows[:1], now))
    assert delivery is not None
    return delivery


def team(tx):
    """Return the address of a team channel."""
    tx.channels.ensure(SOURCE, "-5", language="en", threads=True)
    return Chat(SOURCE, "-5")


def end(tx, telegram, *sent, trouble=None, now=MONDAY):
    """Send the head and settle it so; return the kinds of events this made."""
    settle_results(tx.connection, [Result(begin(tx, now), sent, trouble)], now, telegram)
    payloads = tx.connection.scalars(select(inbox.c.payload).order_by(inbox.c.id)).all()
    return [EVENT.validate_json(payload) for payload in payloads]


def fates(tx):
    columns = (outgoing.c.state, outgoing.c.error, outgoing.c.uncertain, outgoing.c.ready_at)
    return tx.connection.execute(select(*columns).order_by(outgoing.c.id)).all()


def shown(tx, ours):
    return [(post.place, post.native) for post in posts_of(tx.connection, ours)]


async def test_what_was_sent_is_shown_part_by_part(database, telegram):
    def story(tx):
        ours = promise(tx, "long words", message_id=7)
        assert end(tx, telegram, "10", "11") == []
        assert shown(tx, ours) == [(ANN.lane, "10"), (ANN.lane, "11")]
        assert post_in(tx.connection, 7, ANN.lane) == "11"
        assert fates(tx) == [(Sending.SENT, None, False, MONDAY)]

    await transact(database, story)


async def test_folded_messages_are_each_shown_on_the_one_post(database, telegram):
    def story(tx):
        made = [promise(tx, text, fold="f", message_id=n) for n, text in enumerate(("one", "two"), 7)]
        end(tx, telegram, "10")
        assert [shown(tx, ours) for ours in made] == [[(ANN.lane, "10")]] * 2
        assert [post_in(tx.connection, n, ANN.lane) for n in (7, 8)] == ["10", "10"]
        assert outbox.outbox_backlog(tx.connection) == 0

    await transact(database, story)


async def test_an_edit_that_needs_fewer_posts_forgets_the_others(database, telegram):
    def story(tx):
        ours = promise(tx, "long words")
        end(tx, telegram, "10", "11")
        promise(tx, "same length", operation="edit", edits=ours)
        end(tx, telegram, "10", "11")
        assert shown(tx, ours) == [(ANN.lane, "10"), (ANN.lane, "11")]
        promise(tx, "short", operation="edit", edits=ours)
        end(tx, telegram, "10")
        assert shown(tx, ours) == [(ANN.lane, "10")]
        promise(tx, "sent anew", operation="edit", edits=ours)
        end(tx, telegram, "20")
        assert shown(tx, ours) == [(ANN.lane, "20")]

    await transact(database, story)


async def test_told_to_wait_it_waits_as_told_and_so_does_its_chat(database, telegram):
    def story(tx):
        group = Chat(SOURCE, "-5")
        ours = promise(tx, "long words", to=group)
        end(tx, telegram, "10", trouble=Wait(7, ("10",)))
        [(state, _, uncertain, ready)] = fates(tx)
        assert (state, uncertain, ready) == (Sending.QUEUED, False, MONDAY + 7 * SECOND)
        assert shown(tx, ours) == [(group.lane, "10")]
        assert lanes.next_ready(tx.connection, lanes.OUT) == MONDAY + 7 * SECOND
        rates = telegram[SOURCE].rates("-5", "send")
        assert Allowance(tx.connection, rates, MONDAY).take(rates) == MONDAY + 7 * SECOND
        other = telegram[SOURCE].rates("-6", "send")
        assert Allowance(tx.connection, other, MONDAY).take(other) is None
        assert begin(tx, MONDAY + 7 * SECOND).begun == ("10",)

    await transact(database, story)


async def test_without_an_answer_it_is_tried_longer_and_longer_and_then_given_up(database, telegram):
    def story(tx):
        promise(tx, "words")
        now = MONDAY
        for pause in (*BACKOFF, BACKOFF[-1]):
            end(tx, telegram, trouble=NO_ANSWER, now=now)
            [(state, error, uncertain, ready)] = fates(tx)
            assert (state, error, uncertain, ready) == (Sending.QUEUED, "timeout", False, now + pause * SECOND)
            now = ready
        now = MONDAY + GIVE_UP
        end(tx, telegram, trouble=NO_ANSWER, now=now)
        assert fates(tx)[0][:2] == (Sending.FAILED, "unreachable")
        [dead] = undelivered.all_undelivered(tx.connection)
        undelivered.retry_undelivered(tx.connection, [dead.id], now)
        end(tx, telegram, trouble=NO_ANSWER, now=now)
        assert fates(tx)[0].state is Sending.QUEUED  # brought back by hand, it has its full time again

    await transact(database, story)


@pytest.mark.parametrize("then", [ASSETS, ANSWER_CODE, WEBHOOK_TEST])
async def test_whoever_sent_a_file_that_cannot_be_had_is_told_so(database, telegram, then):
    def story(tx):
        file = File("document", "f", name="assets.csv", source=SOURCE)
        drawn = RenderedMessage(files=(file,), facts={"then": then, "account": 7})
        payload = RENDERED_MESSAGE.dump_json(drawn, exclude_defaults=True).decode()
        row = {"lane": ANN.lane, "operation": Operation.FETCH, "payload": payload}
        outbox.enqueue(tx.connection, SOURCE, row, MONDAY)
        assert end(tx, telegram, trouble=NO_ANSWER) == []  # it is tried again
        told = end(tx, telegram, trouble=Rejected("file_gone"), now=MONDAY + BACKOFF[0] * SECOND)
        found = [(event.kind, event.name, event.facts["account"], event.fetched.name) for event in told]
        assert not [event for event in told if event.key.startswith("fetched:")]  # it may be had when it is tried again
        # What somebody asked of a program has words of its own.
        assert found == ([] if then == WEBHOOK_TEST else [(Kind.FETCHED, UNFETCHED, 7, "assets.csv")])

    await transact(database, story)


async def test_patience_counts_from_the_first_try(database, telegram):
    """What has waited for days behind something else, or while the desk was down, has its whole day."""

    def story(tx):
        promise(tx, "words")
        late = MONDAY + 3 * GIVE_UP
        end(tx, telegram, trouble=NO_ANSWER, now=late)
        assert fates(tx)[0].state is Sending.QUEUED
        again = late + 2 * GIVE_UP  # and a desk that was down meanwhile gives it more than one try
        for _ in range(len(BACKOFF) - 1):
            end(tx, telegram, trouble=NO_ANSWER, now=again)
            assert fates(tx)[0].state is Sending.QUEUED
            again = fates(tx)[0].ready_at
        end(tx, telegram, trouble=NO_ANSWER, now=again)
        assert fates(tx)[0].state is Sending.FAILED

    await transact(database, story)


async def test_what_may_have_arrived_is_sent_once_more_and_no_more(database, telegram):
    def story(tx):
        promise(tx, "words", receipt=True)
        promise(tx, "more words")
        end(tx, telegram, trouble=Unreachable("timeout"))
        assert fates(tx)[0][:3] == (Sending.QUEUED, "timeout", True)
        now = MONDAY + SECOND
        end(tx, telegram, trouble=NO_ANSWER, now=now)  # before it is said again, it is seen whether there is anybody
        assert fates(tx)[0][:3] == (Sending.QUEUED, "timeout", True)
        now = fates(tx)[0].ready_at
        receipts = end(tx, telegram, trouble=Unreachable("timeout"), now=now)
        assert fates(tx)[0][:3] == (Sending.FAILED, "uncertain", True)
        assert (receipts[-1].receipt.state, receipts[-1].receipt.reason) == ("failed", "uncertain")
        end(tx, telegram, "10", now=now)
        assert [fate.state for fate in fates(tx)] == [Sending.FAILED, Sending.SENT]

    await transact(database, story)


async def test_where_it_was_looked_up_that_it_had_not_arrived_it_goes_on(database, telegram):
    def story(tx):
        promise(tx, "words")
        now = MONDAY
        for looked in (False, True, True, True):
            end(tx, telegram, trouble=Unreachable("timeout", looked=looked), now=now)
            assert fates(tx)[0][:3] == (Sending.QUEUED, "timeout", True)
            now = fates(tx)[0].ready_at

    await transact(database, story)


async def test_what_the_agent_sends_once_more_is_in_doubt_at_once(database, telegram):
    def story(tx):
        ours = promise(tx, "words")
        for now in (MONDAY, MONDAY + SECOND):
            end(tx, telegram, trouble=Unreachable("timeout"), now=now)
        undelivered.retry_undelivered(tx.connection, [ours], MONDAY + 2 * SECOND)
        end(tx, telegram, trouble=Unreachable("timeout"), now=MONDAY + 2 * SECOND)
        assert fates(tx)[0][:3] == (Sending.FAILED, "uncertain", True)

    await transact(database, story)


async def test_whoever_comes_after_their_lease_writes_nothing(database, telegram):
    """A sender stalled: another one has begun the same message by now, and says what became of it."""

    def story(tx):
        ticket = at(tx, known(tx, "Ann"))
        ours = promise(tx, "words", ticket_id=ticket.id, receipt=True)
        stalled = begin(tx)
        now = MONDAY + 31 * SECOND
        another = begin(tx, now)
        for trouble in (None, Rejected("blocked"), Moved("-1005"), ThreadLost("gone")):
            assert not settle_results(tx.connection, [Result(stalled, ("10",), trouble)], now, telegram)
            assert shown(tx, ours) == []
            assert fates(tx)[0].state is Sending.SENDING
        settle_results(tx.connection, [Result(another, ("11",))], now, telegram)
        assert shown(tx, ours) == [(ANN.lane, "11")]
        assert fates(tx)[0][:3] == (Sending.SENT, None, True)

    await transact(database, story)


class TestATeamPlace:
    """What is promised there waits, in order, until the place takes it."""

    async def test_no_answer_is_waited_for_without_end(self, database, telegram):
        def story(tx):
            promise(tx, "card", to=team(tx))
            now = MONDAY
            for _ in range(12):
                end(tx, telegram, trouble=NO_ANSWER, now=now)
                assert fates(tx)[0].state is Sending.QUEUED
                now = fates(tx)[0].ready_at + GIVE_UP

        await transact(database, story)

    async def test_a_refusal_waits_is_told_once_and_is_over_by_itself(self, database, telegram):
        def story(tx):
            ticket = at(tx, known(tx, "Ann"))
            place = team(tx)
            promise(tx, "card", to=place)
            promise(tx, "second card", to=place)
            channel = tx.channels.all()[0]
            thread = Thread(SOURCE, ticket.id, channel.id)
            now = MONDAY
            for _ in range(9):
                events = end(tx, telegram, trouble=SHUT, now=now)
                assert [(e.kind, e.name, e.refusal.reason, e.refusal.word) for e in events] == [
                    (Kind.STANDSTILL, "stands", "no_rights", "CHAT_WRITE_FORBIDDEN")
                ]
                assert fates(tx)[0][:2] == (Sending.QUEUED, "no_rights: CHAT_WRITE_FORBIDDEN")
                assert fates(tx)[0].ready_at <= now + 60 * SECOND
                now = fates(tx)[0].ready_at
            promise(tx, "words", to=thread)
            [rows] = [r for r in lease_all(tx, now - SECOND) if r[0].lane == thread.lane]
            settle_results(tx.connection, [Result(started(tx, rows, now), (), SHUT)], now, telegram)
            assert fates(tx)[2].ready_at == now + 600 * SECOND  # one asks for all
            assert len(standstill.current_standstills(tx.connection)) == 2
            end(tx, telegram, "10", now=now)
            assert fates(tx)[0].state is Sending.SENT
            assert fates(tx)[2].ready_at == now  # and when it goes on, all do
            assert [each.address for each in standstill.current_standstills(tx.connection)] == [thread.lane]

        await transact(database, story)

    async def test_what_is_wrong_with_a_message_is_final_and_told(self, database, telegram):
        def story(tx):
            promise(tx, "card", to=team(tx))
            [event] = end(tx, telegram, trouble=Rejected("too_long", word="msg_too_long"))
            assert (event.kind, event.name, event.refusal.reason) == (Kind.STANDSTILL, "unshown", "too_long")
            assert fates(tx)[0].state is Sending.FAILED

        await transact(database, story)

    async def test_how_a_thread_looks_holds_up_no_words(self, database, telegram):
        def story(tx):
            ticket = at(tx, known(tx, "Ann"))
            team(tx)
            thread = Thread(SOURCE, ticket.id, tx.channels.all()[0].id)
            for _ in range(2):
                promise(tx, "", to=thread, operation="thread")
                events = end(tx, telegram, trouble=Rejected("no_topics", word="not enough rights"))
                assert [(e.name, e.refusal.reason) for e in events] == [("stands", "no_topics")]
            assert [fate.state for fate in fates(tx)] == [Sending.DROPPED] * 2
            promise(tx, "", to=thread, operation="thread")
            end(tx, telegram)
            assert standstill.current_standstills(tx.connection) == []

        await transact(database, story)

    async def test_a_refused_message_can_be_given_up_or_tried_at_once(self, database, telegram):
        def story(tx):
            place = team(tx)
            ours = promise(tx, "card", to=place)
            promise(tx, "second card", to=place)
            end(tx, telegram, trouble=SHUT)
            assert [row.id for row in standstill.refused_rows(tx.connection)] == [ours]
            assert undelivered.retry_undelivered(tx.connection, [ours, ours + 1], MONDAY) == 1
            end(tx, telegram, trouble=SHUT)
            assert undelivered.drop_undelivered(tx.connection, [ours, ours + 1], MONDAY) == 1
            end(tx, telegram, "10")
            assert [fate.state for fate in fates(tx)] == [Sending.DROPPED, Sending.SENT]

        await transact(database, story)


async def test_what_surely_did_not_arrive_leaves_no_doubt(database, telegram):
    def story(tx):
        promise(tx, "words")
        end(tx, telegram, trouble=Unreachable("refused", doubt=False))
        assert fates(tx)[0].uncertain is False

    await transact(database, story)


async def test_a_refused_message_fails_and_the_next_one_goes(database, telegram):
    def story(tx):
        promise(tx, "too large")
        promise(tx, "words")
        assert end(tx, telegram, trouble=Rejected("too_large")) == []
        end(tx, telegram, "10")
        assert [fate[:2] for fate in fates(tx)] == [(Sending.FAILED, "too_large"), (Sending.SENT, None)]

    await transact(database, story)


async def test_who_blocked_the_bot_is_heard_of(database, telegram):
    def story(tx):
        promise(tx, "words")
        [event] = end(tx, telegram, trouble=Rejected("blocked"))
        assert (event.kind, event.name, event.chat) == (Kind.MEMBER, "blocked", "ann")

    await transact(database, story)


async def test_a_lost_thread_is_made_anew_and_the_message_goes_there(database, telegram):
    def story(tx):
        ticket = at(tx, known(tx, "Ann"))
        team = tx.channels.ensure(SOURCE, "-5", language="en", threads=True)
        tx.talk.set_native(ticket.id, team.id, "77")
        promise(tx, "words", to=Thread(SOURCE, ticket.id, team.id))
        [event] = end(tx, telegram, trouble=ThreadLost("message thread not found"))
        assert (event.kind, event.lost) == (Kind.LOST, LostThread(ticket.id, team.id))
        assert tx.talk.thread(ticket.id, team.id).native is None
        assert fates(tx)[0].state is Sending.QUEUED

    await transact(database, story)


async def test_what_waits_for_an_upgraded_chat_goes_to_its_new_id_and_it_is_heard_of_once(database, telegram):
    def story(tx):
        team = Chat(SOURCE, "-5")
        promise(tx, "words", to=team)
        events = end(tx, telegram, trouble=Moved("-1005"))
        assert [(e.name, e.moved) for e in events] == [("moved", ChatMoved("-5", "-1005"))]
        waits = select(outgoing.c.lane).where(outgoing.c.done_at.is_(None))
        assert tx.connection.scalars(waits).all() == [f"{SOURCE}:-1005"]  # what waited for the old id
        assert len(end(tx, telegram, "10", now=MONDAY + SECOND)) == 1  # the event alone: its key was heard
        assert tx.connection.scalars(waits).all() == []

    await transact(database, story)


@pytest.mark.parametrize(
    ("trouble", "told"),
    [(None, "sent"), (Rejected("blocked"), "failed"), (Wait(5), "queued")],
    ids=["sent", "failed", "queued"],
)
async def test_an_agent_hears_what_became_of_a_reply(database, telegram, trouble, told):
    def story(tx):
        ticket = at(tx, known(tx, "Ann"))
        ours = promise(tx, "words", ticket_id=ticket.id, receipt=True)
        sent = () if trouble else ("10",)
        receipts = [e for e in end(tx, telegram, *sent, trouble=trouble) if e.kind is Kind.RECEIPT]
        assert [(e.receipt.outgoing, e.receipt.state, e.receipt.ticket) for e in receipts] == [(ours, told, ticket.id)]
        if told == "queued":
            again = end(tx, telegram, trouble=Wait(5), now=MONDAY + 5 * SECOND)
            assert len([e for e in again if e.kind is Kind.RECEIPT]) == 1  # once is enough

    await transact(database, story)
