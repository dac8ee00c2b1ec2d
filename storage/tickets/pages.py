"""Pages of tickets and of what was said on them, for whoever reads on from the last one they have seen."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from storage.models import message, person, ticket
from storage.tickets.messages import TicketMessage
from storage.tickets.queue import Filter, Queue
from storage.tickets.tickets import Ticket

Place = tuple[int, datetime, int]  # in the queue: urgency, when it was registered, number


class Pages:
    """Tickets and their messages page by page, as one look sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_number(self, of: Filter, *, after: int | None, newest_first: bool, limit: int) -> list[Ticket]:
        """Return tickets that a filter means, by number."""
        beyond: list[ColumnElement[bool]] = []
        if after is not None:
            beyond = [ticket.c.id < after if newest_first else ticket.c.id > after]
        order = ticket.c.id.desc() if newest_first else ticket.c.id
        query = select(ticket).where(*self._meant(of), *beyond).order_by(order).limit(limit)
        return [Ticket(*row) for row in self._connection.execute(query).all()]

    def in_queue(self, of: Filter, *, after: Place | None, limit: int) -> list[Ticket]:
        """Return active tickets that a filter means, the most urgent first, of these the longest waiting."""
        urgency, created, number = ticket.c.urgency, ticket.c.created_at, ticket.c.id
        beyond: list[ColumnElement[bool]] = []
        if after is not None:
            behind = and_(created == after[1], number > after[2])
            beyond = [or_(urgency > after[0], and_(urgency == after[0], or_(created > after[1], behind)))]
        query = select(ticket).where(*self._meant(of), *beyond).order_by(urgency, created, number).limit(limit)
        return [Ticket(*row) for row in self._connection.execute(query).all()]

    def _meant(self, of: Filter) -> list[ColumnElement[bool]]:
        return [*Queue(self._connection).conditions(of), ticket.c.kind.in_(of.scanned)]

    def said(self, number: int, *, after: int, limit: int) -> Sequence[tuple[TicketMessage, str]]:
        """Return what was said on a ticket and was not taken back, with the authors' names, the oldest first."""
        query = (
            select(message, person.c.name)
            .join(person, person.c.id == message.c.person_id)
            .where(message.c.ticket_id == number, message.c.id > after, message.c.deleted_at.is_(None))
            .order_by(message.c.id)
            .limit(limit)
        )
        return [(TicketMessage(*row[:-1]), row[-1]) for row in self._connection.execute(query).all()]
