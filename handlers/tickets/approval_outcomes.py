"""What follows on what somebody says who is asked for their yes: the next round, a question to the requester, or the end."""

from collections.abc import Sequence
from typing import Any

from handlers.rules.approvals import DECISION, REASON, told_of
from handlers.rules.notify import TicketEvent
from handlers.tickets import (
    approval_guard,
    approval_seats,
    approval_view,
    approvals,
    cards,
    notifications,
    plans,
    relay,
    status_names,
)
from handlers.tickets.ticket_service import move_ticket
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Button, Chat, Message, button_row, phrase
from storage.lifecycle import Action, StatusKind
from storage.models import Answer, ApprovalState, MessageKind
from storage.tickets.approvals import Approval, Seat
from storage.tickets.tickets import Ticket


def keep_answer(turn: Turn, seat: Seat, said: Answer, reason: str = "") -> bool:
    """Keep what the actor says at all their seats of a question, and let follow what it comes to; return whether it counted."""
    approval = turn.tx.approvals.get(seat.approval_id)
    if approval is None or approval.state is not ApprovalState.OPEN or seat.asking != approval.asking:
        return False
    ticket = turn.tx.tickets.get(approval.ticket_id)
    own = approval_seats.with_own_seats(turn.tx.approvals.seats(approval.id, approval.asking), turn.person.id)
    able = approval_seats.able_people(turn, approval, ticket, own)
    own = [each for each in own if (each.id, turn.person.id) in able]
    if seat.id not in {each.id for each in own}:
        return False
    ticket = approvals.note_step(turn, ticket, approval, turn.person.id, said.value)
    for each in own:
        turn.tx.approvals.answer(each.id, said, reason, by=turn.person.id, at=turn.now)
    turn.audit(Deed.APPROVAL_ANSWERED, ticket=ticket.id, answer=said.value)
    relay.in_threads(turn, ticket.id, phrase(f"approval_thread.{said}", name=turn.person.name))
    settle_round(turn, approval, ticket, reason)
    return True


def settle_round(turn: Turn, approval: Approval, ticket: Ticket, reason: str = "") -> None:
    """Let follow what the answers of a round come to, where that is known; what stands where people were asked says so."""
    seats = turn.tx.approvals.seats(approval.id, approval.asking)
    rule = approval_seats.rule_of(turn, approval)
    outcome = approval_seats.outcome_of(rule["rounds"][approval.round]["need"], seats)
    match outcome:
        case None:
            close_answered(turn, approval, ticket)
        case ApprovalState.CHANGES:
            ask_requester(turn, approval, ticket, reason)
        case ApprovalState.APPROVED if approval_view.digest_of(turn, ticket) != approval.digest:
            ask_from_start(turn, approval, ticket)
        case ApprovalState.APPROVED if approval.round + 1 < len(rule["rounds"]):
            close_answered(turn, approval, ticket, everybody=True)
            approval = turn.tx.approvals.change(approval.id, round=approval.round + 1)
            approvals.ask_round(turn, approval, ticket)
        case _:
            end_approval(turn, approval, ticket, outcome, reason)
    cards.refresh_cards(turn, turn.tx.tickets.get(ticket.id))


def close_answered(turn: Turn, approval: Approval, ticket: Ticket, *, everybody: bool = False) -> None:
    """Take the buttons from whoever has answered; from everybody, where the round is over."""
    for seat in turn.tx.approvals.seats(approval.id, approval.asking):
        if seat.answer is not None or everybody:
            approval_guard.close_seat(turn, approval, ticket, seat)


def end_approval(turn: Turn, approval: Approval, ticket: Ticket, outcome: ApprovalState, reason: str) -> None:
    """End a question with a yes or a no: the request goes where that leads, its requester and whoever asked hear of it."""
    ended = turn.tx.approvals.change(approval.id, state=outcome, ended_at=turn.now)
    ticket = approvals.note_step(turn, ticket, ended, None)
    approval_guard.close_questions(turn, ended, ticket)
    moved = moved_by(turn, ended, ticket)
    tell_requesters(turn, ended, ticket, moved, reason)
    tell_asker(turn, ended, moved)


def moved_by(turn: Turn, approval: Approval, ticket: Ticket) -> Ticket:
    """Let a request go where a yes or a no leads, or back to where it stood when it was asked for."""
    rule = approval_seats.rule_of(turn, approval)
    leads = {ApprovalState.APPROVED: approval.status, ApprovalState.DECLINED: rule.get("declined")}
    back = approval.stood if ticket.status == rule.get("waiting") else ""
    to = leads.get(approval.state) or back
    if not to or to == ticket.status or not ticket.active or ticket.request_type_id != approval.request_type_id:
        return ticket
    return move_ticket(turn, ticket, Action.MOVE, by=None, status=to, placed=True)


def tell_requesters(turn: Turn, approval: Approval, was: Ticket, now: Ticket, reason: str) -> None:
    """Tell those whose request it is what was decided, as far as the rule says so."""
    tell = told_of(approval_seats.rule_of(turn, approval))
    told_as, facts = "", dict[str, Any]()
    if DECISION in tell:
        why = bool(reason) and REASON in tell and approval.state is ApprovalState.DECLINED
        told_as, facts = "declined_why" if why else approval.state.value, {"reason": reason} if why else {}
    if now.status != was.status:
        occasion = TicketEvent.CLOSED if now.kind is StatusKind.CLOSED else TicketEvent.MOVED
        notifications.notify_of_event(turn, now, occasion, told_as=told_as, **facts)
    elif told_as:
        tell_parties(turn, now, told_as, facts)


def tell_parties(turn: Turn, ticket: Ticket, as_: str, facts: dict[str, Any], button: Button | None = None) -> None:
    """Tell each requester of a request something of a yes that is asked for: ``facts`` are what ``told.<as_>`` names besides."""
    status = status_names.status_of(turn, ticket)
    known = {"agent": "", "status": status, **facts}
    for party in turn.tx.related.parties(ticket):
        buttons = (lambda number, goes_on: button_row(button)) if button is not None else None
        notifications.notify_requester(turn, party, as_, known, buttons, ticket)


def tell_asker(turn: Turn, approval: Approval, ticket: Ticket) -> None:
    """Tell whoever asked for a yes what was decided, unless they have just said so themselves."""
    person = approval_seats.reachable_person(turn, approval.by_id)
    if person is None or (turn.actor is not None and turn.actor.id == approval.by_id):
        return
    if not approval_seats.is_of_team(turn, person):
        return  # whoever has left the team reads nothing of it any more
    said = phrase(f"approval_told.{approval.state}", ticket=ticket.id, summary=ticket.summary)
    turn.send(Chat(person.source, person.home), turn.reader(person), Message((said,)), ticket=ticket.id)


def ask_requester(turn: Turn, approval: Approval, ticket: Ticket, question: str) -> None:
    """Ask the requester something before a yes; their answer asks the round anew."""
    values = {"state": ApprovalState.CHANGES, "question": question, "answer": "", "since": turn.now}
    approval = turn.tx.approvals.change(approval.id, **values)
    approval_guard.close_questions(turn, approval, ticket)
    tell_question(turn, approval, ticket, turn.person.name, times=1)


def tell_question(turn: Turn, approval: Approval, ticket: Ticket, name: str, times: int) -> None:
    """Tell the requesters what somebody of this name asks before a yes, for so many times by now; what reminds of it is set."""
    button = presses.AnswerApproval(approval.id).button(phrase("button.answer_approval"))
    tell_parties(turn, ticket, "approval_changes", {"name": name, "question": approval.question}, button)
    due = approvals.reminder_due(turn, approval, ticket, turn.tx.people.of_account(ticket.account_id))
    if due is not None:
        timer = timers.AnswerReminder(approval.id, approval.asking, times)
        turn.schedule(timer, due - turn.now, ticket=ticket.id)


def remind_requester(turn: Turn, number: int, asking: int, times: int) -> None:
    """Ask the requesters again who have not answered; at last whoever has the request hears that they have not."""
    approval = turn.tx.approvals.get(number)
    if approval is None or approval.state is not ApprovalState.CHANGES or approval.asking != asking:
        return
    ticket = turn.tx.tickets.get(approval.ticket_id)
    wrote = turn.tx.talk.last(ticket.id, MessageKind.FOLLOW_UP)
    if wrote is not None and wrote.at > approval.since:
        return  # the team has read it, and asks again
    seats = turn.tx.approvals.seats(approval.id, asking)
    asked = [seat.answered_by for seat in seats if seat.answer is Answer.CHANGES and seat.answered_by is not None]
    if times <= approvals.REMINDERS and approval.question and asked:
        tell_question(turn, approval, ticket, turn.tx.tickets.name(asked[-1]), times + 1)
    else:
        plans.say_in_threads(turn, ticket, phrase("thread.approval_unanswered", ticket=ticket.id), call=True)


def ask_again(turn: Turn, approval: Approval, ticket: Ticket, answer: str) -> None:
    """Ask the same people of a round anew, with what the requester has answered."""
    seats: Sequence[Seat] = approval_seats.counted_seats(turn.tx.approvals.seats(approval.id, approval.asking))
    approval = turn.tx.approvals.change(approval.id, answer=answer)
    if approval.round > 0 and approval_view.digest_of(turn, ticket) != approval.digest:
        ask_from_start(turn, approval, ticket)
        return
    ticket = approvals.note_step(turn, ticket, approval, turn.person.id)
    approvals.ask_round(turn, approval, ticket, [seat.person_id for seat in seats])
    cards.refresh_cards(turn, ticket)


def is_agreed_to(turn: Turn, approval: Approval) -> bool:
    """Return whether anybody has said yes to what is asked: in this round, or in one before it."""
    seats = turn.tx.approvals.seats(approval.id, approval.asking)
    return approval.round > 0 or any(seat.answer is Answer.YES for seat in seats)


def ask_from_start(turn: Turn, approval: Approval, ticket: Ticket) -> None:
    """Ask everybody anew, from the first round on: the request does not say any more what some have said yes to."""
    seats = turn.tx.approvals.seats(approval.id, approval.asking)
    said = phrase("approval_seat.anew", ticket=ticket.id)
    for seat in seats:
        for card, whose in ((seat.card, seat.person_id), (seat.stand_in_card, seat.stand_in_id)):
            approval_view.close_question(turn, ticket, card, whose, said, whole=False)
    first = [seat.person_id for seat in approval_seats.counted_seats(seats)] if approval.round == 0 else None
    approval = turn.tx.approvals.change(approval.id, round=0)
    ticket = approvals.note_step(turn, ticket, approval, None)
    relay.in_threads(turn, ticket.id, phrase("thread.approval_anew", ticket=ticket.id))
    approvals.ask_round(turn, approval, ticket, first)
    cards.refresh_cards(turn, ticket)


def take_question_back(turn: Turn, approval: Approval, ticket: Ticket) -> None:
    """Ask for a yes no more; the request stands where it stood before."""
    ended = approval_guard.end_unanswered(turn, approval, ticket)
    ticket = approvals.note_step(turn, ticket, ended, turn.person.id)
    turn.audit(Deed.APPROVAL_WITHDRAWN, ticket=ticket.id)
    relay.in_threads(turn, ticket.id, phrase("thread.approval_withdrawn", name=turn.person.name))
    cards.refresh_cards(turn, moved_by(turn, ended, ticket))
