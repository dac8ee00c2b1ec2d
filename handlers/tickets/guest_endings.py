"""The end of a guest's time on a request: they hear of it, and read nothing after."""

from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Chat, Message, phrase
from storage.people import guests
from storage.people.people import Person
from storage.queues import outbox
from storage.tickets.tickets import Ticket


def guest_account(turn: Turn, person_id: int) -> Person:
    """Return a guest by the account on which they are written to."""
    return turn.tx.people.reachable(person_id) or turn.tx.people.get(person_id)


def tell_number(turn: Turn, was: Ticket, now: Ticket, person_id: int) -> None:
    """Tell a guest the number under which the request goes on that they were let into."""
    person, said = guest_account(turn, person_id), phrase("guest.goes_on", ticket=was.id, into=now.id)
    turn.send(Chat(person.source, person.home), turn.reader(person), Message((said,)), ticket=now.id)


def end_with(turn: Turn, was: Ticket, now: Ticket) -> None:
    """Let guests go with the request that they were let into; one that goes on in another takes them along."""
    if was.active and not now.active and now.merged_into is None:
        for person_id in turn.tx.guests.of(now.id):
            end_visit(turn, now, person_id, "guest.ended")


def end_visit(turn: Turn, ticket: Ticket, person_id: int, said: str) -> None:
    """Let somebody be a guest no more, and say so to them; whoever has not come yet finds nothing when they do."""
    turn.tx.guests.leave(ticket.id, person_id, turn.now)
    person = guest_account(turn, person_id)
    if guests.is_guest(person.native):
        lane = Chat(person.source, person.home).lane
        outbox.withhold_waiting(turn.tx.connection, lane, ticket.id, turn.now)
        return
    reader = turn.reader(person)
    turn.send(Chat(person.source, person.home), reader, Message((phrase(said, ticket=ticket.id),)), ticket=ticket.id)
