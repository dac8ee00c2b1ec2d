"""Requests that are over and were answered, for whoever has one like them before them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from storage.lifecycle import ACTIVE
from storage.models import MessageKind, message, person, ticket
from storage.queues.spoken import StoredWords
from storage.tickets.search import Search
from storage.tickets.tickets import Ticket

EACH = 40  # requests, the newest, that have a word
NEWEST = 60  # that are looked at whatever they say: beside them it shows which words are rare
MOST = 160  # of all


@dataclass(frozen=True, slots=True)
class LastReply:
    """What was said last to the requester of a request, by whom, and when."""

    agent: str
    words: StoredWords
    at: datetime


def answered_requests(connection: Connection, words: Sequence[str], *, but: int) -> list[Ticket]:
    """Return requests that are over and were answered, those that have most of these words first, then the newest."""
    search, shared = Search(connection), dict[int, float]()
    for word in words:
        found = search.find(word, limit=EACH)
        for number in found:
            shared[number] = shared.get(number, 0.0) + 1.0 / len(found)
    over = (ticket.c.kind.not_in(list(ACTIVE)), ticket.c.merged_into.is_(None), ticket.c.id != but)
    newest = connection.scalars(select(ticket.c.id).where(*over).order_by(ticket.c.id.desc()).limit(NEWEST))
    wanted = list(dict.fromkeys((*sorted(shared, key=lambda number: -shared[number])[: MOST - NEWEST], *newest)))
    answered = select(message.c.id).where(message.c.ticket_id == ticket.c.id, *_replied()).exists()
    rows = connection.execute(select(ticket).where(ticket.c.id.in_(wanted), *over, answered)).all()
    return sorted((Ticket(*row) for row in rows), key=lambda one: wanted.index(one.id))


def last_replies(connection: Connection, numbers: Iterable[int]) -> dict[int, LastReply]:
    """Return the last reply to each of some requests."""
    last = (
        select(func.max(message.c.id))
        .where(message.c.ticket_id.in_(list(numbers)), *_replied())
        .group_by(message.c.ticket_id)
    )
    query = (
        select(message.c.ticket_id, person.c.name, message.c.words, message.c.at)
        .join(person, person.c.id == message.c.person_id)
        .where(message.c.id.in_(last))
    )
    return {row[0]: LastReply(*row[1:]) for row in connection.execute(query).all()}


def _replied() -> tuple[ColumnElement[bool], ...]:
    return (message.c.kind == MessageKind.REPLY, message.c.deleted_at.is_(None))
