"""Tickets that belong together: one that goes on for another it was merged with, and those that come of one problem."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select

from storage.engine.compiled import Prepared
from storage.lifecycle import Action
from storage.models import ticket
from storage.tickets import parts
from storage.tickets.tickets import Ticket, Tickets

_MERGED = Prepared(select(ticket).where(ticket.c.merged_into == bindparam("of_id")).order_by(ticket.c.id), once=True)
_whole = ticket.alias("whole")
_WHOLE = select(_whole.c.id).where(or_(_whole.c.id == bindparam("of_id"), _whole.c.merged_into == bindparam("of_id")))
# In no order: for one by number SQLite would rather walk over all tickets than look for these.
_TASKS = Prepared(select(ticket).where(ticket.c.task_of.in_(_WHOLE)), once=True)
_LINKED = (ticket.c.problem_id == bindparam("of_id"), ticket.c.urgency.is_not(None))  # what is over has no urgency
_COUNT = Prepared(select(func.count()).select_from(ticket).where(*_LINKED), once=True)
_NEXT = Prepared(
    select(ticket).where(*_LINKED, ticket.c.id > bindparam("after")).order_by(ticket.c.id).limit(bindparam("most"))
)


class Related:
    """The ties between tickets, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tickets = Tickets(connection)

    def merged(self, number: int) -> list[Ticket]:
        """Return the tickets that one goes on for, the oldest first."""
        return [Ticket(*row) for row in _MERGED.all(self._connection, {"of_id": number})]

    def tasks(self, number: int) -> list[Ticket]:
        """Return the tickets that are parts of one, or of what it goes on for, the oldest first."""
        found = [Ticket(*row) for row in _TASKS.all(self._connection, {"of_id": number})]
        return sorted(found, key=lambda one: one.id)

    def whole(self, of: Ticket) -> list[Ticket]:
        """Return the ticket that goes on for one, and all those it goes on for, itself first."""
        goes_on = self.heir(of)
        return [goes_on, *self.merged(goes_on.id)]

    def parties(self, of: Ticket) -> list[Ticket]:
        """Return for whom a ticket goes on: one of their own tickets for each account that is talked to.

        Whoever needs it no more is not among them; where it ended for all of them there is nobody.
        """
        found: dict[int, Ticket] = {}
        if of.task_of is not None:
            return []  # the team's own: who asked for it reads it where the team does
        for each in (of, *self.merged(of.id)):
            if each.ended_at is None:
                found.setdefault(each.account_id, each)
        return list(found.values())

    def heir(self, of: Ticket) -> Ticket:
        """Return the ticket that goes on for one, which what is said on it joins: itself, unless it was merged."""
        return of if of.merged_into is None else self._tickets.get(of.merged_into)

    def leave(self, goes_on: Ticket, own: Sequence[Ticket], *, by: int, at: datetime) -> Ticket:
        """End a requester's parts in what goes on for several; return the ticket that goes on for the others."""
        return self._set_parts(goes_on, own, Action.LEAVE, ended_at=at, by=by, at=at)

    def rejoin(self, goes_on: Ticket, own: Sequence[Ticket], *, by: int, at: datetime) -> Ticket:
        """Take a requester's parts up again that had ended; return the ticket that goes on for them."""
        return self._set_parts(goes_on, own, Action.REJOIN, ended_at=None, by=by, at=at)

    def _set_parts(
        self,
        goes_on: Ticket,
        own: Sequence[Ticket],
        action: Action,
        *,
        ended_at: datetime | None,
        by: int,
        at: datetime,
    ) -> Ticket:
        """Write the ticket that goes on in any case: of two who leave at once the second finds that it is the last."""
        numbers = [each.id for each in own]
        changed = {"ended_at": ended_at} if goes_on.id in numbers else {}
        for each in own:
            if each.id != goes_on.id:
                self._tickets.change(each, at=at, ended_at=ended_at)
        return self._tickets.change(goes_on, at=at, action=action, by=by, facts={"tickets": numbers}, **changed)

    def relink(self, problem: int, to: int) -> None:
        """Let what comes of one problem come of another."""
        parts.relink_problem(self._connection, problem, to)

    def linked(self, problem: int) -> int:
        """Return how many active tickets come of a problem."""
        return int(_COUNT.scalar(self._connection, {"of_id": problem}))

    def next_linked(self, problem: int, *, after: int, most: int) -> list[Ticket]:
        """Return the active tickets of a problem behind a number, in their order."""
        rows = _NEXT.all(self._connection, {"of_id": problem, "after": after, "most": most})
        return [Ticket(*row) for row in rows]
