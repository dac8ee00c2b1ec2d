"""Ticking: an item of a request's checklist is done, or is to be done again, whoever says so."""

from handlers.tickets import cards, relay
from handlers.tickets.checklists import DONE, LEFT, Item
from handlers.tickets.ticket_service import change_ticket
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import phrase
from storage.lifecycle import Refused
from storage.tickets.tickets import Ticket


def tick_item(turn: Turn, ticket: Ticket, item: Item, *, done: bool) -> Ticket:
    """Tick an item, or take its tick away; the team reads who did it. What is over, or is so already, stays as it is."""
    if not ticket.active:
        raise Refused("over", ticket=ticket.id)
    if item.done == done:
        return ticket
    ticket = change_ticket(turn, ticket, answers={**ticket.answers, item.field.name: "yes" if done else ""})
    said = phrase("checklist.ticked", mark=DONE if done else LEFT, item=item.field.label, name=turn.person.name)
    relay.in_threads(turn, ticket.id, said, fold=f"checklist:{ticket.id}")
    cards.refresh_cards(turn, ticket)
    return ticket
