"""What one turn has done to tickets, in order: for whoever tells it on before the turn is committed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from storage.engine.memo import memo_of
from storage.lifecycle import Action
from storage.models import MessageKind

if TYPE_CHECKING:
    from storage.tickets.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Moved:
    """A line of a ticket's history was written."""

    ticket: "Ticket"  # as it is since
    action: Action
    comes_to: Action | None  # what a move by its workflow means, whatever it is called
    was: "Ticket | None"  # None: it is new
    by: int | None  # None: the desk itself
    score: int | None = None  # of a rating that is from 0 to 10


@dataclass(frozen=True, slots=True)
class Said:
    """Something was said on a ticket."""

    ticket: int
    message: int
    kind: MessageKind
    by: int


def note_happened(connection: Connection, what: Moved | Said) -> None:
    """Remember what was done to a ticket, for as long as the turn lasts; outside of any nobody asks."""
    memo = memo_of(connection)
    if memo is not None:
        memo.happened.append(what)


def what_happened(connection: Connection) -> list[Moved | Said]:
    """Return what this turn has done to tickets so far, in order."""
    memo = memo_of(connection)
    return list(memo.happened) if memo is not None else []
