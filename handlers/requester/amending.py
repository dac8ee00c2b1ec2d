"""One's own request is amended while it is worked on: an answer of its form is given anew, and the team reads both."""

from dataclasses import replace

from handlers.tickets import corrections
from handlers.tickets.readable import Readable, own_ticket, readable_ticket
from handlers.turns import form_dialog
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.draft_facts import DraftFacts, of_draft
from handlers.vocabulary.forms import Field, Form, load_form
from handlers.vocabulary.messages import button_column, phrase
from storage.lifecycle import Refused
from storage.tickets.tickets import Ticket

on = Routes()

FORM, FIELD = "amend", "answer"


def amendable_fields(turn: Turn, ticket: Ticket) -> list[Field]:
    """Return the questions of a request's form whose answers may be changed: which type it is the team decides."""
    form = load_form(turn.tx.requests.form(ticket.form_id))
    return [field for field in form.visible(ticket.answers) if field.name != "type" and field.kind != "file"]


def has_fields(turn: Turn, view: Readable) -> bool:
    """Return whether a request has an answer that its requester may change."""
    return bool(amendable_fields(turn, turn.tx.tickets.get(view.number)))


@on.press(presses.Amend)
def amend(turn: Turn) -> None:
    """Which answer is to be changed."""
    ticket = amendable_ticket(turn, turn.pressed(presses.Amend).ticket)
    buttons = [
        presses.AmendAnswer(ticket.id, place).button(phrase("form.change", field=field.label))
        for place, field in enumerate(amendable_fields(turn, ticket))
    ]
    turn.say(phrase("amend.which", ticket=ticket.id), buttons=button_column(*buttons), ticket=ticket.id)


def amendable_ticket(turn: Turn, number: int) -> Ticket:
    """Return the actor's own request, if it is still worked on."""
    ticket = own_ticket(turn, number)
    if not readable_ticket(turn, ticket).active:
        raise Refused("over", ticket=number)
    return ticket


@on.press(presses.AmendAnswer)
def ask(turn: Turn) -> None:
    """The question is asked again, for this request."""
    pressed = turn.pressed(presses.AmendAnswer)
    ticket = amendable_ticket(turn, pressed.ticket)
    asked = amendable_fields(turn, ticket)
    if pressed.field >= len(asked):
        raise Refused("expired")
    field = asked[pressed.field]
    form = Form(FORM, {"": "amend.title"}, (replace(field, name=FIELD, when=None),), review=False)
    form_dialog.open_form(turn, form, about=DraftFacts(ticket=ticket.id, form_field=field.name))


@on.submit(FORM)
def change(turn: Turn) -> None:
    """The answer is what it is now; the card, the team and what shows the requester their answers say so."""
    about, given = turn.event.about, turn.event.submission
    assert given is not None
    ticket = amendable_ticket(turn, of_draft(about.ticket))
    field = next((each for each in amendable_fields(turn, ticket) if each.name == about.form_field), None)
    if field is None:
        raise Refused("expired")
    corrections.change_answer(turn, ticket, field, given.answers.get(FIELD) or "")
    turn.say(phrase("amend.done", field=field.label, ticket=ticket.id), edits=given.card, ticket=ticket.id)
