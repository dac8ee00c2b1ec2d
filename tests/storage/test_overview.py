"""What a page about the desk reads: an overview of its records, and a look at them from beside the desk."""

from datetime import timedelta

from storage.engine.database import Database
from storage.lifecycle import Action
from storage.models import MessageKind, Sending
from storage.queues import inbox, outbox
from storage.queues.inbox import Arrival
from storage.queues.spoken import StoredWords
from storage.reports import overview
from storage.tickets.tickets import Ticket
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import SOURCE, at, known, transact

SOON = MONDAY + timedelta(minutes=5)


def replied(tx: Transaction) -> Ticket:
    """Return a ticket that was claimed and answered."""
    bob = known(tx, "Bob")
    ticket = tx.tickets.act(at(tx, known(tx, "Ann")), Action.CLAIM, by=bob.id, at=SOON)
    words: StoredWords = {"text": "Which card?", "spans": []}
    said = tx.talk.add(ticket.id, bob.id, MessageKind.REPLY, words=words, files=[], at=SOON)
    row = {"lane": f"{SOURCE}:ann", "operation": "send", "payload": "{}", "message_id": said, "ticket_id": ticket.id}
    outbox.enqueue(tx.connection, SOURCE, row | {"receipt": True}, SOON)
    return ticket


async def test_it_shows_tickets_with_who_has_them_and_what_became_of_replies(database: Database):
    def overall(tx: Transaction) -> None:
        first, second = replied(tx), at(tx, known(tx, "Cid"), summary="It hums")
        lines = overview.ticket_lines(tx.connection)
        assert [(line.id, line.requester, line.agent, line.status) for line in lines] == [
            (second.id, "Cid", None, "new"),
            (first.id, "Ann", "Bob", "open"),
        ]
        assert [line.id for line in overview.ticket_lines(tx.connection, number=first.id)] == [first.id]
        (reply,) = overview.agent_replies(tx.connection)
        assert (reply.agent, reply.text, reply.state) == ("Bob", "Which card?", Sending.QUEUED)
        assert overview.agent_replies(tx.connection, number=second.id) == []
        assert overview.outbox_state_counts(tx.connection)["queued"] == 1
        assert [row.ticket_id for row in overview.outbox_messages(tx.connection)] == [first.id]

    await transact(database, overall)


async def test_it_shows_what_came_in_the_newest_first(database: Database):
    arrivals = [Arrival(SOURCE, str(n), f"{SOURCE}/ann", "{}") for n in (1, 2)]
    await database.run(lambda connection: inbox.accept_arrivals(connection, arrivals, MONDAY))
    rows = await database.run(overview.came_in)
    assert [(row.id > rows[-1].id, row.done_at, row.tries) for row in rows] == [(True, None, 0), (False, None, 0)]
