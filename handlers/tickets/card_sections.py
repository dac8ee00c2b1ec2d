"""What other conversations add to a card: lines about a ticket, steps of its workflow, and rarer buttons."""

from collections.abc import Sequence

from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Button, Part
from handlers.vocabulary.translations import Locale
from storage.tickets.tickets import Ticket

ROW = 3  # buttons


def added_lines(turn: Turn, ticket: Ticket, reader: Locale) -> list[Part]:
    """Return the lines that were added."""
    return [part for add in turn.contents.card_lines for part in add(turn, ticket, reader)]


def rarer_buttons(turn: Turn, ticket: Ticket) -> tuple[tuple[Button, ...], ...]:
    """Return the rarer buttons that were added, a few a row."""
    return buttons_in_rows([button for add in turn.contents.card_more for button in add(turn, ticket)])


def step_buttons(turn: Turn, ticket: Ticket) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons of the steps that a workflow names, a few a row."""
    return buttons_in_rows([button for add in turn.contents.card_steps for button in add(turn, ticket)])


def buttons_in_rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Return buttons a few a row."""
    return tuple(tuple(buttons[start : start + ROW]) for start in range(0, len(buttons), ROW))
