"""The facts of a stretch of time, as they were written down: a ticket and all that was done to it, question by question."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, Select, String, Text, and_, case, func, null, select, type_coerce

from storage.desk.records import NO_QUESTION
from storage.lifecycle import Action, WorkflowData
from storage.models import (
    company,
    entry,
    person,
    request_type,
    rules_revision,
    ticket,
    ticket_tag,
    time_spent,
    verdict,
)
from storage.tickets.queue import Filter, Queue

NO_FACTS: Mapping[str, Any] = MappingProxyType({})
_TELLING = (  # actions whose facts say what changed; of the others nothing is read
    *(Action.REGISTER, Action.ASSIGN, Action.ESCALATE, Action.RETYPE, Action.SET_PRIORITY, Action.RESOLVE),
    *(Action.CLOSE, Action.MOVE, Action.MERGE, Action.RATE),
)


class Done(NamedTuple):
    """One line of a ticket's history. There are millions of them: its action is the bare word."""

    action: str
    was: str
    now: str
    by: int | None
    at: datetime
    facts: Mapping[str, Any]


class Told(NamedTuple):
    """A ticket as it is now, with its whole history: what it was before follows from what was changed later."""

    id: int
    type_id: int
    group: str | None
    priority: str
    requester: int
    created_at: datetime
    first_response_at: datetime | None
    first_response_due: datetime | None
    resolution_due: datetime | None
    resolved_at: datetime | None
    paused_at: datetime | None
    rating: int | None
    comment: str | None
    over: bool
    company: int | None  # its requester's, when it was registered
    tags: tuple[str, ...]
    history: tuple[Done, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the knowledge base, and what came of it."""

    person: int
    question: str
    verdict: str
    tried: tuple[int, ...]
    outcome: str | None
    ticket: int | None
    at: datetime


_TICKETS: Select[Any] = select(
    ticket.c.id,
    ticket.c.request_type_id,
    ticket.c.group_name,
    ticket.c.priority,
    ticket.c.requester_id,
    ticket.c.created_at,
    ticket.c.first_response_at,
    ticket.c.first_response_due,
    ticket.c.resolution_due,
    ticket.c.resolved_at,
    ticket.c.paused_at,
    ticket.c.rating,
    ticket.c.rating_comment,
    ticket.c.urgency.is_(None),
    ticket.c.company_id,
)
_HISTORY: Select[Any] = select(
    entry.c.ticket_id,
    type_coerce(entry.c.action, String),
    entry.c.was,
    entry.c.now,
    entry.c.person_id,
    entry.c.at,
    type_coerce(
        case((and_(entry.c.action.in_(_TELLING), entry.c.facts.cast(Text) != "{}"), entry.c.facts), else_=null()), JSON
    ),
)


def ticket_number_range(connection: Connection, since: datetime, until: datetime) -> tuple[int, int]:
    """Return the first and the last number of the tickets that were registered in a stretch of time; 0 and 0 for none."""
    came = (ticket.c.created_at >= since, ticket.c.created_at < until)
    low = connection.scalar(select(func.min(ticket.c.id)).where(*came))
    high = connection.scalar(select(func.max(ticket.c.id)).where(*came))
    return (low or 0, high or 0)


def older_changed_tickets(connection: Connection, since: datetime, until: datetime) -> list[int]:
    """Return the tickets registered before a stretch of time that something happened to in it."""
    found = select(entry.c.ticket_id).where(entry.c.at >= since, entry.c.at < until).distinct()
    before = select(ticket.c.id).where(ticket.c.id.in_(found), ticket.c.created_at < since)
    return list(connection.scalars(before.order_by(ticket.c.id)).all())


def overdue_response_tickets(connection: Connection, since: datetime, until: datetime) -> list[int]:
    """Return the tickets registered before a stretch of time whose first answer was due in it and has not come yet."""
    due = (ticket.c.first_response_due >= since, ticket.c.first_response_due < until, ticket.c.created_at < since)
    waiting = select(ticket.c.id).where(ticket.c.urgency.is_not(None), ticket.c.first_response_at.is_(None), *due)
    return list(connection.scalars(waiting.order_by(ticket.c.id)).all())


def tickets_between(
    connection: Connection, first: int, last: int, since: datetime, until: datetime, only: Filter | None
) -> list[Told]:
    """Return the tickets of a range of numbers that were registered in a stretch of time."""
    chosen = (ticket.c.id >= first, ticket.c.id <= last)
    came = (ticket.c.created_at >= since, ticket.c.created_at < until)
    history = (entry.c.ticket_id >= first, entry.c.ticket_id <= last)
    tagged = (ticket_tag.c.ticket_id >= first, ticket_tag.c.ticket_id <= last)
    return _told(connection, (*chosen, *came), history, tagged, only)


def tickets_by_number(connection: Connection, numbers: Sequence[int], only: Filter | None) -> list[Told]:
    """Return these tickets."""
    chosen = (ticket.c.id.in_(numbers),)
    history, tagged = (entry.c.ticket_id.in_(numbers),), (ticket_tag.c.ticket_id.in_(numbers),)
    return _told(connection, chosen, history, tagged, only)


def _told(connection: Connection, chosen: Any, history: Any, tagged: Any, only: Filter | None) -> list[Told]:
    tags: dict[int, list[str]] = {}
    for number, tag in connection.execute(select(ticket_tag.c.ticket_id, ticket_tag.c.tag).where(*tagged)).all():
        tags.setdefault(number, []).append(tag)
    done: dict[int, list[Done]] = {}
    rows = connection.execute(_HISTORY.where(*history).order_by(entry.c.id)).all()
    for number, action, was, now, by, at, facts in rows:
        line = Done(action, was, now, by, at, facts or NO_FACTS)
        if number in done:
            done[number].append(line)
        else:
            done[number] = [line]
    meant = _TICKETS.where(*chosen)
    if only is not None:
        meant = meant.where(*Queue(connection).conditions(only))
    found: list[list[Any]] = [list(row) for row in connection.execute(meant.order_by(ticket.c.id)).all()]
    return [Told(*row, *_around(row[0], tags, done)) for row in found]


def _around(number: int, tags: Mapping[int, list[str]], done: Mapping[int, list[Done]]) -> Any:
    return tuple(sorted(tags.get(number, ()))), tuple(done.get(number, ()))


def waiting_ticket_count(connection: Connection, only: Filter | None) -> int:
    """Return how many tickets wait or are worked on now."""
    conditions = Queue(connection).conditions(only) if only is not None else []
    found = select(func.count()).select_from(ticket).where(ticket.c.urgency.is_not(None), *conditions)
    return connection.scalar(found) or 0


def waiting_since(connection: Connection, only: Filter | None) -> list[datetime]:
    """Return since when each ticket waits that waits or is worked on now."""
    conditions = Queue(connection).conditions(only) if only is not None else []
    return list(connection.scalars(select(ticket.c.created_at).where(ticket.c.urgency.is_not(None), *conditions)).all())


def registered_ticket_count(connection: Connection, since: datetime, only: Filter | None) -> int:
    """Return how many tickets were registered since then."""
    conditions = Queue(connection).conditions(only) if only is not None else []
    return connection.scalar(select(func.count()).where(ticket.c.created_at >= since, *conditions)) or 0


def status_move_counts(connection: Connection, since: datetime, only: Filter | None) -> list[tuple[int, str, str, int]]:
    """Return how often tickets went from one status to another since then, by the request type they have now."""
    conditions = Queue(connection).conditions(only) if only is not None else []
    counted = (
        select(ticket.c.request_type_id, entry.c.was, entry.c.now, func.count())
        .join(ticket, ticket.c.id == entry.c.ticket_id)
        .where(entry.c.at >= since, entry.c.was != entry.c.now, *conditions)
        .group_by(ticket.c.request_type_id, entry.c.was, entry.c.now)
    )
    return [(int(row[0]), row[1], row[2], int(row[3])) for row in connection.execute(counted).all()]


def request_type_revisions(
    connection: Connection,
) -> dict[int, tuple[str, Mapping[str, str], str, WorkflowData | None]]:
    """Return every revision of a request type: name, title, priority, workflow."""
    columns = (request_type.c.name, request_type.c.title, request_type.c.priority, request_type.c.workflow)
    rows = connection.execute(select(request_type.c.id, *columns)).all()
    return {row[0]: (row[1], row[2], str(row[3]), row[4]) for row in rows}


def person_names(connection: Connection, people: Sequence[int]) -> dict[int, str]:
    """Return what people are called."""
    found = connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(people))).all()
    return {row[0]: row[1] for row in found}


def company_names(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return what companies are called."""
    found = connection.execute(select(company.c.id, company.c.name).where(company.c.id.in_(numbers))).all()
    return {row[0]: row[1] for row in found}


def rules_history(connection: Connection, until: datetime) -> list[tuple[datetime, Mapping[str, Any]]]:
    """Return the rules as they were put in force, the oldest first; those of later times are left out."""
    rows = connection.execute(
        select(rules_revision.c.at, rules_revision.c.data)
        .where(rules_revision.c.at < until)
        .order_by(rules_revision.c.id)
    ).all()
    return [(row[0], row[1]) for row in rows]


def spent_minutes(connection: Connection, since: datetime, until: datetime) -> list[tuple[int, int, int, datetime]]:
    """Return the minutes that were written down: ticket, person, minutes, when."""
    chosen = select(time_spent.c.ticket_id, time_spent.c.person_id, time_spent.c.minutes, time_spent.c.at)
    rows = connection.execute(chosen.where(time_spent.c.at >= since, time_spent.c.at < until).order_by(time_spent.c.id))
    return [(row[0], row[1], row[2], row[3]) for row in rows.all()]


def asked_questions(
    connection: Connection, since: datetime, until: datetime, after: int, limit: int
) -> list[tuple[int, Asked]]:
    """Return questions in the order they were asked, those after one: each with its number."""
    columns = (verdict.c.id, verdict.c.person_id, verdict.c.question, verdict.c.verdict, verdict.c.tried)
    rows = connection.execute(
        select(*columns, verdict.c.outcome, verdict.c.ticket_id, verdict.c.at)
        .where(verdict.c.at >= since, verdict.c.at < until, verdict.c.id > after, verdict.c.verdict.not_in(NO_QUESTION))
        .order_by(verdict.c.id)
        .limit(limit)
    ).all()
    return [(row[0], Asked(row[1], row[2], row[3], tuple(row[4] or ()), row[5], row[6], row[7])) for row in rows]


def request_registrations(connection: Connection, since: datetime, until: datetime) -> list[tuple[int, datetime]]:
    """Return who registered a request when."""
    chosen = select(ticket.c.requester_id, ticket.c.created_at)
    rows = connection.execute(chosen.where(ticket.c.created_at >= since, ticket.c.created_at < until)).all()
    return [(row[0], row[1]) for row in rows]
