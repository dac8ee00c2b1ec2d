"""Which ticket an act is about."""

import re

from handlers.turns import permissions
from handlers.turns.turn import Turn
from storage.lifecycle import Refused
from storage.tickets.tickets import Ticket


def number_in(word: str) -> int | None:
    """Return the number that somebody wrote, with or without its #; None where it is none that could be given."""
    plain = word.strip().removeprefix("#")
    return int(plain) if re.fullmatch(r"[0-9]{1,18}", plain) else None


def number_or_here(turn: Turn, word: str, usage: str) -> int | None:
    """Return the number that a word names, or without a word that of the thread it is said in, if it is in one.

    Raises Refused with the usage where the word is no number.
    """
    number = number_in(word) if word else turn.number
    if word and number is None:
        raise Refused("usage", usage=usage)
    return number


def ticket_argument(turn: Turn, *, looking: bool = False) -> Ticket:
    """Return the ticket an act is about: named by number, by the pressed card, or by the thread it is said in.

    Another group's is refused, unless the act is only ``looking``.
    """
    word, _, _ = turn.event.value.strip().partition(" ")
    number = number_in(word.split(".")[0])
    if number is None and turn.number is None:
        raise Refused("which", command=turn.event.name)
    ticket = turn.tx.tickets.get(turn.number or 0 if number is None else number)
    return ticket if looking else permissions.must_work_on(turn, ticket)


def after_ticket_number(turn: Turn) -> str:
    """Return what follows the ticket's number in a command."""
    return after_number(turn.event.value)


def after_number(said: str) -> str:
    """Return what follows a number with which a text may begin."""
    word, _, after = said.strip().partition(" ")
    return after.strip() if number_in(word) is not None else said.strip()
