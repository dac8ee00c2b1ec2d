"""Secret answers of a request's form: shown to whoever has it, one at a time and to them alone; gone when it is over."""

from collections.abc import Sequence

from handlers.tickets import details
from handlers.turns import form_view, permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.forms import Field, load_form
from handlers.vocabulary.messages import Button, button_column, phrase
from storage.lifecycle import Refused
from storage.models import Role
from storage.tickets.secret_answers import DOTS, holds_secrets
from storage.tickets.tickets import Ticket

on = Routes()


@on.command("secret", role=Role.AGENT)
@on.press(presses.Secrets, role=Role.AGENT)
def secret(turn: Turn) -> None:
    """The secret answers of a request, each behind a button: /secret 42, or in its thread."""
    ticket = must_have(turn, ticket_argument(turn))
    found = secret_fields(turn, ticket)
    if not found:
        raise Refused("no_secret", ticket=ticket.id)
    reader = turn.reader(turn.person)
    buttons = [
        presses.ShowSecret(of.id, sorted(turn.tx.secrets.of(of.id)).index(field.name)).button(
            form_view.label_text(field.label, reader, turn)
        )
        for of, field in found
    ]
    turn.whisper(phrase("secret.which", ticket=ticket.id), buttons=button_column(*buttons))


@on.press(presses.ShowSecret, role=Role.AGENT, act="secret")
def show_secret(turn: Turn) -> None:
    """One secret answer is shown to whoever pressed, in passing: it comes to stand in no chat. Who looked is written down."""
    pressed = turn.pressed(presses.ShowSecret)
    ticket = turn.tx.tickets.get(pressed.ticket)
    must_have(turn, permissions.must_work_on(turn, turn.tx.related.heir(ticket)))
    kept = turn.tx.secrets.of(ticket.id)
    if pressed.place >= len(kept):
        raise Refused("no_secret", ticket=ticket.id)
    name = list(kept)[pressed.place]
    label = next(
        (field.label for of, field in secret_fields(turn, ticket) if (of.id, field.name) == (ticket.id, name)), ""
    )
    turn.audit(Deed.SECRET_SHOWN, ticket=ticket.id, field=name)
    turn.toast(phrase("secret.value", value=kept[name], field=label), alert=True)


def must_have(turn: Turn, ticket: Ticket) -> Ticket:
    """Return a ticket whose secrets are the actor's to see: who has it, or a senior agent."""
    if ticket.agent_id != turn.person.id and not turn.person.may(Role.SENIOR):
        raise Refused("secret_not_yours", ticket=ticket.id)
    return ticket


def secret_fields(turn: Turn, ticket: Ticket) -> list[tuple[Ticket, Field]]:
    """Return the secret questions that a ticket, and those that go on in it, have an answer to; each with whose it is."""
    return [
        (each, field)
        for each in turn.tx.related.whole(ticket)
        if holds_secrets(each.answers)
        for field in (*load_form(turn.tx.requests.form(each.form_id)).fields, *details.unasked_fields(turn, each))
        if field.secret and each.answers.get(field.name) == DOTS
    ]


def secrets_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer them among the rarer buttons, where there are any."""
    return [presses.Secrets(ticket.id).button(phrase("button.secret"))] if holds_secrets(ticket.answers) else []
