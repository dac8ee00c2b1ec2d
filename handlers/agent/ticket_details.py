"""An agent fills in what only the team answers of a request, and corrects what its form asked; the thread says what it was."""

from collections.abc import Sequence

from handlers.tickets import corrections, details
from handlers.turns import form_dialog, permissions
from handlers.turns.private_chat import continue_in_private
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.draft_facts import DraftFacts, of_draft
from handlers.vocabulary.forms import Form
from handlers.vocabulary.messages import Button, phrase
from storage.lifecycle import Refused
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()

TITLE = {"": "details.title"}


@on.press(presses.Details, role=Role.AGENT)
@on.command("details", role=Role.AGENT)
def open_details(turn: Turn) -> None:
    """The details of a request are shown to be filled in or corrected: /details 42."""
    ticket = ticket_argument(turn)
    fields = details.detail_fields(turn, ticket)
    if not fields:
        raise Refused("no_details", ticket=ticket.id)
    was = {field.name: ticket.answers[field.name] for field in fields if ticket.answers.get(field.name)}
    asked = {field.name for field in fields if field.name not in was and (field.required or not was)}  # one by one
    given = {field.name: was.get(field.name, "") for field in fields if field.name not in asked}
    about = DraftFacts(ticket=ticket.id, was=was)
    form_dialog.open_form(
        continue_in_private(turn, "details.in_private"),
        Form("details", TITLE, tuple(fields)),
        answers=given,
        about=about,
    )


@on.submit("details", role=Role.AGENT)
def change_details(turn: Turn) -> None:
    """What was changed is so from now on; what somebody else has changed meanwhile stays."""
    about, given = turn.event.about, turn.event.submission
    assert given is not None
    ticket = permissions.must_work_on(turn, turn.tx.tickets.get(of_draft(about.ticket)))
    was, now = about.was or {}, given.answers
    fields = [field for field in details.detail_fields(turn, ticket) if field.name in now]
    changed = [
        (field, now[field.name] or "") for field in fields if (now[field.name] or "") != (was.get(field.name) or "")
    ]
    if changed:
        corrections.change_details(turn, ticket, changed)
    if given.card is not None:
        turn.say(phrase("details.done", ticket=ticket.id, n=len(changed)))


def details_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer it among the rarer buttons, where there is anything to fill in."""
    return [presses.Details(ticket.id).button(phrase("button.details"))] if details.detail_fields(turn, ticket) else []
