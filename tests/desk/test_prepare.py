"""From promised rows to a delivery: what folds into one post, where an address leads, what a message replies to."""

from datetime import timedelta

import pytest

from bot.delivery import resolve
from handlers.vocabulary.messages import (
    RENDERED_MESSAGE,
    Chat,
    Operation,
    RenderedMessage,
    RichText,
    Span,
    Thread,
    join_lines,
)
from storage.models import Sending
from storage.queues import outbox, tries
from storage.queues.outbox import DeliveryResult
from storage.queues.posts import Post
from storage.tickets.messages import TicketCard, TicketThread
from tests.clock import MONDAY
from tests.storage.rows import SOURCE, at, known, transact

SECOND = timedelta(seconds=1)
ANN = Chat(SOURCE, "ann")


def promise(tx, text, *, to=ANN, **facts):
    drawn = RENDERED_MESSAGE.dump_json(RenderedMessage(RichText(text)), exclude_defaults=True).decode()
    row = {"lane": to.lane, "operation": "send", "payload": drawn, **facts}
    return outbox.enqueue(tx.connection, SOURCE, row, MONDAY)


def lease(tx, after=timedelta(0)):
    now = MONDAY + after
    return outbox.lease_addresses(tx.connection, [SOURCE], now, now + 30 * SECOND, 16)


def delivered(tx, *natives, place=None, after=timedelta(0)):
    """Send the head of the one address that waits; return its delivery."""
    [rows] = lease(tx, after)
    found = resolve.Places(tx.connection, [rows]).delivery(rows[:1])
    assert found is not None
    ours = rows[0].edits or rows[0].id
    where = place or f"{found.source}:{found.chat}"
    posts = [Post(where, native, part, ours, rows[0].message_id) for part, native in enumerate(natives)]
    outbox.settle_rows(tx.connection, [DeliveryResult(rows[0], Sending.SENT, posts)], MONDAY)
    return found


def says(rows):
    return [RENDERED_MESSAGE.validate_json(row.payload).words.text for row in rows]


class TestFolding:
    """What waits together to be said in one post."""

    @pytest.mark.parametrize(
        ("second", "together"),
        [
            ({"fold": "f"}, ["one", "two"]),
            ({"fold": "other"}, ["one"]),
            ({}, ["one"]),
            ({"fold": "f", "ready_at": MONDAY + 2 * SECOND}, ["one", "two"]),
        ],
        ids=["same", "other", "none", "later"],
    )
    async def test_waiting_rows_of_one_fold_are_one_post(self, database, second, together):
        def story(tx):
            promise(tx, "one", fold="f")
            promise(tx, "two", **second)
            promise(tx, "three", fold="f" if together == ["one"] else "")  # nobody passes what stands between
            [rows] = lease(tx, SECOND)
            assert says(resolve.folded_rows(rows)) == together

        await transact(database, story)

    async def test_whom_all_of_them_call_is_called_once(self, database):
        def story(tx):
            call = RichText("@Bob", (Span("notify", 0, 4, "7001"),))
            for text in ("one", "@Bob", "three"):  # what somebody only writes is no call
                drawn = RenderedMessage(join_lines(RichText(text), call))
                promise(tx, text, fold="f", payload=RENDERED_MESSAGE.dump_json(drawn, exclude_defaults=True).decode())
            [rows] = lease(tx)
            found = resolve.Places(tx.connection, [rows]).delivery(resolve.folded_rows(rows))
            assert found is not None
            assert found.drawn.words.text == "one\n@Bob\nthree\n@Bob"
            assert [(span.kind, span.start) for span in found.drawn.words.spans] == [("notify", 15)]

        await transact(database, story)

    async def test_a_post_grows_no_longer_than_a_messenger_takes(self, database):
        def story(tx):
            for n in range(5):
                promise(tx, f"{n}" * 1000, fold="f")
            [rows] = lease(tx)
            folded = resolve.folded_rows(rows)
            assert 1 < len(folded) < 5
            assert sum(len(row.payload) for row in folded) <= resolve.FOLDED_TEXT

        await transact(database, story)

    async def test_what_was_tried_together_stays_together_and_takes_nobody_in(self, database):
        def story(tx):
            promise(tx, "one", fold="f")
            promise(tx, "two", fold="f")
            [rows] = lease(tx)
            begun = tries.mark_sending(tx.connection, resolve.folded_rows(rows), MONDAY)
            outbox.settle_rows(
                tx.connection, [DeliveryResult(row, Sending.QUEUED, retry_at=MONDAY + SECOND) for row in begun], MONDAY
            )
            promise(tx, "three", fold="f")
            [rows] = lease(tx, SECOND)
            assert says(resolve.folded_rows(rows)) == ["one", "two"]

        await transact(database, story)

    async def test_what_is_of_several_requests_stands_in_the_thread_of_none_and_no_thread_hangs_on_it(self, database):
        """Where a request has a thread of its own in a private chat: on Slack."""

        def story(tx):
            first, second = (at(tx, known(tx, "Ann"), minutes=n) for n in range(2))
            said: list[str] = []

            def hung_on(*tickets):
                for one in tickets:
                    promise(tx, f"of #{one.id}", fold="f", ticket_id=one.id)
                [rows] = lease(tx, len(said) * SECOND)
                found = resolve.Places(tx.connection, [rows], [SOURCE]).delivery(resolve.folded_rows(rows))
                assert found is not None
                said.append(f"{len(said) + 1}.0")
                shown = {row: Post(ANN.lane, said[-1], 0, row.id, None, row.ticket_id) for row in found.rows}
                results = [DeliveryResult(row, Sending.SENT, [one]) for row, one in shown.items()]
                outbox.settle_rows(tx.connection, results, MONDAY)
                return found.root

            assert hung_on(first) == ""  # it begins the first's thread
            assert hung_on(first, second) == ""
            assert hung_on(second) == ""  # and this the second's
            assert hung_on(second) == "3.0"
            assert hung_on(first) == "1.0"

        await transact(database, story)

    async def test_folded_words_are_one_a_line(self, database):
        def story(tx):
            promise(tx, "one", fold="f")
            promise(tx, "two", fold="f")
            [rows] = lease(tx)
            found = resolve.Places(tx.connection, [rows]).delivery(rows)
            assert found is not None
            assert found.drawn.words == RichText("one\ntwo")

        await transact(database, story)


class TestAddresses:
    """Where a lane leads."""

    async def test_a_message_to_somebody_by_name_is_edited_where_it_stands(self, database):
        """Who has never written to us is written to by their account; the messenger tells the chat's id as it posts."""

        def story(tx):
            ann = Chat(SOURCE, "@ann")
            number = promise(tx, "words", to=ann)
            delivered(tx, "n1", place=f"{SOURCE}:D1")
            promise(tx, "other words", to=ann, operation="edit", edits=number)
            assert delivered(tx).shown == ("n1",)

        await transact(database, story)

    async def test_a_chat_is_itself(self, database):
        def story(tx):
            promise(tx, "words")
            found = delivered(tx)
            assert (found.source, found.chat, found.private, found.thread) == (SOURCE, "ann", True, None)

        await transact(database, story)

    @pytest.mark.parametrize("threads", [True, False])
    async def test_a_tickets_thread_is_in_its_team_channel(self, database, threads):
        """In a forum it is the topic, elsewhere a chain of replies under the card."""

        def story(tx):
            ticket = at(tx, known(tx, "Ann"))
            team = tx.channels.ensure(SOURCE, "team", language="en", threads=threads)
            card = promise(tx, "card", to=Chat(SOURCE, "team"))
            delivered(tx, "50")
            tx.talk.keep_card(ticket.id, TicketCard(team.id, "queue", card, "look"))
            place = TicketThread(ticket.id, team.id, "77" if threads else None, "#1", "new", open=True)
            tx.talk.keep_thread(place)
            promise(tx, "words", to=Thread(SOURCE, ticket.id, team.id))
            found = delivered(tx)
            assert (found.chat, found.private, found.thread, found.threads) == ("team", False, place, threads)
            assert found.anchor == ("" if threads else "50")

        await transact(database, story)

    async def test_an_upgraded_chat_is_followed_and_its_old_ids_mean_nothing(self, database):
        def story(tx):
            team = tx.channels.ensure(SOURCE, "team", language="en", threads=True)
            ticket = at(tx, known(tx, "Ann"))
            card = promise(tx, "card", to=Thread(SOURCE, ticket.id, team.id))
            delivered(tx, "50")
            tx.channels.move(team.id, "upgraded")
            promise(tx, "card 2", to=Thread(SOURCE, ticket.id, team.id), operation="edit", edits=card)
            found = delivered(tx)
            assert (found.chat, found.shown) == ("upgraded", ())

        await transact(database, story)

    async def test_a_thread_of_a_channel_that_is_no_more_is_nothing_to_do(self, database):
        def story(tx):
            team = tx.channels.ensure(SOURCE, "team", language="en", threads=True)
            ticket = at(tx, known(tx, "Ann"))
            tx.channels.retire([], SOURCE)
            promise(tx, "words", to=Thread(SOURCE, ticket.id, team.id))
            [rows] = lease(tx)
            assert resolve.Places(tx.connection, [rows]).delivery(rows) is None

        await transact(database, story)


class TestWhatIsThere:
    """What a message changes, deletes, replies to, or goes on with."""

    async def test_an_edit_names_every_part_that_is_shown(self, database):
        def story(tx):
            ours = promise(tx, "long words")
            delivered(tx, "10", "11")
            promise(tx, "new words", operation="edit", edits=ours)
            found = delivered(tx)
            assert (found.operation, found.shown) == (Operation.EDIT, ("10", "11"))

        await transact(database, story)

    async def test_deleting_what_is_shown_nowhere_is_nothing_to_do(self, database):
        def story(tx):
            ours = promise(tx, "words")
            delivered(tx)
            promise(tx, "", operation="delete", edits=ours)
            [rows] = lease(tx)
            assert resolve.Places(tx.connection, [rows]).delivery(rows) is None

        await transact(database, story)

    async def test_an_anchor_is_named_where_it_is_shown_and_dropped_elsewhere(self, database):
        def story(tx):
            first = promise(tx, "first")
            delivered(tx, "10")
            promise(tx, "second", anchor_outgoing=first)
            assert delivered(tx).anchor == "10"
            promise(tx, "to Bob", to=Chat(SOURCE, "bob"), anchor_outgoing=first)
            assert delivered(tx).anchor == ""
            tx.talk.written(ANN.lane, "7", 99, MONDAY)
            promise(tx, "an answer", anchor_message=99)
            assert delivered(tx).anchor == "7"

        await transact(database, story)

    async def test_a_message_of_which_a_part_got_through_goes_on_after_it(self, database):
        def story(tx):
            ours = promise(tx, "long words")
            [rows] = lease(tx)
            [begun] = tries.mark_sending(tx.connection, rows, MONDAY)
            part = Post(ANN.lane, "10", 0, ours, None)
            outbox.settle_rows(
                tx.connection, [DeliveryResult(begun, Sending.QUEUED, [part], retry_at=MONDAY + SECOND)], MONDAY
            )
            assert delivered(tx, after=SECOND).begun == ("10",)

        await transact(database, story)
