"""Tickets that belong together: one that goes on for another it was merged with, and those that come of one problem."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection, bindparam, func, select

from storage.models import ticket
from storage.prepared import Prepared
from storage.tickets import Ticket, Tickets

_MERGED = Prepared(select(ticket).where(ticket.c.merged_into == bindparam("of_id")).order_by(ticket.c.id))
_LINKED = (ticket.c.problem_id == bindparam("of_id"), ticket.c.urgency.is_not(None))  # what is over has no urgency
_COUNT = Prepared(select(func.count()).select_from(ticket).where(*_LINKED))
_NEXT = Prepared(
    select(ticket).where(*_LINKED, ticket.c.id > bindparam("after")).order_by(ticket.c.id).limit(bindparam("most"))
)
_OWN = ("id", "requester_id", "account_id", "summary", "answers", "language", "merged_into")


class Related:
    """The ties between tickets, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tickets = Tickets(connection)

    def merged(self, number: int) -> list[Ticket]:
        """Return the tickets that one goes on for, the oldest first."""
        return [Ticket(*row) for row in _MERGED.all(self._connection, {"of_id": number})]

    def parties(self, of: Ticket) -> list[Ticket]:
        """Return a ticket and those it goes on for, one for each account that is talked to: each under its own number."""
        found = {of.account_id: of}
        for each in self.merged(of.id):
            found.setdefault(each.account_id, each)
        return list(found.values())

    def heir(self, of: Ticket) -> Ticket:
        """Return the ticket that goes on for one: itself, unless it was merged."""
        return of if of.merged_into is None else self._tickets.get(of.merged_into)

    def standing(self, found: Iterable[Ticket]) -> list[Ticket]:
        """Return tickets as their requester knows them: their own numbers and words, the state of what goes on for them.

        Where somebody's own ticket goes on for another of theirs, there is just the one that goes on.
        """
        stand = [self._stands(each) for each in found]
        return list({each.id: each for each in stand}.values())

    def _stands(self, of: Ticket) -> Ticket:
        heir = self.heir(of)
        if heir is of or heir.requester_id == of.requester_id:
            return heir
        return replace(heir, **{name: getattr(of, name) for name in _OWN})

    def linked(self, problem: int) -> int:
        """Return how many active tickets come of a problem."""
        return int(_COUNT.scalar(self._connection, {"of_id": problem}))

    def next_linked(self, problem: int, *, after: int, most: int) -> list[Ticket]:
        """Return the active tickets of a problem behind a number, in their order."""
        rows = _NEXT.all(self._connection, {"of_id": problem, "after": after, "most": most})
        return [Ticket(*row) for row in rows]
