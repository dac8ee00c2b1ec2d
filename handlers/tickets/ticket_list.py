"""Tickets as a list of buttons: a page of them, and the way to the pages before and after."""

from collections.abc import Sequence

from handlers.tickets import cards
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, column
from storage.tickets import Ticket

PAGE = 8
Rows = tuple[tuple[Button, ...], ...]


def listed(turn: Turn, found: Sequence[Ticket]) -> Rows:
    """Return tickets as buttons, one a row."""
    return column(*(presses.OpenCard(ticket.id).button(line(turn, ticket)) for ticket in found))


def line(turn: Turn, ticket: Ticket) -> str:
    """Return a ticket on one line: state, urgency, number, words, owner."""
    owner = f" · {turn.tx.tickets.name(ticket.agent_id)}" if ticket.agent_id is not None else ""
    return f"{cards.ICON[ticket.kind]}{cards.FLAG[ticket.priority]} #{ticket.id} {ticket.summary[:40]}{owner}"


def moves(name: str, token: str, offset: int, *, more: bool) -> Rows:
    """Return the buttons of this name that show the page before and the one after, where there are any."""
    key = f".{token}" if token else ""
    back = [Button("‹", name, f"{max(0, offset - PAGE)}{key}")] if offset else []
    on_ = [Button("›", name, f"{offset + PAGE}{key}")] if more else []
    return ((*back, *on_),) if back or on_ else ()
