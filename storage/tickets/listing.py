"""Tickets as rows of a file: everything that stands around each, read some at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from storage.lifecycle import StatusKind, WorkflowData
from storage.models import Priority, account, asset, person, request_type, ticket, ticket_asset, ticket_tag, time_spent
from storage.types import Answers


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket with the names of whoever has to do with it."""

    id: int
    summary: str
    answers: Answers
    status: str
    kind: StatusKind
    priority: Priority
    group_name: str | None
    language: str
    unread: int
    created_at: datetime
    talked_at: datetime
    first_response_at: datetime | None
    first_response_due: datetime | None
    resolution_due: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    rating: int | None
    rating_comment: str | None
    merged_into: int | None
    requester: str
    source: str
    agent: str | None
    resolver: str | None
    request_type: str
    request_kind: str
    type_title: Mapping[str, str]
    workflow: WorkflowData | None
    tags: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    minutes: int = 0


_agent, _resolver = person.alias("agent"), person.alias("resolver")
_OWN = (
    *("id", "summary", "answers", "status", "kind", "priority", "group_name", "language", "unread", "created_at"),
    *("talked_at", "first_response_at", "first_response_due", "resolution_due", "resolved_at", "closed_at", "rating"),
    *("rating_comment", "merged_into"),
)
_ROWS: Select[Any] = (
    select(
        *(ticket.c[name] for name in _OWN),
        person.c.name,
        account.c.source,
        _agent.c.name,
        _resolver.c.name,
        request_type.c.name,
        request_type.c.kind,
        request_type.c.title,
        request_type.c.workflow,
    )
    .join(person, person.c.id == ticket.c.requester_id)
    .join(account, account.c.id == ticket.c.account_id)
    .join(request_type, request_type.c.id == ticket.c.request_type_id)
    .outerjoin(_agent, _agent.c.id == ticket.c.agent_id)
    .outerjoin(_resolver, _resolver.c.id == ticket.c.resolved_by)
)


def ticket_rows(connection: Connection, numbers: Sequence[int]) -> list[Row]:
    """Return these tickets in this order."""
    tags: dict[int, list[str]] = {}
    tagged = select(ticket_tag.c.ticket_id, ticket_tag.c.tag).where(ticket_tag.c.ticket_id.in_(numbers))
    for number, tag in connection.execute(tagged.order_by(ticket_tag.c.tag)).all():
        tags.setdefault(number, []).append(tag)
    about = _assets(connection, numbers)
    spent = select(time_spent.c.ticket_id, func.sum(time_spent.c.minutes)).where(time_spent.c.ticket_id.in_(numbers))
    minutes = {row[0]: int(row[1]) for row in connection.execute(spent.group_by(time_spent.c.ticket_id)).all()}
    found: dict[int, Row] = {}
    for values in connection.execute(_ROWS.where(ticket.c.id.in_(numbers))).all():
        number = int(values[0])
        tagged_with, worked = tuple(tags.get(number, ())), minutes.get(number, 0)
        found[number] = replace(Row(*values), tags=tagged_with, assets=about.get(number, ()), minutes=worked)
    return [found[number] for number in numbers if number in found]


def _assets(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return what each of these tickets is about, by the numbers of assets."""
    found: dict[int, tuple[str, ...]] = {}
    tied = select(ticket_asset.c.ticket_id, asset.c.number).join(asset, asset.c.id == ticket_asset.c.asset_id)
    its = tied.where(ticket_asset.c.ticket_id.in_(numbers)).order_by(ticket_asset.c.ticket_id, asset.c.id)
    for number, name in connection.execute(its).all():
        found[number] = (*found.get(number, ()), name)
    return found
