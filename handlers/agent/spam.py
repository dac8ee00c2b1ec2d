"""Spam: nobody asked for help. The ticket is closed without a word to whoever wrote it, and an admin may keep them out."""

from collections.abc import Sequence

from handlers.agent import tags_and_time
from handlers.tickets import cards
from handlers.tickets.ticket_service import move_ticket
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Button, phrase
from storage.lifecycle import Action, Refused
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()

TAG = "spam"


@on.press(presses.Spam, role=Role.AGENT, act="close")
def spam(turn: Turn) -> None:
    """A ticket is closed as spam and tagged so; reopened, it is a request like any other."""
    ticket = ticket_argument(turn)
    if ticket.first_response_at is not None:  # somebody was quicker, and has answered
        raise Refused("expired")
    ticket = move_ticket(turn, ticket, Action.CLOSE, by=turn.person.id)
    tags_and_time.apply_tags(turn, ticket, [TAG])
    turn.audit(Deed.SPAM, ticket=ticket.id)
    cards.refresh_cards(turn, ticket)
    turn.toast(phrase("done.spam", ticket=ticket.id))


def spam_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer it among the rarer buttons, where the ticket can be closed and nobody has answered yet."""
    closable = Action.CLOSE in turn.tx.tickets.workflow(ticket).possible(ticket.status)
    fresh = closable and ticket.first_response_at is None
    return [presses.Spam(ticket.id).button(phrase("button.spam"))] if fresh else []
