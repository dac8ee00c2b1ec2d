"""What a request's form asks besides its first words is asked of its author in private, and never where others read."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.tickets import corrections
from handlers.tickets.details import conditions_among
from handlers.tickets.readable import readable_ticket
from handlers.turns import form_dialog
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.audience import ANYWHERE
from handlers.vocabulary.draft_facts import DraftFacts, of_draft
from handlers.vocabulary.forms import Field, Form, load_form
from handlers.vocabulary.messages import phrase
from storage.lifecycle import Refused
from storage.tickets.tickets import Ticket

on = Routes()

FORM = "own_details"


def unanswered_fields(turn: Turn, ticket: Ticket) -> list[Field]:
    """Return what the form of a ticket asks and nobody has answered; files are sent in the thread."""
    fields = load_form(turn.tx.requests.form(ticket.form_id)).fields
    left = [field for field in fields if field.kind != "file" and ticket.answers.get(field.name) in (None, "")]
    names = {field.name for field in left}
    return [
        replace(field, when=conditions_among(field, names))
        for field in left
        if all(name in names or ticket.answers.get(name) in values for name, values in (field.when or {}).items())
    ]


def asks_in_private(fields: Sequence[Field]) -> bool:
    """Return whether there is anything that the team needs, or that nobody else may read."""
    return any(field.required or field.secret for field in fields)


@on.press(presses.FillInPrivate, audiences=ANYWHERE)
def fill_in_private(turn: Turn) -> None:
    """The author is asked what the form asks: in a window, or in their own chat with the bot."""
    ticket = own_open_ticket(turn, turn.pressed(presses.FillInPrivate).ticket)
    fields = unanswered_fields(turn, ticket)
    if not fields:
        raise Refused("details_given", ticket=ticket.id)
    form_dialog.open_form(
        continue_in_private(turn, "channel.asked_in_private"),
        Form(FORM, {"": "channel.details_title"}, tuple(fields)),
        about=DraftFacts(ticket=ticket.id),
    )


def own_open_ticket(turn: Turn, number: int) -> Ticket:
    """Return the actor's own ticket, if it is still worked on; nobody answers for somebody else."""
    ticket = turn.tx.tickets.get(number)
    if ticket.requester_id != turn.person.id:
        raise Refused("no_ticket", ticket=number)  # whose it is, is nobody's to hear
    if not readable_ticket(turn, ticket).active:
        raise Refused("over", ticket=number)
    return ticket


@on.submit(FORM)
def keep_details(turn: Turn) -> None:
    """The team reads the answers, but those that are secret; the channel reads none."""
    ticket, given = own_open_ticket(turn, of_draft(turn.event.about.ticket)), turn.event.answers
    open_ = [field for field in unanswered_fields(turn, ticket) if given.get(field.name)]
    if open_:
        corrections.change_details(turn, ticket, [(field, given[field.name]) for field in open_])
    turn.say(phrase("channel.details_kept", ticket=ticket.id), ticket=ticket.id)
