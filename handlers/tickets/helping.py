"""Several hands: who helps with a request beside the agent who has it, how they come and go, and who hears of it."""

from collections.abc import Sequence
from datetime import timedelta

from handlers.rules.notify import TicketEvent
from handlers.tickets import cards, relay
from handlers.tickets.ticket_service import change_ticket
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Chat, Message, phrase
from storage.lifecycle import Refused
from storage.people.people import Person
from storage.tickets.tickets import Ticket

MOST = 10  # helpers of one request: more are a group
EACH = 5  # cards that are drawn anew in one turn


def add_helper(turn: Turn, ticket: Ticket, person: Person) -> Ticket:
    """Let somebody of the team help with a request: its thread reads it, and they hear of it in private.

    Refused where they have it themselves, where it is over, and where too many help. Whoever helps already goes on.
    """
    if not ticket.active:
        raise Refused("over", ticket=ticket.id)
    if person.id == ticket.agent_id:
        raise Refused("has_it", ticket=ticket.id, name=person.name)
    helping = turn.tx.helpers.of(ticket.id)
    if person.id in helping:
        return ticket
    if len(helping) >= MOST:
        raise Refused("many_helpers", ticket=ticket.id, most=MOST)
    ticket = change_ticket(turn, ticket)  # so that of two at once the second sees what the first has done
    turn.tx.helpers.join(ticket.id, person.id, turn.now)
    turn.audit(Deed.HELPER_ADDED, ticket=ticket.id, person=person.id)
    own = person.id == turn.person.id
    said = phrase("thread.helps_self" if own else "thread.helps", helper=person.name, name=turn.person.name)
    relay.in_threads(turn, ticket.id, said)
    if not own:
        tell_helper(turn, ticket, person.id, "notice.helps")
    return ticket


def take_helper(turn: Turn, ticket: Ticket, person: Person) -> Ticket:
    """Let somebody help no more; refused where they do not."""
    if person.id not in turn.tx.helpers.of(ticket.id):
        raise Refused("no_helper", ticket=ticket.id, name=person.name)
    ticket = change_ticket(turn, ticket)
    turn.tx.helpers.leave(ticket.id, person.id, turn.now)
    turn.audit(Deed.HELPER_TAKEN, ticket=ticket.id, person=person.id)
    relay.in_threads(turn, ticket.id, phrase("thread.helps_no_more", helper=person.name))
    if person.id != turn.person.id:
        tell_helper(turn, ticket, person.id, "notice.helps_no_more")
    return ticket


def tell_helper(turn: Turn, ticket: Ticket, helper: int, said: str) -> None:
    """Tell a helper in private what somebody else wants of them, unless they want to hear of no such thing."""
    person = turn.tx.people.reachable(helper)
    if person is not None and turn.tx.hearing.chosen(helper).get(TicketEvent.ASSIGNED, True):
        words = phrase(said, ticket=ticket.id, summary=ticket.summary, name=turn.person.name)
        turn.send(Chat(person.source, person.chat), turn.reader(person), Message((words,)), ticket=ticket.id)


def end_help(turn: Turn, person_id: int) -> None:
    """Let somebody who is of the team no more help with nothing, at once; the cards that name them follow."""
    redraw_cards(turn, turn.tx.helpers.leave_all(person_id, turn.now))


def redraw_cards(turn: Turn, numbers: Sequence[int]) -> None:
    """Draw the cards of some active tickets anew; the rest follow by a timer."""
    for number in numbers[:EACH]:
        ticket = turn.tx.tickets.find(number)
        if ticket is not None and ticket.active:
            cards.refresh_cards(turn, ticket)
    if len(numbers) > EACH:
        turn.schedule(timers.RedrawCards(tuple(numbers[EACH:])), timedelta(0))
