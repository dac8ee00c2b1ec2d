"""Asking for somebody's yes: a round of people at a time, each in private."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.rules.approvals import NAMED, Need, reminder_length
from handlers.tickets import approval_guard, approval_seats, approval_view, cards, relay, sla_terms
from handlers.tickets.ticket_service import change_ticket, move_ticket
from handlers.turns.turn import Turn
from handlers.vocabulary import timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import phrase
from storage.lifecycle import Action, Refused
from storage.models import ApprovalState
from storage.people.people import Person
from storage.tickets import approvals
from storage.tickets.approvals import Approval, Seat
from storage.tickets.tickets import Ticket

REMINDERS = 3  # of one question


def begin_approval(
    turn: Turn, ticket: Ticket, *, status: str = "", named: Sequence[int] = (), need: str = Need.ANY, why: str = ""
) -> Ticket:
    """Ask for the yes that a status needs, or (without one) once those whom an agent has named; return the request then."""
    if not ticket.active:
        raise Refused("over", ticket=ticket.id)
    open_ = approval_seats.latest_approval(turn, ticket)
    if open_ is not None and open_.ended_at is None:
        raise Refused("approval_open", ticket=ticket.id, people=approval_guard.waited_for(turn, open_))
    begun = turn.tx.approvals.begin(
        turn.now,
        ticket_id=ticket.id,
        request_type_id=ticket.request_type_id,
        status=status,
        stood=ticket.status,
        need=need,
        by_id=turn.person.id,
        why=why,
        digest=approval_view.digest_of(turn, ticket),
    )
    for person in named:
        turn.tx.approvals.seat(begun.id, approvals.NAMED, person)
    if not approval_seats.people_asked(turn, ticket, begun):
        raise nobody_to_ask(turn, begun)
    must_be_few(turn, begun, ticket)
    ticket = note_step(turn, ticket, begun, turn.person.id)
    turn.audit(Deed.APPROVAL_ASKED, ticket=ticket.id, status=status)
    waiting = approval_seats.rule_of(turn, begun).get("waiting")
    if waiting and waiting != ticket.status:
        ticket = move_ticket(turn, ticket, Action.MOVE, by=None, status=waiting, placed=True)
    cards.open_threads(turn, ticket)
    ask_round(turn, begun, ticket)
    cards.refresh_cards(turn, ticket)
    return ticket


def nobody_to_ask(turn: Turn, approval: Approval) -> Refused:
    """Return the refusal of a question that nobody could answer, with what to do."""
    agents = NAMED in approval_seats.round_of(turn, approval)["ask"]
    return Refused("approval_name" if agents else "approval_nobody", ticket=approval.ticket_id)


def must_be_few(turn: Turn, approval: Approval, ticket: Ticket) -> None:
    """Refuse a question one of whose rounds would ask more people than anybody waits for."""
    for number in range(len(approval_seats.rule_of(turn, approval)["rounds"])):
        asked = len(approval_seats.people_asked(turn, ticket, replace(approval, round=number)))
        if asked > approval_seats.MOST:
            raise Refused("approval_many", ticket=ticket.id, n=asked, most=approval_seats.MOST)


def note_step(turn: Turn, ticket: Ticket, approval: Approval, by: int | None, step: str = "") -> Ticket:
    """Write a step of a question into the history of its request; of two at once one is tried again on what it is then."""
    facts = {"approval": approval.id, "asking": approval.asking, "state": step or approval.state.value}
    return change_ticket(turn, ticket, action=Action.APPROVAL, by=by, facts=facts, approval_id=approval.id)


def ask_round(turn: Turn, approval: Approval, ticket: Ticket, people: Sequence[int] | None = None) -> Approval:
    """Ask everybody of the round that comes, or these people again; the thread says whom.

    Of more than there may be, as they have become that many since it was begun, the first are asked: no answer is refused for it.
    """
    own = approval_seats.barred_people(turn, approval, ticket)
    asked = people if people is not None else approval_seats.people_in_place(turn, ticket, approval)
    asked = [person for person in asked if person not in own]
    digest = approval_view.digest_of(turn, ticket)
    values = {"state": ApprovalState.OPEN, "asking": approval.asking + 1, "since": turn.now, "digest": digest}
    approval = turn.tx.approvals.change(approval.id, **values)
    seats = [give_seat(turn, approval, ticket, person) for person in asked[: approval_seats.MOST]]
    ask_seats(turn, approval, ticket, seats)
    names = [turn.tx.tickets.name(seat.person_id) for seat in seats] or phrase("nobody")
    relay.in_threads(turn, ticket.id, phrase("thread.approval_asked", people=names))
    if len(asked) > len(seats):
        cut = phrase("thread.approval_cut", ticket=ticket.id, n=len(asked), most=len(seats))
        relay.in_threads(turn, ticket.id, cut)
    return approval


def give_seat(turn: Turn, approval: Approval, ticket: Ticket, person: int) -> Seat:
    """Give somebody a seat, and whoever stands in for them while they are away."""
    other = stand_in_for(turn, approval, ticket, person)
    return turn.tx.approvals.seat(approval.id, approval.asking, person, other)


def stand_in_for(turn: Turn, approval: Approval, ticket: Ticket, person: int) -> int | None:
    """Return who is asked besides somebody who is away: never whoever asks, nor whose own request it is where that bars them."""
    own = approval_seats.barred_people(turn, approval, ticket)
    return approval_seats.stands_in(turn, person, {*own, approval.by_id})


def ask_seats(turn: Turn, approval: Approval, ticket: Ticket, seats: Sequence[Seat], times: int = 1) -> None:
    """Ask whoever has these seats, and whoever stands in for them, for so many times by now; what reminds of it is set.

    Who may not answer is not sent a word of the request; of an earlier question of theirs one line is left, as it leads here.
    """
    able = approval_seats.able_people(turn, approval, ticket, seats)
    moved = phrase("approval.moved_down", ticket=ticket.id)
    for seat in seats:
        places = (("card", seat.card, seat.person_id), ("stand_in_card", seat.stand_in_card, seat.stand_in_id))
        for column, before, whose in places:
            person = approval_seats.reachable_person(turn, whose) if (seat.id, whose) in able else None
            if person is not None:
                approval_view.close_question(turn, ticket, before, whose, moved, whole=False)
                card = approval_view.send_question(turn, approval, ticket, seat, person)
                turn.tx.approvals.change_seat(seat.id, **{column: card})
        schedule_reminder(turn, approval, ticket, seat, times)


def schedule_reminder(turn: Turn, approval: Approval, ticket: Ticket, seat: Seat, times: int) -> None:
    """Remind whoever has a seat after some of their working time: the calendar's days, by the clock on their own wall."""
    person = turn.tx.people.known(seat.stand_in_id or seat.person_id)
    due = reminder_due(turn, approval, ticket, person) if person is not None else None
    if due is not None and times <= REMINDERS:
        turn.schedule(timers.ApprovalReminder(seat.id, times), due - turn.now, ticket=ticket.id)


def reminder_due(turn: Turn, approval: Approval, ticket: Ticket, person: Person) -> datetime | None:
    """Return when somebody is reminded of what waits for them; None where the rule reminds nobody."""
    rule = approval_seats.rule_of(turn, approval)
    length, hours = reminder_length(rule), rule.get("hours", "")
    if length <= timedelta(0):
        return None
    calendar = turn.rules.calendar(hours) if hours else sla_terms.terms_of(turn, ticket)[1]
    return calendar.in_zone(turn.reader(person).zone).add(turn.now, length)


def remind_seat(turn: Turn, number: int, times: int) -> None:
    """Ask somebody again who has not answered, at the end of their chat; what was asked before leads there."""
    seat = turn.tx.approvals.get_seat(number)
    approval = turn.tx.approvals.get(seat.approval_id) if seat is not None else None
    if seat is None or approval is None or seat.answer is not None or seat.asking != approval.asking:
        return
    if approval.state is not ApprovalState.OPEN:
        return
    ask_seats(turn, approval, turn.tx.tickets.get(approval.ticket_id), [seat], times + 1)
