"""The checklist on a card: its lines, its buttons, and ``/check``."""

from collections.abc import Sequence

from handlers.tickets import cards
from handlers.tickets.checklists import Item, checklist_of, checklist_text
from handlers.tickets.ticking import tick_item
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_ticket_number, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Button, Part, button_column, button_row, phrase
from handlers.vocabulary.translations import Locale
from kb import nearest
from storage.lifecycle import Refused
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()


@on.press(presses.Checklist, role=Role.AGENT, act="check")
def open_checklist(turn: Turn) -> None:
    """The card shows its checklist as buttons."""
    show_items(turn, ticket_argument(turn))


@on.press(presses.Check, role=Role.AGENT)
def tick_pressed(turn: Turn) -> None:
    """An item is ticked, or is to be done again."""
    ticket, pressed = ticket_argument(turn), turn.pressed(presses.Check)
    item = next((each for each in checklist_of(turn, ticket) if each.name == pressed.item), None)
    if item is None:
        raise Refused("expired")
    show_items(turn, tick_item(turn, ticket, item, done=bool(pressed.done)))


@on.command("check", role=Role.AGENT)
def check(turn: Turn) -> None:
    """A thing is done: /check 42 photo taken; is to be done after all: /check 42 -photo taken; /check 42 tells what is left."""
    ticket, said = ticket_argument(turn), after_ticket_number(turn)
    items = checklist_of(turn, ticket)
    if not items:
        raise Refused("no_checklist", ticket=ticket.id)
    if said:
        plain = said.lstrip("-−– ")
        item = item_named(items, plain)
        if item is None:
            raise Refused("no_item", word=said, known=[each.field.label for each in items])
        ticket = tick_item(turn, ticket, item, done=said == plain)
    turn.say(
        checklist_text(turn, ticket, turn.here[1]), title=phrase("checklist.of", ticket=ticket.id), ticket=ticket.id
    )


def item_named(items: Sequence[Item], said: str) -> Item | None:
    """Return the item that is meant, by its name or by what it says in any language, typos forgiven."""
    known = {word.casefold(): item for item in items for word in (item.name, *item.field.label.values())}
    close = nearest(said.casefold(), list(known))
    return known.get(said.casefold()) or (known[close] if close else None)


def show_items(turn: Turn, ticket: Ticket) -> None:
    """Show the pressed card with its checklist as buttons."""
    items = checklist_of(turn, ticket)
    if not items:
        raise Refused("no_checklist", ticket=ticket.id)
    reader = turn.here[1]
    ticks = (presses.Check(ticket.id, int(not each.done), each.name).button(each.line(turn, reader)) for each in items)
    back = presses.Less(ticket.id).button(phrase("form.back"))
    cards.redraw_pressed_card(turn, ticket, (*button_column(*ticks), *button_row(back)))


def checklist_lines(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Add the checklist to the card."""
    found = checklist_text(turn, ticket, reader)
    return [found] if found.text else []


def checklist_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer the checklist where there is one, with how much of it is done."""
    items = checklist_of(turn, ticket) if ticket.active else []
    if not items:
        return []
    label = phrase("button.checklist", done=sum(item.done for item in items), all=len(items))
    return [presses.Checklist(ticket.id).button(label)]
