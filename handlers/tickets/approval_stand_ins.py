"""Whoever is away is asked for nothing alone: what is asked of them is asked of who stands in for them, too."""

from dataclasses import replace

from handlers.tickets import approval_seats, approval_view, approvals, cards
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Chat, Message, phrase
from storage.models import ApprovalState
from storage.people.people import Person

MOST = 50  # questions that are open when somebody leaves; the rest is asked of them alone


def let_stand_in(turn: Turn, other: Person) -> None:
    """Let somebody stand in for the actor, and tell them; what the actor has not answered yet is asked of them, too."""
    turn.tx.approvals.let_stand_in(turn.person.id, other.id)
    person = approval_seats.reachable_person(turn, other.id)
    if person is not None:
        said = phrase("away.stands_in", name=turn.person.name)
        turn.send(Chat(person.source, person.home), turn.reader(person), Message((said,)))
    hand_on(turn, turn.person.id)


def end_stand_in(turn: Turn) -> None:
    """The actor is back: whoever stood in is told; what was asked meanwhile either of them may answer."""
    other = turn.tx.approvals.stand_in(turn.person.id)
    turn.tx.approvals.let_stand_in(turn.person.id, None)
    person = approval_seats.reachable_person(turn, other)
    if person is not None:
        said = phrase("away.stands_in_no_more", name=turn.person.name)
        turn.send(Chat(person.source, person.home), turn.reader(person), Message((said,)))


def hand_on(turn: Turn, whose: int) -> None:
    """Ask whoever stands in for somebody what they have not answered yet."""
    for approval, seat in turn.tx.approvals.waiting_for(whose, MOST):
        if approval.state is not ApprovalState.OPEN or seat.person_id != whose:
            continue
        ticket = turn.tx.tickets.get(approval.ticket_id)
        other = approvals.stand_in_for(turn, approval, ticket, whose)
        person = approval_seats.reachable_person(turn, other)
        if other is None or person is None or other == seat.stand_in_id:
            continue
        asked = replace(seat, stand_in_id=other)
        if (seat.id, other) not in approval_seats.able_people(turn, approval, ticket, [asked]):
            continue
        ticket = approvals.note_step(turn, ticket, approval, turn.person.id)
        turn.tx.approvals.change_seat(seat.id, stand_in_id=other)
        now = turn.tx.approvals.get_seat(seat.id) or seat
        card = approval_view.send_question(turn, approval, ticket, now, person)
        turn.tx.approvals.change_seat(seat.id, stand_in_card=card)
        cards.refresh_cards(turn, ticket)


def refresh_waiting(turn: Turn, whose: int) -> None:
    """Let the cards say so that wait for somebody who cannot be asked any more, or can again."""
    for approval, _ in turn.tx.approvals.waiting_for(whose, MOST):
        cards.refresh_cards(turn, turn.tx.tickets.get(approval.ticket_id))
