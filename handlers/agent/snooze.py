"""Snooze: a request is put aside until a time, and comes back by itself or by its requester's word."""

from collections.abc import Sequence

from handlers.rules.notify import TicketEvent
from handlers.tickets import cards, notifications, relay
from handlers.tickets.ticket_service import move_ticket
from handlers.turns import permissions
from handlers.turns.router import Routes
from handlers.turns.ticket_argument import after_ticket_number, ticket_argument
from handlers.turns.turn import Turn
from handlers.vocabulary import presses, timers
from handlers.vocabulary.dates import read_when
from handlers.vocabulary.messages import Button, Part, button_column, button_row, phrase
from handlers.vocabulary.translations import Locale
from storage.lifecycle import Action, Refused
from storage.models import Role
from storage.tickets.tickets import Ticket

on = Routes()

CHOICES = ("1h", "4h", "tomorrow", "monday")


@on.command("snooze", role=Role.AGENT)
def snooze(turn: Turn) -> None:
    """A request is put aside: /snooze 2h, /snooze 42 tomorrow 9:00."""
    if turn.number is not None and read_when(turn.event.value, turn.now, agent_time_zone(turn)):
        put_aside(turn, permissions.must_work_on(turn, turn.tx.tickets.get(turn.number)), turn.event.value)
    else:
        put_aside(turn, ticket_argument(turn), after_ticket_number(turn))


@on.press(presses.Snooze, role=Role.AGENT)
def choose(turn: Turn) -> None:
    """The card asks until when."""
    ticket = ticket_argument(turn)
    choices = button_column(
        *(presses.SnoozeUntil(ticket.id, word).button(phrase(f"snooze.{word}")) for word in CHOICES)
    )
    cards.redraw_pressed_card(
        turn, ticket, (*choices, *button_row(presses.Less(ticket.id).button(phrase("form.back"))))
    )


@on.press(presses.SnoozeUntil, role=Role.AGENT, act="snooze")
def chosen(turn: Turn) -> None:
    """A request is put aside until the time on the button."""
    put_aside(turn, ticket_argument(turn), turn.pressed(presses.SnoozeUntil).until)


def agent_time_zone(turn: Turn) -> str:
    """Return the time zone in which the agent reads a clock."""
    return turn.reader(turn.person).zone


def put_aside(turn: Turn, ticket: Ticket, word: str) -> None:
    """Snooze a ticket until the time that is meant, or say how times are written."""
    until = read_when(word, turn.now, agent_time_zone(turn))
    if until is None:
        raise Refused("when", word=word or "—")
    ticket = move_ticket(turn, ticket, Action.SNOOZE, by=turn.person.id, until=until)
    turn.schedule(timers.Wake(until), until - turn.now, ticket=ticket.id)
    notifications.notify_of_event(turn, ticket, TicketEvent.HELD)
    cards.refresh_cards(turn, ticket)
    turn.toast(phrase("done.snoozed", ticket=ticket.id, until=until))


@on.timer(timers.Wake)
def wake(turn: Turn) -> None:
    """The time has come: the request is worked on again, and who has it hears so; one that woke before is left alone."""
    ticket = turn.tx.tickets.find(turn.event.ticket or 0)
    if ticket is None or ticket.snoozed_until != turn.due(timers.Wake).until:
        return
    ticket = move_ticket(turn, ticket, Action.WAKE, by=None)
    notifications.notify_of_event(turn, ticket, TicketEvent.WOKEN)
    cards.refresh_cards(turn, ticket)
    relay.in_threads(turn, ticket.id, phrase("thread.woken"))


def snooze_line(turn: Turn, ticket: Ticket, reader: Locale) -> Sequence[Part]:
    """Say on the card until when it is put aside."""
    return [phrase("card.snoozed", until=ticket.snoozed_until)] if ticket.snoozed_until is not None else []


def snooze_button(turn: Turn, ticket: Ticket) -> Sequence[Button]:
    """Offer it among the rarer buttons."""
    return [presses.Snooze(ticket.id).button(phrase("button.snooze"))]
