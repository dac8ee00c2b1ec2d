"""How a question for somebody's yes looks to whoever is asked, and what stands there when it is over."""

import hashlib
import json
from collections.abc import Sequence

from handlers.tickets import approval_seats, status_names
from handlers.turns import form_view
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.forms import Field, load_form
from handlers.vocabulary.messages import (
    Chat,
    Lane,
    Message,
    Part,
    Phrase,
    RichText,
    bold_text,
    join_lines,
    phrase,
)
from handlers.vocabulary.translations import Locale
from storage.models import Answer, ApprovalState
from storage.people.people import Person
from storage.retention import deletion
from storage.tickets.approvals import Approval, Seat
from storage.tickets.tickets import Ticket

SHOWN = 8  # characters of a digest on a button


def asked_fields(turn: Turn, ticket: Ticket) -> list[Field]:
    """Return the questions whose answers whoever is asked may read: the requester's own, and no files."""
    form = load_form(turn.tx.requests.form(ticket.form_id))
    found = (field for field in form.visible(ticket.answers) if field.name != "type" and not field.by)
    return [field for field in found if field.kind != "file" and ticket.answers.get(field.name) not in (None, "")]


def digest_of(turn: Turn, ticket: Ticket) -> str:
    """Return what tells a request as it is read by those who are asked from one that would say anything else."""
    said = [ticket.summary, *([each.name, ticket.answers[each.name]] for each in asked_fields(turn, ticket))]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def words_for_approver(turn: Turn, approval: Approval, ticket: Ticket, seat: Seat, person: Person) -> tuple[Part, ...]:
    """Return what somebody reads who is asked: who asks for what and why, and the request as its requester wrote it."""
    reader = turn.reader(person)
    requester = turn.tx.people.of_account(ticket.account_id).name
    told: list[Part] = [
        phrase("approval.by", name=turn.tx.tickets.name(approval.by_id), requester=requester, ticket=ticket.id)
    ]
    if approval.why:
        told += [phrase("approval.why"), RichText(approval.why)]
    told.append(answers_text(turn, ticket, reader))
    if approval.question:
        told += [phrase("approval.asked_before"), RichText(approval.question)]
    if approval.answer:
        told += [phrase("approval.answered_before"), RichText(approval.answer)]
    if approval.status:
        status = turn.tx.tickets.workflow_of(approval.request_type_id).called(approval.status)
        told.append(phrase("approval.leads", status=status_names.status_title(status)))
    if person.id != seat.person_id:
        told.append(phrase("approval.stands_in", name=turn.tx.tickets.name(seat.person_id)))
    elif seat.stand_in_id is not None:
        told.append(phrase("approval.stood_in", name=turn.tx.tickets.name(seat.stand_in_id)))
    return (*told, *who_else(turn, approval, person))


def answers_text(turn: Turn, ticket: Ticket, reader: Locale) -> RichText:
    """Return what was asked and answered, or how the request begins where no form was filled in; secrets are dots."""
    told = [
        join_lines(
            bold_text(form_view.label_text(field.label, reader, turn)),
            RichText(
                form_view.shortened_answer(form_view.answer_text(field, ticket.answers[field.name], reader, turn))
            ),
        )
        for field in asked_fields(turn, ticket)
    ]
    return join_lines(*(told or [RichText(ticket.summary)]))


def who_else(turn: Turn, approval: Approval, person: Person) -> list[Part]:
    """Return who is asked besides, and whose yes it takes."""
    seats = approval_seats.counted_seats(turn.tx.approvals.seats(approval.id, approval.asking))
    others = [turn.tx.tickets.name(seat.person_id) for seat in seats if not seat.is_of(person.id)]
    need = approval_seats.round_of(turn, approval)["need"]
    return [phrase("approval.besides", people=others, need=phrase(f"approval_need.{need}"))] if others else []


def draw_question(turn: Turn, approval: Approval, ticket: Ticket, seat: Seat, person: Person) -> Message:
    """Draw the question with its buttons."""
    kind = turn.tx.requests.type(ticket.request_type_id).title
    buttons = (
        (presses.Approve(seat.id, digest_of(turn, ticket)[:SHOWN]).button(phrase("button.approve")),),
        (
            presses.Decline(seat.id).button(phrase("button.decline"), danger=True),
            presses.AskChanges(seat.id).button(phrase("button.ask_changes")),
        ),
    )
    title = phrase("approval.title", ticket=ticket.id, type=kind)
    return Message(words_for_approver(turn, approval, ticket, seat, person), title, buttons)


def send_question(turn: Turn, approval: Approval, ticket: Ticket, seat: Seat, person: Person) -> int:
    """Ask somebody in their own chat; return our id for it. It is never muted: nobody else can answer."""
    message = draw_question(turn, approval, ticket, seat, person)
    return turn.send(Chat(person.source, person.home), turn.reader(person), message, ticket=ticket.id)


def close_question(
    turn: Turn, ticket: Ticket, card: int | None, whose: int | None, said: Phrase, *, whole: bool = True
) -> None:
    """Say what became of a question where it was asked, in the place of the buttons; ``whole``: below what was asked."""
    person = approval_seats.reachable_person(turn, whose)
    lane = deletion.lane_of(turn.tx.connection, card) if card is not None else None
    if card is None or lane is None or person is None:
        return
    kind, reader = turn.tx.requests.type(ticket.request_type_id).title, turn.reader(person)
    title = phrase("approval.title", ticket=ticket.id, type=kind)
    shown = [answers_text(turn, ticket, reader)] if whole and approval_seats.reader_of_words(turn, whose) else []
    message = Message((*shown, said), title)
    turn.send(Lane(lane), reader, message, edits=card, ticket=ticket.id)


def redraw_questions(turn: Turn, approval: Approval, ticket: Ticket, seats: Sequence[Seat]) -> None:
    """Show questions as they are now, where they were asked; whoever may not answer any more is left no word of the request."""
    able = approval_seats.able_people(turn, approval, ticket, seats)
    over = phrase("approval_outcome.withdrawn", ticket=ticket.id, at=turn.now)
    for seat in seats:
        for card, whose in ((seat.card, seat.person_id), (seat.stand_in_card, seat.stand_in_id)):
            person = approval_seats.reachable_person(turn, whose)
            lane = deletion.lane_of(turn.tx.connection, card) if card is not None else None
            if person is None or lane is None:
                continue
            if (seat.id, whose) not in able:
                close_question(turn, ticket, card, whose, over, whole=False)
                continue
            message = draw_question(turn, approval, ticket, seat, person)
            turn.send(Lane(lane), turn.reader(person), message, edits=card, ticket=ticket.id)


def seat_line(turn: Turn, approval: Approval, seat: Seat) -> Phrase:
    """Return what became of a question, for whoever has this seat: what was decided and by whom, or how far it is."""
    seat = turn.tx.approvals.get_seat(seat.id) or seat
    ticket, over = approval.ticket_id, approval.ended_at
    if over is None and seat.answer is Answer.REPLACED:
        return phrase("approval_seat.replaced", ticket=ticket)
    if over is None and approval.state is ApprovalState.OPEN and seat.asking < approval.asking:
        asked_with = turn.tx.approvals.seats(approval.id, seat.asking)
        if approval.round == 0 or all(each.answer is not Answer.YES for each in asked_with):
            return phrase("approval_seat.anew", ticket=ticket)
    if over is None and approval.state is ApprovalState.OPEN and seat.answered_by is not None:
        name = turn.tx.tickets.name(seat.answered_by)
        return phrase(f"approval_seat.{seat.answer}", ticket=ticket, name=name, at=seat.answered_at)
    seats = [each for each in turn.tx.approvals.all_seats(approval.id) if each.answered_by is not None]
    last = max(seats, key=lambda each: (each.answered_at or approval.at, each.id), default=None)
    who = approval.by_id if last is None or last.answered_by is None else last.answered_by
    at = over or (last.answered_at if last is not None else None) or approval.since
    return phrase(f"approval_outcome.{approval.state}", ticket=ticket, name=turn.tx.tickets.name(who), at=at)
