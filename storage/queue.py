"""The queue and what it is filtered by: a page of it costs the same whether a thousand requests or a million came before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select

from storage.lifecycle import ACTIVE, StatusKind
from storage.models import Priority, request_type, ticket, ticket_tag
from storage.search import having
from storage.tickets import Ticket
from storage.types import Moment
from storage.urgency import urgency

COUNTED = 1000  # tickets that are counted one by one; more are "1000+"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets are meant. What is left empty rules nothing out, but that without a status only active ones are meant."""

    kinds: tuple[StatusKind, ...] = ()
    statuses: tuple[tuple[str, StatusKind], ...] = ()  # those of a workflow, by name, each with its kind
    priorities: tuple[Priority, ...] = ()
    groups: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()  # all of them
    agent: int | None = None
    unclaimed: bool = False
    created_before: datetime | None = None
    overdue_at: datetime | None = None
    words: str = ""

    @property
    def scanned(self) -> tuple[StatusKind, ...]:
        """Return the kinds of status that the tickets meant may have."""
        named = (*self.kinds, *(kind for _, kind in self.statuses))
        return tuple(dict.fromkeys(named)) or ACTIVE

    @property
    def active(self) -> bool:
        """Return whether only tickets that wait for somebody are meant: they have the queue's order, others the newest first."""
        return set(self.scanned) <= set(ACTIVE)


class Queue:
    """The queue, as one transaction sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, of: Filter = Filter(), *, offset: int = 0, limit: int = 10) -> list[Ticket]:
        """Return some of the tickets meant: active ones by urgency and then by waiting, others the newest first."""
        meant = select(ticket).where(*self._conditions(of))
        if of.active:
            ordered = meant.order_by(ticket.c.urgency, ticket.c.created_at, ticket.c.id)
            return self._all(ordered.limit(limit).offset(offset))
        latest = (ticket.c.created_at.desc(), ticket.c.id.desc())
        each = (
            self._all(meant.where(ticket.c.kind == kind).order_by(*latest).limit(offset + limit)) for kind in of.scanned
        )
        newest_first = merge(*each, key=lambda one: (one.created_at, one.id), reverse=True)
        return list(islice(newest_first, offset, offset + limit))

    def count(self, of: Filter = Filter()) -> int:
        """Return how many are meant, at most one more than are counted."""
        meant = select(ticket.c.id).where(*self._conditions(of)).limit(COUNTED + 1)
        if of.active:
            return self._number(meant)
        return min(sum(self._number(meant.where(ticket.c.kind == kind)) for kind in of.scanned), COUNTED + 1)

    def active_of(self, agents: Sequence[int]) -> dict[int, int]:
        """Return how many active tickets each of these agents has; nobody with none."""
        counted = select(ticket.c.agent_id, func.count()).where(
            ticket.c.agent_id.in_(agents), ticket.c.kind.in_(ACTIVE)
        )
        return {int(row[0]): int(row[1]) for row in self._connection.execute(counted.group_by(ticket.c.agent_id)).all()}

    def last_agent(self, requester: int) -> int | None:
        """Return who had the latest of a requester's tickets that anybody had."""
        theirs = select(ticket.c.agent_id).where(ticket.c.requester_id == requester, ticket.c.agent_id.is_not(None))
        return self._connection.scalar(theirs.order_by(ticket.c.talked_at.desc()).limit(1))

    def _number(self, meant: "Select[Any]") -> int:
        return self._connection.scalar(select(func.count()).select_from(meant.subquery())) or 0

    def _all(self, query: "Select[Any]") -> list[Ticket]:
        return [Ticket(*row) for row in self._connection.execute(query).all()]

    def _conditions(self, of: Filter) -> list[ColumnElement[bool]]:
        """Return what is true of every ticket meant."""
        conditions = [*_states(of), *_belonging(of)]
        if of.created_before is not None:
            conditions.append(ticket.c.created_at < of.created_before)
        if of.overdue_at is not None:
            conditions.append(overdue(of.overdue_at))
        if of.words:
            conditions.append(having(self._connection.dialect.name, of.words))
        return conditions


def _states(of: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [ticket.c.urgency.is_not(None)] if of.active else []
    if of.statuses:
        names = [name for name, _ in of.statuses]
        conditions.append(or_(ticket.c.kind.in_(of.kinds), ticket.c.status.in_(names)))
    elif of.kinds:
        conditions.append(ticket.c.kind.in_(of.kinds))
    if of.priorities and of.active:
        conditions.append(ticket.c.urgency.in_([urgency(StatusKind.NEW, priority) for priority in of.priorities]))
    elif of.priorities:
        conditions.append(ticket.c.priority.in_(of.priorities))
    return conditions


def _belonging(of: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if of.agent is not None:
        conditions.append(ticket.c.agent_id == of.agent)
    if of.unclaimed:
        conditions.append(ticket.c.agent_id.is_(None))
    if of.groups:
        conditions.append(ticket.c.group_name.in_(of.groups))
    if of.types:
        revisions = select(request_type.c.id).where(request_type.c.name.in_(of.types))
        conditions.append(ticket.c.request_type_id.in_(revisions))
    tagged = (select(ticket_tag.c.ticket_id).where(ticket_tag.c.tag == tag) for tag in of.tags)
    return [*conditions, *(ticket.c.id.in_(those) for those in tagged)]


def overdue(now: datetime) -> ColumnElement[bool]:
    """Say that one of a ticket's two targets has passed; the clocks of one that waits for its requester stand."""
    stands = func.coalesce(ticket.c.paused_at, literal(now, Moment()))
    unanswered = and_(ticket.c.first_response_at.is_(None), ticket.c.first_response_due < stands)
    return or_(unanswered, ticket.c.resolution_due < stands)
