"""Emoji as verbs: looking means taking, done means resolving; taking the emoji back undoes it for who put it there."""

from handlers.agent import ticket_actions
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.turn import Turn, event_with
from handlers.vocabulary.messages import Kind
from storage.lifecycle import StatusKind
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()


@on.kind(Kind.REACTION)
def reacted(turn: Turn) -> None:
    """An agent reacted to a card: only there is an emoji a verb."""
    ticket = ticket_of_card(turn)
    if ticket is None or not turn.person.may(Role.AGENT):
        return
    if (reaction := turn.event.reaction) is None:
        return
    verb, added = reaction.verb, reaction.added
    if added and verb in ("claim", "resolve"):
        permissions.must_may(turn, verb)
    about = event_with(turn, value=str(ticket.id), name=verb, facts={})
    if verb == "claim" and added and ticket.active and ticket.agent_id != turn.person.id:
        ticket_actions.claim(about)
    elif verb == "claim" and not added and ticket.agent_id == turn.person.id and ticket.kind is StatusKind.OPEN:
        ticket_actions.release(about)
    elif verb == "resolve" and added and ticket.active:
        ticket_actions.resolve(about)
    elif (
        verb == "resolve" and not added and ticket.kind is StatusKind.RESOLVED and ticket.resolved_by == turn.person.id
    ):
        ticket_actions.reopen(about)


def ticket_of_card(turn: Turn) -> Ticket | None:
    """Return the ticket whose card the event is about."""
    shown = turn.tx.talk.at(turn.event.place, turn.event.message)
    if shown is None or shown.ticket_id is None or shown.outgoing_id is None:
        return None
    is_card = any(card.outgoing_id == shown.outgoing_id for card in turn.tx.talk.cards(shown.ticket_id))
    return turn.tx.tickets.find(shown.ticket_id) if is_card else None
