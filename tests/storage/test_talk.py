"""What was said on a ticket, and where each messenger shows it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from storage.models import MessageKind, Sending, old_words
from storage.queues import outbox
from storage.queues.outbox import DeliveryResult
from storage.queues.posts import Post
from storage.tickets.messages import MessageRef, TicketCard, TicketThread
from tests.clock import MONDAY
from tests.storage.rows import SOURCE, at, known, transact

ANN = f"{SOURCE}:ann"
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def desk(database):
    """Return what a transaction may begin with: a way to run a story over one ticket of Ann's and Bob the agent."""

    async def run(story):
        def work(tx):
            ann, bob = known(tx, "Ann"), known(tx, "Bob")
            return story(tx, at(tx, ann), ann, bob)

        return await transact(database, work)

    return run


def say(tx, ticket, who, text, kind=MessageKind.FOLLOW_UP, **more):
    return tx.talk.add(ticket.id, who.id, kind, words={"text": text}, files=[], at=MONDAY, **more)


def promised(tx, ticket, message, payload="words", **facts):
    row = {"lane": ANN, "operation": "send", "payload": payload, "message_id": message, "ticket_id": ticket.id, **facts}
    return outbox.enqueue(tx.connection, SOURCE, row, MONDAY)


def shown(tx, outgoing, message, native):
    [rows] = outbox.lease_addresses(tx.connection, [SOURCE], MONDAY, MONDAY + MINUTE, 1)
    [row] = [row for row in rows if row.id == outgoing]
    outbox.settle_rows(
        tx.connection,
        [DeliveryResult(row, Sending.SENT, [Post(ANN, native, 0, outgoing, message, row.ticket_id)])],
        MONDAY,
    )


async def test_messages_come_in_order_with_their_authors(desk):
    def story(tx, ticket, ann, bob):
        first = say(tx, ticket, ann, "Help")
        reply = say(tx, ticket, bob, "Sure", MessageKind.REPLY, anchor=first)
        say(tx, ticket, bob, "odd one", MessageKind.NOTE)
        said = tx.talk.of(ticket.id)
        assert [(m.words["text"], name) for m, name in said] == [("Help", "Ann"), ("Sure", "Bob"), ("odd one", "Bob")]
        assert [m.words["text"] for m, _ in tx.talk.of(ticket.id, limit=2)] == ["Sure", "odd one"]
        assert tx.talk.get(reply).anchor_id == first
        assert tx.talk.last(ticket.id, MessageKind.REPLY).id == reply
        assert tx.talk.get(reply + 100) is None

    await desk(story)


async def test_an_edit_keeps_what_was_said_and_a_deletion_nothing(desk):
    def story(tx, ticket, ann, _bob):
        said = say(tx, ticket, ann, "Help")
        tx.talk.edit(tx.talk.get(said), {"text": "Help me"}, MONDAY + MINUTE)
        now = tx.talk.get(said)
        assert (now.words, now.edited_at) == ({"text": "Help me"}, MONDAY + MINUTE)
        [old] = tx.connection.execute(select(old_words.c.message_id, old_words.c.words, old_words.c.until)).all()
        assert old == (said, {"text": "Help"}, MONDAY + MINUTE)
        tx.talk.delete(said, MONDAY + 2 * MINUTE)
        gone = tx.talk.get(said)
        assert (gone.deleted_at, gone.words, gone.files) == (MONDAY + 2 * MINUTE, {"text": "", "spans": []}, [])
        assert tx.connection.execute(select(old_words.c.words)).all() == []
        assert tx.talk.of(ticket.id) == []

    await desk(story)


async def test_a_native_message_leads_to_what_it_stands_for(desk):
    def story(tx, ticket, ann, bob):
        asked = say(tx, ticket, ann, "Help")
        tx.talk.written(ANN, "10", asked, MONDAY)
        assert tx.talk.at(ANN, "10") == MessageRef(None, asked, ticket.id)
        reply = say(tx, ticket, bob, "Sure", MessageKind.REPLY)
        sent = promised(tx, ticket, reply, receipt=True)
        shown(tx, sent, reply, "11")
        assert tx.talk.at(ANN, "11") == MessageRef(sent, reply, ticket.id)
        card = promised(tx, ticket, None)
        shown(tx, card, None, "12")
        assert tx.talk.at(ANN, "12") == MessageRef(card, None, ticket.id)
        assert tx.talk.at(ANN, "13") is None
        assert tx.talk.at(f"{SOURCE}:bob", "11") is None

    await desk(story)


async def test_what_carries_a_reply_is_its_receipted_sends(desk):
    def story(tx, ticket, _ann, bob):
        reply = say(tx, ticket, bob, "Sure", MessageKind.REPLY)
        sent = promised(tx, ticket, reply, receipt=True)
        promised(tx, ticket, reply)  # shown to the team, no receipt
        promised(tx, ticket, reply, operation="edit", edits=sent, receipt=True)
        assert tx.talk.carriers(reply) == [(sent, ANN, Sending.QUEUED, None)]
        assert tx.talk.carried_by(sent) == reply
        assert tx.talk.carried_by(sent + 100) is None

    await desk(story)


async def test_a_thread_is_kept_as_it_should_be_and_found_by_its_native_id(desk):
    def story(tx, ticket, _ann, _bob):
        team = tx.channels.ensure(SOURCE, "team", language="en", threads=True)
        assert tx.talk.thread(ticket.id, team.id) is None
        place = TicketThread(ticket.id, team.id, None, "#1 Ann", "new", open=True)
        tx.talk.keep_thread(place)
        assert tx.talk.thread(ticket.id, team.id) == place
        tx.talk.set_native(ticket.id, team.id, "77")
        assert tx.talk.thread_at(team.id, "77") == ticket.id
        tx.talk.keep_thread(TicketThread(ticket.id, team.id, "77", "#1 Ann", "closed", open=False))
        assert tx.talk.thread(ticket.id, team.id) == TicketThread(
            ticket.id, team.id, "77", "#1 Ann", "closed", open=False
        )
        assert tx.talk.thread_at(team.id, "78") is None

    await desk(story)


async def test_a_thread_made_before_it_was_known_becomes_known(desk):
    def story(tx, ticket, _ann, _bob):
        team = tx.channels.ensure(SOURCE, "team", language="en", threads=True)
        tx.talk.set_native(ticket.id, team.id, "77")
        assert tx.talk.thread(ticket.id, team.id) == TicketThread(
            ticket.id, team.id, "77", f"#{ticket.id}", "", open=True
        )

    await desk(story)


async def test_cards_are_one_for_each_place_and_go_with_an_upgraded_chat(desk):
    def story(tx, ticket, ann, _bob):
        other = at(tx, ann)
        team = tx.channels.ensure(SOURCE, "team", language="en", threads=True)
        kinds = ["new", "open"]
        tx.talk.keep_card(ticket.id, TicketCard(team.id, "queue", 1, "a"))
        tx.talk.keep_card(ticket.id, TicketCard(team.id, "queue", 2, "b"))
        tx.talk.keep_card(ticket.id, TicketCard(team.id, "thread", 3, "b"))
        assert sorted(tx.talk.cards(ticket.id), key=lambda c: c.outgoing_id) == [
            TicketCard(team.id, "queue", 2, "b"),
            TicketCard(team.id, "thread", 3, "b"),
        ]
        assert tx.talk.live(team.id, kinds, 9) == [other.id]
        tx.talk.set_native(ticket.id, team.id, "77")
        tx.talk.lose_threads(team.id)
        assert tx.talk.cards(ticket.id) == []
        assert tx.talk.thread(ticket.id, team.id).native is None
        assert tx.talk.live(team.id, kinds, 9) == [ticket.id, other.id]

    await desk(story)


async def test_what_a_guest_wrote_is_a_guests_and_what_one_of_the_team_did_is_the_teams(desk):
    def story(tx, ticket, ann, bob):
        petro, times = known(tx, "Petro"), iter(MONDAY + n * MINUTE for n in range(1, 20))

        def writes():
            now = next(times)
            note = {"words": {"text": f"at {now:%M}"}, "files": [], "at": now}
            tx.talk.add(ticket.id, petro.id, MessageKind.NOTE, **note)
            return f"at {now:%M}"

        def a_guests():
            notes = {str(said.words["text"]) for said in tx.talk.said_elsewhere(petro.id)}
            assert notes == {
                said.words["text"] for said, _ in tx.talk.of(ticket.id) if tx.guests.wrote(ticket.id, petro.id, said.at)
            }
            return notes

        of_team = writes()
        tx.guests.join(ticket.id, petro.id, next(times))
        first = writes()
        tx.guests.leave(ticket.id, petro.id, next(times))
        next(times)
        tx.guests.join(ticket.id, petro.id, next(times))
        second = writes()
        assert a_guests() == {first, second}, "who comes again is a guest as before"
        tx.guests.leave(ticket.id, petro.id, next(times))
        of_team_again = writes()
        assert a_guests() == {first, second}, "who joins the team writes as one of it"
        tx.guests.join(ticket.id, petro.id, next(times))
        third = writes()
        assert {of_team, of_team_again}.isdisjoint(a_guests())
        assert third in a_guests()

    await desk(story)
