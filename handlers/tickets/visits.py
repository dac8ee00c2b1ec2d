"""A guest's own side of a request: what they see of it, what of its checklist they tick, what they are shown."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.tickets import plans, relay, request_types, status_names
from handlers.tickets.checklists import Item, checklist_of
from handlers.turns import form_view
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.forms import load_form
from handlers.vocabulary.messages import (
    Button,
    Chat,
    Lane,
    Message,
    Part,
    Phrase,
    RichText,
    button_column,
    button_row,
    join_lines,
    phrase,
)
from handlers.vocabulary.stored_text import files_of, words_of
from handlers.vocabulary.translations import Locale
from storage.models import MessageKind
from storage.people.people import Person
from storage.retention import deletion
from storage.tickets.messages import TicketMessage
from storage.tickets.tickets import Ticket

FORM = "visit:"  # begins the folds of forms that guests were shown; request and guest follow
CONTACTS = ("email", "phone")  # kinds of answers that say how a requester is reached: an agent tells them by hand


def title_of(turn: Turn, ticket: Ticket, name: str) -> str:
    """Return the title of what a guest is told: by whom, and of which request."""
    return f"{name} · #{ticket.id}"


def guest_at(turn: Turn, lane: str, ticket: Ticket) -> Person | None:
    """Return who is written to at an address, where they are a guest of a request or were one; None for anybody else."""
    people = {visit.person for each in turn.tx.related.whole(ticket) for visit in turn.tx.guests.all(each.id)}
    accounts = (each for person in sorted(people) for each in turn.tx.people.by_account(person))
    return next((each for each in accounts if lane == Chat(each.source, each.home).lane), None)


def guest_reading(turn: Turn, lane: str, said: TicketMessage) -> Person | None:
    """Return who reads a message at an address as a guest of its request, or did: a reply to a requester is read as one."""
    ticket = turn.tx.tickets.get(said.ticket_id)
    asked = {each.requester_id for each in turn.tx.related.whole(ticket) if each.task_of is None}
    person = guest_at(turn, lane, ticket)
    return None if person is None or (said.kind is MessageKind.REPLY and person.id in asked) else person


def is_over_at(turn: Turn, lane: str, said: TicketMessage) -> bool:
    """Return whether a message stands at the address of somebody who read it as a guest of its request and is none any more."""
    person = guest_reading(turn, lane, said)
    return person is not None and not is_there(turn, turn.tx.tickets.get(said.ticket_id), person)


def is_there(turn: Turn, ticket: Ticket, person: Person) -> bool:
    """Return whether somebody is a guest of a request now."""
    return person.id in turn.tx.guests.of(turn.tx.related.heir(ticket).id)


def as_shown(turn: Turn, said: TicketMessage, message: Message) -> Message:
    """Return words as a guest reads them: the requester's under the request's number alone, the team's by whoever said them."""
    ticket = turn.tx.related.heir(turn.tx.tickets.get(said.ticket_id))
    if said.kind is MessageKind.FOLLOW_UP:
        return replace(message, title=phrase("guest.shown", ticket=ticket.id))
    return replace(message, title=title_of(turn, ticket, turn.tx.tickets.name(said.person_id)))


def in_thread(turn: Turn, said: TicketMessage, message: Message) -> Message:
    """Return a guest's words as the team reads them in a thread."""
    ticket = turn.tx.related.heir(turn.tx.tickets.get(said.ticket_id))
    title = phrase("thread.guest_says", name=turn.tx.tickets.name(said.person_id))
    return replace(message, title=title, buttons=said_buttons(turn, ticket, said.id, said.person_id))


def said_buttons(turn: Turn, ticket: Ticket, message_id: int, person_id: int) -> tuple[tuple[Button, ...], ...]:
    """Return what can be done with a guest's words: answer them, or pass them on to the requester."""
    tell = presses.TellGuest(ticket.id, person_id).button(
        phrase("button.guest_tell", name=turn.tx.tickets.name(person_id))
    )
    asker = turn.tx.people.of_account(ticket.account_id).name
    pass_ = presses.PassOn(message_id).button(phrase("button.guest_pass", name=asker))
    nobody = ticket.task_of is not None or ticket.recurring
    return (*button_row(tell), *(() if nobody else button_row(pass_)))


def items_for_guests(turn: Turn, ticket: Ticket) -> list[Item]:
    """Return what of a request's checklist its guests may tick."""
    return [item for item in checklist_of(turn, ticket) if item.field.guest] if ticket.active else []


def show_visit(turn: Turn, ticket: Ticket, person: Person, *first: Part, edits: int | None = None) -> None:
    """Show a guest their request: its number, what it is about, where it stands, and what they may tick."""
    reader = turn.reader(person)
    parts, buttons = visit_card(turn, ticket, reader)
    message = Message((*first, *parts), buttons=buttons)
    turn.send(Chat(person.source, person.home), reader, message, edits=edits, ticket=ticket.id)


def visit_card(turn: Turn, ticket: Ticket, reader: Locale) -> tuple[Sequence[Part], tuple[tuple[Button, ...], ...]]:
    """Return what a guest sees of a request: nothing in anybody's words but the desk's own."""
    called = turn.tx.tickets.workflow(ticket).called(ticket.status)
    line: Phrase = phrase(
        "guest.card",
        ticket=ticket.id,
        type=request_types.type_title(turn, ticket.request_type_id, reader),
        status=status_names.status_title(called, "own_status"),
    )
    items = items_for_guests(turn, ticket)
    listed = [join_lines(*(RichText(item.line(turn, reader)) for item in items))] if items else []
    ticks = (
        presses.VisitCheck(ticket.id, int(not item.done), item.name).button(item.line(turn, reader)) for item in items
    )
    plan = plans.plan_ahead(turn, ticket)
    planned = [phrase("guest.planned", ticket=ticket.id, when=plans.span_of(plan))] if plan is not None else []
    return [line, *planned, *listed, phrase("guest.how")], button_column(*ticks)


def show_request(turn: Turn, ticket: Ticket, person: Person) -> bool:
    """Let a guest read what its requester wrote: the form without secrets and contacts once, and what is new.

    Who the requester is stands nowhere. Return whether there was anything to show.
    """
    reader, address, behind = (
        turn.reader(person),
        Chat(person.source, person.home),
        turn.tx.guests.shown(ticket.id, person.id),
    )
    wrote = [
        said
        for said, _ in turn.tx.talk.of(ticket.id)
        if said.kind is MessageKind.FOLLOW_UP and said.id > (behind or 0) and (said.words["text"] or said.files)
    ]
    title = phrase("guest.shown", ticket=ticket.id)
    had = behind is not None or _has_form(turn, ticket, person)
    form = RichText() if had else _form_without_contacts(turn, ticket, reader)
    if form:
        turn.send(address, reader, Message((form,), title), ticket=ticket.id, fold=f"{FORM}{ticket.id}:{person.id}")
    told = form.text
    for said in wrote:
        text, files = words_of(said.words), tuple(file for file in files_of(said.files) if file.kind != "other")
        if text.text.strip() and text.text.strip() in told and not files:
            continue  # the form says it already
        turn.send(address, reader, Message((text,), title, files=files), carries=said.id, ticket=ticket.id)
    if form or wrote:
        turn.tx.guests.show(ticket.id, person.id, wrote[-1].id if wrote else behind or 0)
    return bool(form or wrote)


def _has_form(turn: Turn, ticket: Ticket, person: Person) -> bool:
    """Return whether a request's form stands in a guest's chat, or is on its way there."""
    own = {Chat(each.source, each.home).lane for each in turn.tx.people.by_account(person.id)}
    return any(lane in own for _, lane in deletion.standing_of_fold(turn.tx.connection, [ticket.id], FORM))


def renew_forms(turn: Turn, ticket: Ticket) -> None:
    """Let guests read a request's form as it is now, where they were shown it; from whoever is none any more it is taken."""
    for outgoing_id, lane in deletion.standing_of_fold(turn.tx.connection, [ticket.id], FORM):
        person = guest_at(turn, lane, ticket)
        if person is None or not is_there(turn, ticket, person):
            _take_form(turn, ticket, outgoing_id, lane, person)
        else:
            reader = turn.reader(person)
            message = Message((_form_without_contacts(turn, ticket, reader),), phrase("guest.shown", ticket=ticket.id))
            turn.send(Lane(lane), reader, message, edits=outgoing_id, ticket=ticket.id)


def take_forms_away(turn: Turn, ticket: Ticket) -> None:
    """Leave nobody a request's form who was shown it as a guest: its requester is erased."""
    for outgoing_id, lane in deletion.standing_of_fold(turn.tx.connection, [ticket.id], FORM):
        _take_form(turn, ticket, outgoing_id, lane, guest_at(turn, lane, ticket))


def _take_form(turn: Turn, ticket: Ticket, outgoing_id: int, lane: str, person: Person | None) -> None:
    reader = turn.reader(person or turn.tx.people.of_account(ticket.account_id))
    deletion.let_go(turn.tx.connection, [outgoing_id], turn.now)
    relay.take_away(turn, reader, lane, outgoing_id, ticket.id)


def _form_without_contacts(turn: Turn, ticket: Ticket, reader: Locale) -> RichText:
    form = load_form(turn.tx.requests.form(ticket.form_id))
    apart = {field.name for field in form.fields if field.secret or field.kind in (*CONTACTS, "check")}
    answers = {name: answer for name, answer in ticket.answers.items() if name not in apart}
    return form_view.answers_summary(form, answers, reader, turn) or RichText(ticket.summary)
