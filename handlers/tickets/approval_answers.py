"""Those who are asked for their yes answer by buttons, in private; whoever comes late reads kindly what was decided."""

from handlers.tickets import approval_guard, approval_outcomes, approval_seats, approval_view, approvals, relay
from handlers.tickets.parties import must_be_author
from handlers.turns import form_dialog
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.audience import ANYWHERE
from handlers.vocabulary.draft_facts import DraftFacts, of_draft
from handlers.vocabulary.forms import Field, Form
from handlers.vocabulary.messages import phrase
from storage.lifecycle import Refused
from storage.models import Answer, ApprovalState, MessageKind
from storage.queues.spoken import StoredWords
from storage.tickets.approvals import Approval, Seat
from storage.tickets.tickets import Ticket

on = Routes()

LIMIT = 1000  # characters of a reason, a question or an answer
FORMS = {
    Answer.NO: Form(
        "approval_no",
        {"": "approval.no_title"},
        (Field("text", {"": "approval.no_why"}, "long_text", limit=LIMIT),),
        review=False,
    ),
    Answer.CHANGES: Form(
        "approval_changes",
        {"": "approval.changes_title"},
        (Field("text", {"": "approval.changes_what"}, "long_text", limit=LIMIT),),
        review=False,
    ),
}
ANSWER = Form(
    "approval_answer",
    {"": "approval.answer_title"},
    (Field("text", {"": "approval.answer_what"}, "long_text", limit=LIMIT),),
    review=False,
)


@on.press(presses.Approve)
def approve(turn: Turn) -> None:
    """Somebody says yes, to what stood there when their button was drawn.

    Where the request says something else by now, that is shown to them first. Where others have said yes to what it said before,
    that counts no more: everybody is asked anew.
    """
    pressed = turn.pressed(presses.Approve)
    seat, approval, ticket = own_seat(turn, pressed.seat)
    now = approval_view.digest_of(turn, ticket)
    if not can_answer(turn, seat, approval, ticket):
        tell_late(turn, seat, approval, ticket)
    elif now != approval.digest and approval_outcomes.is_agreed_to(turn, approval):
        approval_outcomes.ask_from_start(turn, approval, ticket)
        turn.toast(phrase("approval.changed_for_all", ticket=ticket.id), alert=True)
    elif not now.startswith(pressed.shown or approval.digest):
        show_anew(turn, approval, ticket)
    else:
        turn.tx.approvals.change(approval.id, digest=now)
        approval_outcomes.keep_answer(turn, seat, Answer.YES)
        turn.toast(phrase("approval_done.yes", ticket=ticket.id))


@on.press(presses.Decline)
def decline(turn: Turn) -> None:
    """Somebody says no, and is asked why."""
    ask_why(turn, turn.pressed(presses.Decline).seat, Answer.NO)


@on.press(presses.AskChanges)
def ask_changes(turn: Turn) -> None:
    """Somebody wants something answered or changed before they decide."""
    ask_why(turn, turn.pressed(presses.AskChanges).seat, Answer.CHANGES)


@on.submit("approval_no")
def declined(turn: Turn) -> None:
    """The reason is there: the no counts, unless it comes late."""
    answer_with_reason(turn, Answer.NO)


@on.submit("approval_changes")
def changes_asked(turn: Turn) -> None:
    """The question goes to the requester, unless it comes late."""
    answer_with_reason(turn, Answer.CHANGES)


def ask_why(turn: Turn, number: int, said: Answer) -> None:
    """Ask for the words that a no, or a request for changes, needs."""
    seat, approval, ticket = own_seat(turn, number)
    if can_answer(turn, seat, approval, ticket):
        form_dialog.open_form(turn, FORMS[said], about=DraftFacts(seat=seat.id))
    else:
        tell_late(turn, seat, approval, ticket)


def answer_with_reason(turn: Turn, said: Answer) -> None:
    """Keep an answer with its words."""
    seat, approval, ticket = own_seat(turn, of_draft(turn.event.about.seat))
    if can_answer(turn, seat, approval, ticket):
        approval_outcomes.keep_answer(turn, seat, said, str(turn.event.answers.get("text") or ""))
        turn.say(phrase(f"approval_done.{said}", ticket=ticket.id))
    else:
        tell_late(turn, seat, approval, ticket)


def own_seat(turn: Turn, number: int) -> tuple[Seat, Approval, Ticket]:
    """Return the seat that a button or a form is about; for anybody else there is none."""
    seat = turn.tx.approvals.get_seat(number)
    approval = turn.tx.approvals.get(seat.approval_id) if seat is not None else None
    if seat is None or approval is None or not seat.is_of(turn.person.id):
        raise Refused("expired")
    return seat, approval, turn.tx.tickets.get(approval.ticket_id)


def can_answer(turn: Turn, seat: Seat, approval: Approval, ticket: Ticket) -> bool:
    """Return whether an answer counts now; refuse whoever may not give one any more, and say why."""
    free = approval.state is ApprovalState.OPEN and seat.asking == approval.asking and seat.answer is None
    if free:
        entitled = approval_seats.entitled_people(turn, approval, ticket)
        if reason := approval_seats.why_not(turn, approval, ticket, seat, turn.person.id, entitled):
            raise Refused(reason, ticket=ticket.id)
    return free


def tell_late(turn: Turn, seat: Seat, approval: Approval, ticket: Ticket) -> None:
    """Tell whoever comes late what was decided and by whom, and leave it where they were asked."""
    said = approval_view.seat_line(turn, approval, seat)
    approval_guard.close_seat(turn, approval, ticket, seat)
    turn.toast(said, alert=True)


def show_anew(turn: Turn, approval: Approval, ticket: Ticket) -> None:
    """Show a request that has changed since somebody was asked: they say yes to what they have read."""
    turn.tx.approvals.change(approval.id, digest=approval_view.digest_of(turn, ticket))
    seats = turn.tx.approvals.seats(approval.id, approval.asking)
    approval_view.redraw_questions(turn, approval, ticket, [each for each in seats if each.answer is None])
    turn.toast(phrase("approval.changed", ticket=ticket.id), alert=True)


# The requester, who was asked something first


@on.press(presses.AnswerApproval, audiences=ANYWHERE)
def answer_approval(turn: Turn) -> None:
    """The requester answers what was asked before a yes."""
    approval, ticket = approval_asked(turn, turn.pressed(presses.AnswerApproval).approval)
    must_be_author(turn, ticket.id)
    form_dialog.open_form(continue_in_private(turn, "private.answered"), ANSWER, about=DraftFacts(approval=approval.id))


@on.submit("approval_answer")
def approval_answered(turn: Turn) -> None:
    """The answer joins the request, and the same people are asked anew with it."""
    approval, ticket = approval_asked(turn, of_draft(turn.event.about.approval))
    text = str(turn.event.answers.get("text") or "")
    words = StoredWords(text=text, spans=[])
    said = turn.tx.talk.add(ticket.id, turn.person.id, MessageKind.FOLLOW_UP, words=words, files=[], at=turn.now)
    for place, native in turn.event.about.typed.get("text", ()):
        turn.tx.talk.written(place, native, said, turn.now)
    relay.to_threads(turn, ticket, "thread.approval_answered", text, carries=said)
    approval_outcomes.ask_again(turn, approval, ticket, text)
    turn.say(phrase("approval.answer_done", ticket=ticket.id))


def approval_asked(turn: Turn, number: int) -> tuple[Approval, Ticket]:
    """Return what the requester is asked, while they are: what was decided meanwhile is told."""
    approval = turn.tx.approvals.get(number)
    ticket = turn.tx.tickets.find(approval.ticket_id) if approval is not None else None
    if approval is None or ticket is None or turn.person.id not in approval_seats.requesters_of(turn, ticket):
        raise Refused("expired")
    if approval.state is not ApprovalState.CHANGES:
        raise Refused("approval_answered", ticket=ticket.id)
    return approval, ticket


# Time


@on.timer(timers.ApprovalReminder)
def remind(turn: Turn) -> None:
    """Whoever has not answered yet is asked again, at the end of their chat."""
    due = turn.due(timers.ApprovalReminder)
    approvals.remind_seat(turn, due.seat, due.times)


@on.timer(timers.AnswerReminder)
def remind_of_answer(turn: Turn) -> None:
    """The requester has not answered what was asked before a yes, and is asked again."""
    due = turn.due(timers.AnswerReminder)
    approval_outcomes.remind_requester(turn, due.approval, due.asking, due.times)
