"""What somebody's requests add up to, and what the team has noted on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, select

from storage.lifecycle import ACTIVE
from storage.models import MessageKind, message, person, ticket, time_spent
from storage.tickets.messages import TicketMessage


@dataclass(frozen=True, slots=True)
class RequesterSummary:
    """How many requests somebody has made, how they liked what came of them, and the minutes that were spent."""

    requests: int
    active: int
    rated: int
    stars: int  # of all ratings together
    minutes: int
    notes: int


def summary_of_requester(connection: Connection, person_id: int) -> RequesterSummary:
    """Return what a person's requests add up to."""
    own = ticket.c.requester_id == person_id
    theirs = select(ticket.c.id).where(own)
    counted = select(
        func.count(),
        func.count().filter(ticket.c.kind.in_(list(ACTIVE))),
        func.count(ticket.c.rating),
        func.coalesce(func.sum(ticket.c.rating), 0),
    ).where(own)
    spent = select(func.coalesce(func.sum(time_spent.c.minutes), 0)).where(time_spent.c.ticket_id.in_(theirs))
    noted = select(func.count()).select_from(message).where(*_noted(person_id))
    requests, active, rated, stars = connection.execute(counted).one()
    return RequesterSummary(
        requests, active, rated, int(stars), int(connection.scalar(spent) or 0), connection.scalar(noted) or 0
    )


def notes_on_requester(connection: Connection, person_id: int, limit: int) -> Sequence[tuple[TicketMessage, str]]:
    """Return the newest notes on a person's requests with their authors' names, the oldest of them first."""
    query = (
        select(message, person.c.name)
        .join(person, person.c.id == message.c.person_id)
        .where(*_noted(person_id))
        .order_by(message.c.id.desc())
        .limit(limit)
    )
    rows = connection.execute(query).all()
    return [(TicketMessage(*row[:-1]), row[-1]) for row in reversed(rows)]


def _noted(person_id: int) -> tuple[ColumnElement[bool], ...]:
    theirs = select(ticket.c.id).where(ticket.c.requester_id == person_id)
    return (message.c.ticket_id.in_(theirs), message.c.kind == MessageKind.NOTE, message.c.deleted_at.is_(None))
