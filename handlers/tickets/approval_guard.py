"""What a request may not do without somebody's yes, nor while that is asked for; asked of every change of a request."""

from dataclasses import replace

from handlers.tickets import approval_seats, approval_view, status_names
from handlers.turns.turn import Turn
from storage.lifecycle import OVER, Action, Refused, Workflow
from storage.models import Answer, ApprovalState
from storage.tickets.approvals import Approval, Seat
from storage.tickets.tickets import Change, Ticket

PAST = (Action.RESOLVE, Action.CLOSE, Action.MERGE, Action.RETYPE, Action.MOVE)  # what would go past a question


def hold_back(turn: Turn, change: Change) -> Change:
    """Return a change as far as it may go without a yes that it needs.

    A move to such a status by its name is refused; what leads there by the way (a claim, a word of the requester's, a reopening)
    stops short of it.
    """
    now = change.now
    if change.action is None or (now.status == change.was.status and now.request_type_id == change.was.request_type_id):
        return change
    workflow = turn.tx.tickets.workflow(now)
    if now.status not in workflow.approvals or turn.tx.approvals.granted(now.id, now.request_type_id, now.status):
        return change
    if change.action is Action.MOVE and change.by is not None:
        called = status_names.status_title(workflow.called(now.status))
        raise Refused("needs_approval", ticket=now.id, to=called)
    status = stops_at(change.was, now, workflow)
    return replace(change, now=replace(now, status=status, kind=workflow.kind(status)))


def stops_at(was: Ticket, now: Ticket, workflow: Workflow) -> str:
    """Return where a request stays that comes to a status which needs a yes that nobody has given."""
    stays = was.active and was.request_type_id == now.request_type_id and was.status not in workflow.approvals
    return was.status if stays else workflow.short_of(now.status)


def must_wait(turn: Turn, change: Change) -> None:
    """Refuse that one of the team takes a request past the yes that it waits for; its requester may end it."""
    if not {change.action, change.comes_to}.intersection(PAST):
        return
    approval = approval_seats.latest_approval(turn, change.was)
    if approval is None or approval.ended_at is not None:
        return
    ends = change.now.kind in OVER or change.action is Action.MERGE
    if ends and change.by in approval_seats.requesters_of(turn, change.was):
        return
    raise Refused("approval_open", ticket=change.was.id, people=waited_for(turn, approval))


def waited_for(turn: Turn, approval: Approval) -> list[str]:
    """Return the names of those whose answer is waited for; of whoever asked for changes, while they are waited for."""
    seats = approval_seats.counted_seats(turn.tx.approvals.seats(approval.id, approval.asking))
    waits = [seat for seat in seats if seat.answer in (None, Answer.CHANGES)]
    return [turn.tx.tickets.name(seat.person_id) for seat in waits or seats] or ["—"]


def asked_now(turn: Turn, ticket: Ticket) -> list[str]:
    """Return the names of those whose yes a request waits for."""
    approval = approval_seats.latest_approval(turn, ticket)
    return waited_for(turn, approval) if approval is not None else []


def end_with(turn: Turn, was: Ticket, now: Ticket) -> None:
    """Let a question be asked no more whose request has ended while it was open: those who were asked read so."""
    if was.kind in OVER or now.kind not in OVER:
        return
    approval = approval_seats.latest_approval(turn, now)
    if approval is not None and approval.ended_at is None:
        end_unanswered(turn, approval, now)


def stands_unasked(turn: Turn, ticket: Ticket, status: str) -> str:
    """Return where a request is put back that stood in a status: short of it, if it waited there for a yes asked no more."""
    approval = approval_seats.latest_approval(turn, ticket)
    if approval is None or approval.ended_at is None or approval.request_type_id != ticket.request_type_id:
        return status
    return approval.stood if status == approval_seats.rule_of(turn, approval).get("waiting") else status


def end_unanswered(turn: Turn, approval: Approval, ticket: Ticket) -> Approval:
    """Ask for a yes no more."""
    ended = turn.tx.approvals.change(approval.id, state=ApprovalState.WITHDRAWN, ended_at=turn.now)
    close_questions(turn, ended, ticket)
    return ended


def close_questions(turn: Turn, approval: Approval, ticket: Ticket) -> None:
    """Show everybody who was asked this time what became of it, where they were asked."""
    for seat in turn.tx.approvals.seats(approval.id, approval.asking):
        close_seat(turn, approval, ticket, seat)


def show_as_now(turn: Turn, ticket: Ticket) -> None:
    """Let whatever asks, or has asked, about a request say no more than it says now: words of it were taken away."""
    for approval in turn.tx.approvals.of(ticket.id):
        seats = turn.tx.approvals.all_seats(approval.id)
        is_open = approval.state is ApprovalState.OPEN
        asks = [seat for seat in seats if is_open and seat.asking == approval.asking and seat.answer is None]
        approval_view.redraw_questions(turn, approval, ticket, asks)
        for seat in seats:
            if seat not in asks:
                close_seat(turn, approval, ticket, seat)


def close_seat(turn: Turn, approval: Approval, ticket: Ticket, seat: Seat) -> None:
    """Show whoever was asked, and whoever stands in for them, what became of it in the place of the buttons.

    Who was asked an earlier time, or somebody else was asked in the place of, is left no word of the request there.
    """
    said = approval_view.seat_line(turn, approval, seat)
    counts = seat.asking == approval.asking and seat.answer is not Answer.REPLACED
    for card, whose in ((seat.card, seat.person_id), (seat.stand_in_card, seat.stand_in_id)):
        approval_view.close_question(turn, ticket, card, whose, said, whole=counts)
