"""What became of a delivery: the fate of its rows, the posts that show it, and what follows."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import prepare
from bot.messenger import Moved, Rejected, ThreadLost, Unreachable, Wait
from bot.settling import BACKOFF, GIVE_UP, Result, settle
from bot.telegram.adapter import Telegram
from handlers.messages import EVENT, Chat, Kind, Thread
from storage import lanes, outbox, undelivered
from storage.models import Sending, inbox, outgoing
from storage.pace import Allowance
from storage.posts import post_in, posts_of
from tests.clock import MONDAY
from tests.desk.test_prepare import ANN, promise
from tests.storage.rows import SOURCE, at, known, transact

SECOND = timedelta(seconds=1)


@pytest.fixture
async def telegram():
    """Yield Telegram as the desk knows it, of which only the rates are asked here: nothing is sent."""
    made = Telegram("1:token", "http://127.0.0.1:1", team=None, per_second=30, group_per_minute=20)
    yield {made.source: made}
    await made.close()


def begin(tx, now=MONDAY):
    """Lease the one address that waits; return the delivery of its head."""
    [rows] = outbox.lease(tx.connection, [SOURCE], now, now + 30 * SECOND, 16)
    folded = outbox.start(tx.connection, prepare.folded(rows))
    delivery = prepare.Places(tx.connection, [rows]).delivery(folded)
    assert delivery is not None
    return replace(delivery, rows=tuple(folded))


def end(tx, telegram, *sent, trouble=None, now=MONDAY):
    """Send the head and settle it so; return the kinds of events this made."""
    settle(tx.connection, [Result(begin(tx, now), sent, trouble)], now, telegram)
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
        assert outbox.backlog(tx.connection) == 0

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
            end(tx, telegram, trouble=Unreachable("timeout"), now=now)
            [(state, error, uncertain, ready)] = fates(tx)
            assert (state, error, uncertain, ready) == (Sending.QUEUED, "timeout", True, now + pause * SECOND)
            now = ready
        now = MONDAY + GIVE_UP
        end(tx, telegram, trouble=Unreachable("timeout"), now=now)
        assert fates(tx)[0][:2] == (Sending.FAILED, "unreachable")
        [dead] = undelivered.all_(tx.connection)
        undelivered.retry(tx.connection, [dead.id], now)
        end(tx, telegram, trouble=Unreachable("timeout"), now=now)
        assert fates(tx)[0].state is Sending.QUEUED  # brought back by hand, it has its full time again

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
        assert (event.kind, event.facts) == (Kind.LOST, {"ticket": ticket.id, "channel": team.id})
        assert tx.talk.thread(ticket.id, team.id).native is None
        assert fates(tx)[0].state is Sending.QUEUED

    await transact(database, story)


async def test_an_upgraded_chat_is_heard_of_once(database, telegram):
    def story(tx):
        team = Chat(SOURCE, "-5")
        promise(tx, "words", to=team)
        events = end(tx, telegram, trouble=Moved("-1005"))
        assert [(e.name, e.facts) for e in events] == [("moved", {"from": "-5", "to": "-1005"})]
        assert len(end(tx, telegram, trouble=Moved("-1005"), now=MONDAY + SECOND)) == 1  # the same key

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
        assert [(e.facts["outgoing"], e.facts["state"], e.facts["ticket"]) for e in receipts] == [
            (ours, told, ticket.id)
        ]
        if told == "queued":
            again = end(tx, telegram, trouble=Wait(5), now=MONDAY + 5 * SECOND)
            assert len([e for e in again if e.kind is Kind.RECEIPT]) == 1  # once is enough

    await transact(database, story)
