"""What a desk has before it, at a glance: its tickets, what came in, what was promised, what became of replies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage.models import MessageKind, Sending, account, inbox, message, outgoing, person, request_type, ticket


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket as a list shows it."""

    id: int
    status: str
    kind: str
    summary: str
    priority: str
    requester: str
    agent: str | None
    source: str
    request_type: str
    unread: int
    rating: int | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CameIn:
    """An event in the inbox: waiting, done, or (with an incident) failed for good."""

    id: int
    source: str
    lane: str
    payload: str
    tries: int
    received_at: datetime
    done_at: datetime | None
    incident: str | None


@dataclass(frozen=True, slots=True)
class Promised:
    """A message of the outbox and its fate so far."""

    id: int
    lane: str
    operation: str
    payload: str
    ticket_id: int | None
    receipt: bool
    state: Sending
    tries: int
    uncertain: bool
    error: str | None
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reply:
    """An agent's reply, and what became of it."""

    id: int
    ticket_id: int
    agent: str
    text: str
    lane: str
    state: Sending
    tries: int
    uncertain: bool
    error: str | None
    at: datetime
    done_at: datetime | None


def ticket_lines(connection: Connection, limit: int = 50, *, number: int | None = None) -> list[Line]:
    """Return tickets, the newest first; perhaps only the one of a number."""
    agent = person.alias("agent")
    query: Select[Any] = (
        select(
            ticket.c.id,
            ticket.c.status,
            ticket.c.kind,
            ticket.c.summary,
            ticket.c.priority,
            person.c.name,
            agent.c.name,
            account.c.source,
            request_type.c.name,
            ticket.c.unread,
            ticket.c.rating,
            ticket.c.created_at,
            ticket.c.updated_at,
        )
        .join(person, person.c.id == ticket.c.requester_id)
        .join(account, account.c.id == ticket.c.account_id)
        .join(request_type, request_type.c.id == ticket.c.request_type_id)
        .outerjoin(agent, agent.c.id == ticket.c.agent_id)
        .order_by(ticket.c.id.desc())
        .limit(limit)
    )
    if number is not None:
        query = query.where(ticket.c.id == number)
    return [Line(*row) for row in connection.execute(query)]


def came_in(connection: Connection, limit: int = 30) -> list[CameIn]:
    """Return the events of the inbox, the newest first."""
    columns = (inbox.c.id, inbox.c.source, inbox.c.lane, inbox.c.payload, inbox.c.tries)
    query = select(*columns, inbox.c.received_at, inbox.c.done_at, inbox.c.incident)
    return [CameIn(*row) for row in connection.execute(query.order_by(inbox.c.id.desc()).limit(limit))]


def outbox_messages(connection: Connection, limit: int = 30, *, number: int | None = None) -> list[Promised]:
    """Return the messages of the outbox, what waits first, else the newest first; perhaps only a ticket's."""
    query: Select[Any] = select(*(outgoing.c[name] for name in Promised.__dataclass_fields__))
    if number is not None:
        query = query.where(outgoing.c.ticket_id == number)
    order = (outgoing.c.done_at.is_not(None), outgoing.c.id.desc())
    return [Promised(*row) for row in connection.execute(query.order_by(*order).limit(limit))]


def outbox_state_counts(connection: Connection) -> dict[str, int]:
    """Return how many messages of the outbox are in each state."""
    query = select(outgoing.c.state, func.count()).group_by(outgoing.c.state)
    counted = {str(state): count for state, count in connection.execute(query)}
    return {state: counted.get(state, 0) for state in Sending}


def agent_replies(connection: Connection, limit: int = 20, *, number: int | None = None) -> list[Reply]:
    """Return agents' replies with their receipts, the newest first; perhaps only a ticket's."""
    query: Select[Any] = (
        select(
            message.c.id,
            message.c.ticket_id,
            person.c.name,
            message.c.words["text"].as_string(),
            outgoing.c.lane,
            outgoing.c.state,
            outgoing.c.tries,
            outgoing.c.uncertain,
            outgoing.c.error,
            message.c.at,
            outgoing.c.done_at,
        )
        .join(person, person.c.id == message.c.person_id)
        .join(outgoing, (outgoing.c.message_id == message.c.id) & outgoing.c.receipt.is_(True))
        .where(message.c.kind == MessageKind.REPLY, outgoing.c.operation == "send")
        .order_by(message.c.id.desc())
        .limit(limit)
    )
    if number is not None:
        query = query.where(message.c.ticket_id == number)
    return [Reply(*row) for row in connection.execute(query)]
