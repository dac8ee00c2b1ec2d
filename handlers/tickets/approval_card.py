"""What a card says of somebody's yes: who is waited for since when, or what was decided and why."""

from collections.abc import Sequence

from handlers.tickets import approval_seats
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Part, RichText, phrase
from handlers.vocabulary.translations import Locale
from storage.models import Answer, ApprovalState
from storage.tickets.approvals import Approval, Seat
from storage.tickets.tickets import Ticket


def approval_lines(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Add it to the card."""
    approval = approval_seats.latest_approval(turn, ticket)
    if approval is None:
        return []
    if approval.state is ApprovalState.OPEN:
        return open_lines(turn, approval, ticket)
    if approval.state is ApprovalState.CHANGES:
        line = phrase("approval_card.changes", name=last_name(turn, approval))
        asked = [RichText(approval.question)] if approval.question else []  # whoever asked may be erased
        return [line, *asked, phrase("approval_card.since", since=approval.since)]
    line = phrase(f"approval_card.{approval.state}", name=last_name(turn, approval))
    reason = next((seat.reason for seat in reversed(answered_seats(turn, approval)) if seat.answer is Answer.NO), "")
    return [line, RichText(reason)] if reason and approval.state is ApprovalState.DECLINED else [line]


def open_lines(turn: Turn, approval: Approval, ticket: Ticket) -> list[Part]:
    """Say who is waited for, who has said yes, and who cannot be reached."""
    seats = approval_seats.counted_seats(turn.tx.approvals.seats(approval.id, approval.asking))
    rounds = approval_seats.rule_of(turn, approval)["rounds"]
    waits = [seat for seat in seats if seat.answer is None]
    people = [seat_name(turn, seat) for seat in waits] or phrase("nobody")
    since = phrase("approval_card.since", since=approval.since)
    told: list[Part] = [phrase("approval_card.open", people=people), since]
    if len(rounds) > 1:
        told.append(phrase("approval_card.round", round=approval.round + 1, rounds=len(rounds)))
    if said := [
        turn.tx.tickets.name(seat.answered_by or seat.person_id) for seat in seats if seat.answer is Answer.YES
    ]:
        told.append(phrase("approval_card.yes", people=said))
    lost = [seat_name(turn, seat) for seat in approval_seats.lost_seats(turn, approval, ticket, waits)]
    if lost or not seats:
        told.append(phrase("approval_card.lost", people=lost or phrase("nobody"), ticket=ticket.id))
    return told


def seat_name(turn: Turn, seat: Seat) -> str:
    """Return who is asked, and who besides."""
    name = turn.tx.tickets.name(seat.person_id)
    return f"{name} ({turn.tx.tickets.name(seat.stand_in_id)})" if seat.stand_in_id is not None else name


def answered_seats(turn: Turn, approval: Approval) -> list[Seat]:
    """Return the seats that were answered, in the order of the answers."""
    seats = [seat for seat in turn.tx.approvals.all_seats(approval.id) if seat.answered_at is not None]
    return sorted(seats, key=lambda seat: (seat.answered_at or approval.at, seat.id))


def last_name(turn: Turn, approval: Approval) -> str:
    """Return who answered last; of what was withdrawn, who asked."""
    last = answered_seats(turn, approval)
    withdrawn = approval.state is ApprovalState.WITHDRAWN
    who = approval.by_id if withdrawn or not last else last[-1].answered_by or last[-1].person_id
    return turn.tx.tickets.name(who)
