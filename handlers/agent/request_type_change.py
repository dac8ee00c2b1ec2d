"""Another request type: a request that came under the wrong one goes on as what it is, in its workflow and with its targets."""

from collections.abc import Sequence
from typing import Any

from handlers.rules.notify import TicketEvent
from handlers.tickets import assignment, cards, details, notifications, request_types
from handlers.tickets.ticket_service import retype_ticket
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_ticket_number, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, button_column, button_row, phrase
from storage.desk.request_types import RequestType
from storage.lifecycle import Refused
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()


@on.command("retype", role=Role.AGENT)
def retype(turn: Turn) -> None:
    """A request is of another type: /retype 42 billing."""
    ticket = ticket_argument(turn)
    give_type(turn, ticket, request_types.type_by_name(turn, after_ticket_number(turn)))


@on.press(presses.Retype, role=Role.AGENT)
def choose(turn: Turn) -> None:
    """The card asks which type it is of."""
    ticket = ticket_argument(turn)
    own = turn.tx.requests.type_name(ticket.request_type_id)
    others = [kind for kind in turn.tx.requests.types() if kind.name != own]
    buttons = button_column(*(presses.RetypeTo(ticket.id, kind.name).button(kind.title) for kind in others))
    cards.redraw_pressed_card(
        turn, ticket, (*buttons, *button_row(presses.Less(ticket.id).button(phrase("form.back"))))
    )


@on.press(presses.RetypeTo, role=Role.AGENT, act="retype")
def chosen(turn: Turn) -> None:
    """It is of the type on the button."""
    name = turn.pressed(presses.RetypeTo).type
    kind = next((kind for kind in turn.tx.requests.types() if kind.name == name), None)
    if kind is None:
        raise Refused("expired")
    give_type(turn, ticket_argument(turn), kind)


def give_type(turn: Turn, ticket: Ticket, kind: RequestType) -> None:
    """Let a ticket be of another type; where that is another group's work, it goes to them."""
    if turn.tx.requests.type_name(ticket.request_type_id) == kind.name:
        raise Refused("of_type", ticket=ticket.id, type=kind.title)
    was = ticket.agent_id
    ticket = retype_ticket(turn, ticket, kind.id, by=turn.person.id, **new_owners(turn, ticket, kind))
    notifications.notify_of_event(turn, ticket, TicketEvent.RETYPED, type=kind.title)
    notifications.taken_from(turn, ticket, was)
    ticket = assignment.find_agent(turn, ticket)
    cards.refresh_cards(turn, ticket)
    turn.toast(phrase("done.retyped", ticket=ticket.id, type=kind.title))
    if missing := details.missing_fields(turn, ticket):
        fill = presses.Details(ticket.id).button(phrase("button.details"))
        said = phrase("retype.missing", ticket=ticket.id, fields=[field.label for field in missing])
        turn.say(said, buttons=button_row(fill), ticket=ticket.id)


def new_owners(turn: Turn, ticket: Ticket, kind: RequestType) -> dict[str, Any]:
    """Return the group whose work it is now, and that an agent who is not in it has it no more."""
    rule = turn.rules.types.get(kind.name)
    group = turn.rules.groups.get(rule.group) if rule else None
    if group is None or group.name == ticket.group_name:
        return {}
    stays = ticket.agent_id is not None and assignment.is_in_group(turn, turn.tx.people.get(ticket.agent_id), group)
    return {"group_name": group.name, **({} if stays else {"agent_id": None})}


def retype_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer it among the rarer buttons, where there are other types."""
    return [presses.Retype(ticket.id).button(phrase("button.retype"))] if len(turn.rules.types) != 1 else []
