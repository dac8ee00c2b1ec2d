"""What other conversations add to a card: lines about a ticket, and rarer buttons; each registers its own where it is told."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from handlers.messages import Button, Part
from handlers.phrases import Reader
from storage.tickets import Ticket

if TYPE_CHECKING:
    from handlers.turn import Turn

Lines = Callable[["Turn", Ticket, Reader], Sequence[Part]]
Buttons = Callable[["Turn", Ticket], Sequence[Button]]
L = TypeVar("L", bound=Lines)
B = TypeVar("B", bound=Buttons)
ROW = 3  # buttons
_lines: list[Lines] = []
_more: list[Buttons] = []
_onward: list[Buttons] = []


def line(add: L) -> L:
    """Let a function add lines to every card, above the one that says where the ticket stands."""
    _lines.append(add)
    return add


def more(add: B) -> B:
    """Let a function add buttons to the rarer ones of an active ticket's card."""
    _more.append(add)
    return add


def onward(add: B) -> B:
    """Let a function add buttons to the first ones of a card: the steps that a workflow names."""
    _onward.append(add)
    return add


def lines(turn: "Turn", ticket: Ticket, reader: Reader) -> list[Part]:
    """Return the lines that were added."""
    return [part for add in _lines for part in add(turn, ticket, reader)]


def rarer(turn: "Turn", ticket: Ticket) -> tuple[tuple[Button, ...], ...]:
    """Return the rarer buttons that were added, a few a row."""
    return _rows([button for add in _more for button in add(turn, ticket)])


def steps(turn: "Turn", ticket: Ticket) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons of the steps that a workflow names, a few a row."""
    return _rows([button for add in _onward for button in add(turn, ticket)])


def _rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(buttons[start : start + ROW]) for start in range(0, len(buttons), ROW))
