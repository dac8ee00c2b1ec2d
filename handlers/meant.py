"""Which ticket an act is about."""

from handlers.turn import Turn
from storage.lifecycle import Refused
from storage.tickets import Ticket


def meant(turn: Turn) -> Ticket:
    """Return the ticket an act is about: named by number, by the pressed card, or by the thread it is said in."""
    word, _, _ = turn.event.value.strip().removeprefix("#").partition(" ")
    number = word.split(".")[0]
    if number.isdigit():
        return turn.tx.tickets.get(int(number))
    if turn.number is None:
        raise Refused("which", command=turn.event.name)
    return turn.tx.tickets.get(turn.number)


def rest(turn: Turn) -> str:
    """Return what follows the ticket's number in a command."""
    word, _, after = turn.event.value.strip().partition(" ")
    return after.strip() if word.removeprefix("#").isdigit() else turn.event.value.strip()
