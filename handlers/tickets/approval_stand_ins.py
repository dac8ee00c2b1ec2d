"""Whoever is away is asked for nothing alone: what is asked of them is asked of who stands in for them, too."""

from dataclasses import replace

from handlers.tickets import approval_seats, approval_view, approvals, cards
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Chat, Message, phrase
from storage.models import ApprovalState
from storage.people.people import Person
from storage.tickets.approvals import Approval, Seat
from storage.tickets.tickets import Ticket

MOST = 50  # questions that are open when somebody leaves; the rest is asked of them alone


def let_stand_in(turn: Turn, other: Person) -> None:
    """Let somebody stand in for the actor; they are told, and whoever did before. What is open is asked of them, too."""
    before = turn.tx.approvals.stand_in(turn.person.id)
    turn.tx.approvals.let_stand_in(turn.person.id, other.id)
    if before is not None and before != other.id:
        tell_stand_in(turn, before, "away.stands_in_instead")
    tell_stand_in(turn, other.id, "away.stands_in")
    hand_on(turn, turn.person.id)


def end_stand_in(turn: Turn) -> None:
    """The actor is back: whoever stood in is told; what was asked meanwhile either of them may answer."""
    other = turn.tx.approvals.stand_in(turn.person.id)
    turn.tx.approvals.let_stand_in(turn.person.id, None)
    tell_stand_in(turn, other, "away.stands_in_no_more")


def tell_stand_in(turn: Turn, whom: int | None, said: str) -> None:
    """Tell somebody whether they stand in for the actor."""
    person = approval_seats.reader_of_words(turn, whom)
    if person is not None:
        message = Message((phrase(said, name=turn.person.name),))
        turn.send(Chat(person.source, person.home), turn.reader(person), message)


def hand_on(turn: Turn, whose: int) -> None:
    """Ask whoever stands in now what somebody has not answered yet: of their own, and of those for whom they stood in."""
    for approval, seat in turn.tx.approvals.waiting_for(whose, MOST):
        if approval.state is not ApprovalState.OPEN:
            continue
        ticket = turn.tx.tickets.get(approval.ticket_id)
        other = approvals.stand_in_for(turn, approval, ticket, seat.person_id)
        person = reachable_stand_in(turn, approval, ticket, seat, other)
        takes_over = person is not None or (seat.person_id == whose and seat.stand_in_id is not None)
        if other != seat.stand_in_id and takes_over:
            hand_seat_on(turn, approval, ticket, seat, person)


def reachable_stand_in(turn: Turn, approval: Approval, ticket: Ticket, seat: Seat, other: int | None) -> Person | None:
    """Return who is to stand in at a seat, if they can be asked there and answer."""
    able = approval_seats.able_people(turn, approval, ticket, [replace(seat, stand_in_id=other)])
    return approval_seats.reachable_person(turn, other) if (seat.id, other) in able else None


def hand_seat_on(turn: Turn, approval: Approval, ticket: Ticket, seat: Seat, person: Person | None) -> None:
    """Ask somebody in the place of who stood in at a seat until now (None: nobody), who is asked no more and reads so."""
    ticket = approvals.note_step(turn, ticket, approval, turn.person.id)
    replaced = phrase("approval_seat.replaced", ticket=ticket.id)
    approval_view.close_question(turn, ticket, seat.stand_in_card, seat.stand_in_id, replaced, whole=False)
    stands = person.id if person is not None else None
    turn.tx.approvals.change_seat(seat.id, stand_in_id=stands, stand_in_card=None)
    if person is not None:
        asked = replace(seat, stand_in_id=stands, stand_in_card=None)
        card = approval_view.send_question(turn, approval, ticket, asked, person)
        turn.tx.approvals.change_seat(seat.id, stand_in_card=card)
    cards.refresh_cards(turn, ticket)


def refresh_waiting(turn: Turn, whose: int) -> None:
    """Let the cards say so that wait for somebody who cannot be asked any more, or can again."""
    for approval, _ in turn.tx.approvals.waiting_for(whose, MOST):
        cards.refresh_cards(turn, turn.tx.tickets.get(approval.ticket_id))
