"""The facts of a stretch of time, as they were written down: a ticket and all that was done to it, question by question."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, Select, String, Text, bindparam, func, or_, select, type_coerce

from storage.desk.records import NO_QUESTION
from storage.engine.compiled import Prepared
from storage.lifecycle import Action, WorkflowData
from storage.models import (
    asset,
    company,
    entry,
    helper,
    person,
    request_type,
    rules_revision,
    survey,
    ticket,
    ticket_asset,
    ticket_tag,
    time_spent,
    verdict,
)
from storage.tickets.queue import Filter, Queue
from storage.types import Moment, ticks, ticks_moment

# Asked for each call of the API: made once.
_TAGS = (
    select(ticket_tag.c.ticket_id, ticket_tag.c.tag)
    .where(ticket_tag.c.ticket_id.in_(bindparam("numbers", expanding=True)))
    .order_by(ticket_tag.c.ticket_id, ticket_tag.c.tag)
)
_TICKET_ASSETS = (
    select(ticket_asset.c.ticket_id, ticket_asset.c.asset_id)
    .where(ticket_asset.c.ticket_id.in_(bindparam("numbers", expanding=True)))
    .order_by(ticket_asset.c.ticket_id, ticket_asset.c.asset_id)
)
_ASSETS = select(asset.c.id, asset.c.number, asset.c.name).where(asset.c.id.in_(bindparam("numbers", expanding=True)))
_PEOPLE = select(person.c.id, person.c.name).where(person.c.id.in_(bindparam("people", expanding=True)))
_COMPANIES = select(company.c.id, company.c.name).where(company.c.id.in_(bindparam("numbers", expanding=True)))

SOME = 5_000  # ids of one statement
NO_FACTS: Mapping[str, Any] = MappingProxyType({})


# One line of a history, as bare as the database has it, for there are millions of them:
# ticket, action, the status it came to, by whom, when in microseconds since 1970, facts as JSON (see fact_values).
Done = tuple[int, str, str, int | None, int, str]


class Told(NamedTuple):
    """A ticket as it is now, with its whole history: what it was before follows from what was changed later.

    Moments are microseconds since 1970.
    """

    id: int
    type_id: int
    group: str | None
    priority: str
    requester: int
    created_at: int
    first_response_due: int | None
    resolution_due: int | None
    resolved_at: int | None
    rating: int | None
    comment: str | None
    company: int | None  # its requester's, when it was registered
    history: Sequence[Done]


@lru_cache(maxsize=4096)
def fact_values(facts: str) -> Mapping[str, Any]:
    """Return what a line of a history tells besides: most of them tell one of a few things."""
    return MappingProxyType(json.loads(facts))


class Asked(NamedTuple):
    """A question to the knowledge base, and what came of it."""

    id: int
    person: int
    question: str
    tried: str  # the articles that were shown, JSON
    outcome: str | None
    ticket: int | None
    at: int


@lru_cache(maxsize=4096)
def tried_articles(tried: str) -> tuple[int, ...]:
    """Return the articles that were shown, the latest last."""
    return tuple(json.loads(tried) or ())


_TICKETS: Select[Any] = select(
    ticket.c.id,
    ticket.c.request_type_id,
    ticket.c.group_name,
    type_coerce(ticket.c.priority, String),
    ticket.c.requester_id,
    ticks(ticket.c.created_at),
    ticks(ticket.c.first_response_due),
    ticks(ticket.c.resolution_due),
    ticks(ticket.c.resolved_at),
    ticket.c.rating,
    ticket.c.rating_comment,
    ticket.c.company_id,
).order_by(ticket.c.id)
_HISTORY: Select[Any] = (
    select(
        entry.c.ticket_id,
        type_coerce(entry.c.action, String),
        entry.c.now,
        entry.c.person_id,
        ticks(entry.c.at),
        entry.c.facts.cast(Text),
    )
    .where(entry.c.action != Action.NOTE)  # what is said among agents moves nothing
    .order_by(entry.c.ticket_id, entry.c.id)
)
_FIRST, _LAST = bindparam("first", type_=BigInteger), bindparam("last", type_=BigInteger)
_TICKETS_BETWEEN = _TICKETS.where(
    ticket.c.id >= _FIRST,
    ticket.c.id <= _LAST,
    ticket.c.created_at >= bindparam("since", type_=Moment),
    ticket.c.created_at < bindparam("until", type_=Moment),
)
_BETWEEN = Prepared(_TICKETS_BETWEEN)
_HISTORY_BETWEEN = Prepared(_HISTORY.where(entry.c.ticket_id >= _FIRST, entry.c.ticket_id <= _LAST))


def ticket_number_range(connection: Connection, since: datetime, until: datetime) -> tuple[int, int]:
    """Return the first and the last number of the tickets that were registered in a stretch of time; 0 and 0 for none."""
    came = select(func.min(ticket.c.id), func.max(ticket.c.id))
    low, high = connection.execute(came.where(ticket.c.created_at >= since, ticket.c.created_at < until)).one()
    return low or 0, high or 0


def older_changed_tickets(connection: Connection, since: datetime, until: datetime) -> list[int]:
    """Return the tickets registered before a stretch of time that something happened to in it."""
    found = select(entry.c.ticket_id).where(entry.c.at >= since, entry.c.at < until).distinct()
    before = select(ticket.c.id).where(ticket.c.id.in_(found), ticket.c.created_at < since)
    return list(connection.scalars(before.order_by(ticket.c.id)).all())


def tickets_between(
    connection: Connection, first: int, last: int, since: datetime, until: datetime, only: Filter | None
) -> list[Told]:
    """Return the tickets of a range of numbers that were registered in a stretch of time."""
    within = {"first": first, "last": last, "since": since, "until": until}
    lines = _HISTORY_BETWEEN.all(connection, {"first": first, "last": last})
    if only is None:
        return _told(_BETWEEN.all(connection, within), lines)
    chosen = _TICKETS_BETWEEN.where(*Queue(connection).conditions(only))
    return _told(connection.execute(chosen, within).all(), lines)


def tickets_by_number(connection: Connection, numbers: Sequence[int], only: Filter | None) -> list[Told]:
    """Return these tickets."""
    lines = connection.execute(_HISTORY.where(entry.c.ticket_id.in_(numbers))).all()
    conditions = Queue(connection).conditions(only) if only is not None else []
    return _told(connection.execute(_TICKETS.where(ticket.c.id.in_(numbers), *conditions)).all(), lines)


def _told(tickets: Iterable[Any], lines: Iterable[Any]) -> list[Told]:
    """Return tickets, each with the lines of its history; both come in the order of the tickets."""
    done = {number: list(some) for number, some in groupby(lines, itemgetter(0))}
    return [Told._make((*row, done.get(row[0], ()))) for row in tickets]


def ticket_tags(connection: Connection, numbers: Sequence[int]) -> dict[int, list[str]]:
    """Return the tags of these tickets, in their order."""
    tags: dict[int, list[str]] = {}
    for number, tag in connection.execute(_TAGS, {"numbers": numbers}).all():
        tags.setdefault(number, []).append(tag)
    return tags


def ticket_assets(connection: Connection, numbers: Sequence[int]) -> dict[int, list[int]]:
    """Return which assets these tickets are about, by id."""
    found: dict[int, list[int]] = {}
    for number, one in connection.execute(_TICKET_ASSETS, {"numbers": numbers}).all():
        found.setdefault(number, []).append(one)
    return found


def asset_names(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return what assets are called, a few thousand at a time."""
    names: dict[int, str] = {}
    for at in range(0, len(numbers), SOME):
        rows = connection.execute(_ASSETS, {"numbers": numbers[at : at + SOME]})
        names |= {row.id: f"{row.number} · {row.name}" if row.name else row.number for row in rows}
    return names


def waiting_ticket_count(connection: Connection, only: Filter | None) -> int:
    """Return how many tickets wait or are worked on now."""
    conditions = Queue(connection).conditions(only) if only is not None else []
    found = select(func.count()).select_from(ticket).where(ticket.c.urgency.is_not(None), *conditions)
    return connection.scalar(found) or 0


def waiting_since(connection: Connection, only: Filter | None) -> list[tuple[int, int]]:
    """Return each ticket that waits or is worked on now, and since when, in microseconds since 1970."""
    conditions = Queue(connection).conditions(only) if only is not None else []
    found = select(ticket.c.id, ticks(ticket.c.created_at)).where(ticket.c.urgency.is_not(None), *conditions)
    return [(row[0], row[1]) for row in connection.execute(found).all()]


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
) -> dict[int, tuple[str, Mapping[str, str], str, WorkflowData | None, str]]:
    """Return every revision of a request type: name, title, priority, workflow, kind."""
    columns = (request_type.c.name, request_type.c.title, request_type.c.priority, request_type.c.workflow)
    rows = connection.execute(select(request_type.c.id, *columns, request_type.c.kind)).all()
    return {row[0]: (row[1], row[2], str(row[3]), row[4], row[5]) for row in rows}


def person_names(connection: Connection, people: Sequence[int]) -> dict[int, str]:
    """Return what people are called."""
    found = connection.execute(_PEOPLE, {"people": people}).all()
    return {row[0]: row[1] for row in found}


def company_names(connection: Connection, numbers: Sequence[int]) -> dict[int, str]:
    """Return what companies are called."""
    found = connection.execute(_COMPANIES, {"numbers": numbers}).all()
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


def helper_counts(connection: Connection, since: datetime, until: datetime, only: Filter | None) -> dict[int, int]:
    """Return with how many tickets people came to help, by person."""
    counted = select(helper.c.person_id, func.count()).join(ticket, ticket.c.id == helper.c.ticket_id)
    conditions = Queue(connection).conditions(only) if only is not None else []
    counted = counted.where(helper.c.at >= since, helper.c.at < until, *conditions).group_by(helper.c.person_id)
    return {int(row[0]): int(row[1]) for row in connection.execute(counted).all()}


def recommend_scores(connection: Connection, since: datetime, until: datetime, only: Filter | None) -> list[int]:
    """Return what was answered from 0 to 10 to whether one would recommend the desk."""
    chosen = select(survey.c.score).join(ticket, ticket.c.id == survey.c.ticket_id)
    conditions = Queue(connection).conditions(only) if only is not None else []
    chosen = chosen.where(survey.c.scored_at >= since, survey.c.scored_at < until, *conditions)
    return list(connection.scalars(chosen.order_by(survey.c.ticket_id)).all())


def asked_questions(
    connection: Connection, since: datetime, until: datetime, after: tuple[int, int], limit: int
) -> list[Asked]:
    """Return questions in the order they were asked, those after a moment and a number."""
    begun, last = after
    within = (verdict.c.at >= max(since, ticks_moment(begun)), verdict.c.at < until)
    beyond = or_(verdict.c.at > ticks_moment(begun), verdict.c.id > last)
    columns = (verdict.c.id, verdict.c.person_id, verdict.c.question, verdict.c.tried.cast(Text), verdict.c.outcome)
    rows = connection.execute(
        select(*columns, verdict.c.ticket_id, ticks(verdict.c.at))
        .where(*within, beyond, verdict.c.verdict.not_in(NO_QUESTION))
        .order_by(verdict.c.at, verdict.c.id)
        .limit(limit)
    ).all()
    return list(map(Asked._make, rows))


def askers_registrations(connection: Connection, since: int, until: int) -> list[tuple[int, int]]:
    """Return who registered a request when, of those who asked a question in the same stretch of time."""
    begin, end = ticks_moment(since), ticks_moment(until)
    askers = select(verdict.c.person_id).where(verdict.c.at >= begin, verdict.c.at < end)
    chosen = select(ticket.c.requester_id, ticks(ticket.c.created_at)).where(ticket.c.requester_id.in_(askers))
    rows = connection.execute(chosen.where(ticket.c.created_at >= begin, ticket.c.created_at < end)).all()
    return [(row[0], row[1]) for row in rows]
