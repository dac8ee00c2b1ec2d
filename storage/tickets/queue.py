"""The queue and what it is filtered by: a page of it costs the same whether a thousand requests or a million came before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)

from storage.lifecycle import ACTIVE, Action, StatusKind
from storage.models import (
    Priority,
    asset,
    entry,
    helper,
    message,
    person,
    request_type,
    ticket,
    ticket_asset,
    ticket_tag,
)
from storage.tickets.search import search_condition
from storage.tickets.tickets import Ticket
from storage.tickets.urgency import ticket_urgency
from storage.types import Moment

COUNTED = 1000  # tickets that are counted one by one; more are "1000+"
SORTS = ("oldest", "newest", "talked", "due", "rating")  # orders that may be asked for instead of the queue's own
GROUPINGS = ("priority", "agent", "group", "type", "kind", "status", "requester")
_IN_QUEUE = (ticket.c.urgency, ticket.c.after_incidents, ticket.c.created_at, ticket.c.id)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time: from a moment on, until before another; None where it has no such end."""

    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None


ANY = Span()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which tickets are meant, and how they are shown. What is left empty rules nothing out.

    Without a status only active tickets are meant, unless something is asked that comes at a request's end.
    """

    kinds: tuple[StatusKind, ...] = ()
    statuses: tuple[tuple[str, StatusKind], ...] = ()  # those of a workflow, by name, each with its kind
    priorities: tuple[Priority, ...] = ()
    groups: tuple[str, ...] = ()
    companies: tuple[int, ...] = ()
    assets: tuple[int, ...] = ()
    asset_kinds: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    request_kinds: tuple[str, ...] = ()  # of their types: incident, service …
    tags: tuple[str, ...] = ()  # all of them
    agent: int | None = None
    helper: int | None = None  # who helps beside the agent
    unclaimed: bool = False
    requester: int | None = None
    created: Span = ANY
    resolved: Span = ANY
    talked: Span = ANY  # the last word on either side
    overdue_at: datetime | None = None
    unanswered: bool = False  # nobody of the team has answered yet
    recurring: bool = False  # made by the team's own schedule
    reopened: bool = False
    rated: tuple[int, int] | None = None  # from, to
    reopening: tuple[str, ...] = ()  # statuses of a request that is over: a move out of one by name reopens it
    words: str = ""
    without: "tuple[Filter, ...]" = ()  # each rules out what it means, whatever its status
    every: bool = False  # tickets of any status are meant
    sort: str = ""  # of SORTS
    by: str = ""  # of GROUPINGS: what stands together
    columns: tuple[str, ...] = ()  # what a row shows, in order; empty: the usual

    @property
    def scanned(self) -> tuple[StatusKind, ...]:
        """Return the kinds of status that the tickets meant may have."""
        named = (*self.kinds, *(kind for _, kind in self.statuses))
        if named:
            return tuple(dict.fromkeys(named))
        if self.every or self.resolved or self.rated or self.reopened:
            return tuple(StatusKind)
        return ACTIVE

    @property
    def ordered(self) -> bool:
        """Return whether another order than the queue's own is asked for."""
        return bool(self.sort or self.by)

    @property
    def active(self) -> bool:
        """Return whether only tickets that wait for somebody are meant: they have the queue's order, others the newest first."""
        return set(self.scanned) <= set(ACTIVE)


class Queue:
    """The queue, as one transaction sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, of: Filter = Filter(), *, offset: int = 0, limit: int = 10) -> list[Ticket]:
        """Return some of the tickets meant: active ones by urgency, incidents first, then by waiting; others the newest first."""
        meant = select(ticket).where(*self.conditions(of))
        if of.ordered:
            return self._all(_sorted(meant, of).limit(limit).offset(offset))
        if of.active:
            ordered = meant.order_by(*_IN_QUEUE)
            return self._all(ordered.limit(limit).offset(offset))
        latest = (ticket.c.created_at.desc(), ticket.c.id.desc())
        each = (
            self._all(meant.where(ticket.c.kind == kind).order_by(*latest).limit(offset + limit)) for kind in of.scanned
        )
        newest_first = merge(*each, key=lambda one: (one.created_at, one.id), reverse=True)
        return list(islice(newest_first, offset, offset + limit))

    def count(self, of: Filter = Filter()) -> int:
        """Return how many are meant, at most one more than are counted."""
        meant = select(ticket.c.id).where(*self.conditions(of)).limit(COUNTED + 1)
        if of.active:
            return self._number(meant)
        return min(sum(self._number(meant.where(ticket.c.kind == kind)) for kind in of.scanned), COUNTED + 1)

    def numbers(self, of: Filter, limit: int) -> list[int]:
        """Return the tickets meant by number, in the order asked for; else active ones as the queue, others newest first."""
        meant = select(ticket.c.id).where(*self.conditions(of), ticket.c.kind.in_(of.scanned))
        if of.ordered:
            meant = _sorted(meant, of)
        elif of.active:
            meant = meant.order_by(*_IN_QUEUE)
        else:
            meant = meant.order_by(ticket.c.id.desc())
        return list(self._connection.scalars(meant.limit(limit)).all())

    def tally(self, of: Filter) -> list[tuple[Any, int]]:
        """Return how many tickets stand together by what they are grouped by, in the order of the list."""
        key = _KEYS[of.by]
        meant = select(key, func.count()).where(*self.conditions(of))
        meant = meant.where(ticket.c.kind.in_(of.scanned)).group_by(key).order_by(*_grouped(of.by))
        return [(row[0], int(row[1])) for row in self._connection.execute(meant).all()]

    def with_files(self, numbers: Sequence[int]) -> set[int]:
        """Return on which of these tickets a requester sent a file that no word of the team has followed."""
        if not numbers:
            return set()
        files = select(message.c.ticket_id).join(ticket, ticket.c.id == message.c.ticket_id)
        sent = and_(message.c.kind == "follow_up", cast(message.c.files, Text) != "[]", message.c.deleted_at.is_(None))
        unread = ticket.c.unread > 0
        found = files.where(message.c.ticket_id.in_(numbers), sent, unread).distinct()
        return set(self._connection.scalars(found).all())

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

    def conditions(self, of: Filter) -> list[ColumnElement[bool]]:
        """Return what is true of every ticket meant."""
        conditions = [*_states(of), *_belonging(of)]
        if of.words:
            conditions.append(search_condition(self._connection.dialect.name, of.words))
        return [*conditions, *_times(of), *(_without(each, self._connection.dialect.name) for each in of.without)]


def _states(of: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [ticket.c.urgency.is_not(None)] if of.active else []
    if of.statuses:
        names = [name for name, _ in of.statuses]
        conditions.append(or_(ticket.c.kind.in_(of.kinds), ticket.c.status.in_(names)))
    elif of.kinds:
        conditions.append(ticket.c.kind.in_(of.kinds))
    if of.priorities and of.active:
        conditions.append(
            ticket.c.urgency.in_([ticket_urgency(StatusKind.NEW, priority) for priority in of.priorities])
        )
    elif of.priorities:
        conditions.append(ticket.c.priority.in_(of.priorities))
    return conditions


def _without(of: Filter, dialect: str) -> ColumnElement[bool]:
    """Say that a ticket is not what a filter means; what has no such thing at all is not it either."""
    ruled = [*_states(replace(of, every=True)), *_belonging(of), *_times(of)]
    ruled += [search_condition(dialect, of.words)] if of.words else []
    return not_(func.coalesce(and_(*ruled), false()))


def _times(of: Filter) -> list[ColumnElement[bool]]:
    """Return what is said of when things happened to a ticket, and of what had happened."""
    conditions: list[ColumnElement[bool]] = []
    columns = ((of.created, ticket.c.created_at), (of.resolved, ticket.c.resolved_at), (of.talked, ticket.c.talked_at))
    for span, column in columns:
        conditions += [column >= span.since] if span.since is not None else []
        conditions += [column < span.until] if span.until is not None else []
    if of.overdue_at is not None:
        conditions.append(is_overdue(of.overdue_at))
    if of.recurring:
        conditions.append(ticket.c.recurrence_id.is_not(None))
    if of.unanswered:
        conditions.append(ticket.c.first_response_at.is_(None))
    if of.rated is not None:
        conditions.append(ticket.c.rating.between(*of.rated))
    if of.reopened:
        conditions.append(_reopened(of.reopening))
    return conditions


def _reopened(over: Sequence[str]) -> ColumnElement[bool]:
    """Say that a ticket was taken up again after its end: by that name, or by a move to another status."""
    moved = and_(entry.c.action == Action.MOVE, entry.c.was.in_(over), entry.c.now.not_in(over))
    back = select(entry.c.id).where(entry.c.ticket_id == ticket.c.id, or_(entry.c.action == Action.REOPEN, moved))
    return back.exists()


# Orders that are asked for: by what a reader sees, the queue's own within it.

_AGENT = select(person.c.name).where(person.c.id == ticket.c.agent_id).scalar_subquery()
_REQUESTER = select(person.c.name).where(person.c.id == ticket.c.requester_id).scalar_subquery()
_TYPE = select(request_type.c.name).where(request_type.c.id == ticket.c.request_type_id).scalar_subquery()
_REQUEST_KIND = select(request_type.c.kind).where(request_type.c.id == ticket.c.request_type_id).scalar_subquery()
_PLACE = case({priority: place for place, priority in enumerate(Priority)}, value=ticket.c.priority)
_STATUS = case({kind: place for place, kind in enumerate(StatusKind)}, value=ticket.c.kind)
_KEYS: Mapping[str, ColumnElement[Any]] = {
    "priority": ticket.c.priority,
    "agent": ticket.c.agent_id,
    "group": ticket.c.group_name,
    "type": _TYPE,
    "kind": _REQUEST_KIND,
    "status": ticket.c.kind,
    "requester": ticket.c.requester_id,
}


def _grouped(by: str) -> list[ColumnElement[Any]]:
    """Return the order of what stands together; what belongs to nobody comes first."""
    key = _KEYS[by]
    shown = {"priority": _PLACE, "agent": _AGENT, "status": _STATUS, "requester": _REQUESTER}.get(by, key)
    return [case((key.is_(None), 0), else_=1), shown, key]


def _sorted(meant: "Select[Any]", of: Filter) -> "Select[Any]":
    orders: Mapping[str, ColumnElement[Any]] = {
        "oldest": ticket.c.created_at,
        "newest": ticket.c.created_at.desc(),
        "talked": ticket.c.talked_at.desc(),
        "due": func.coalesce(ticket.c.first_response_due, ticket.c.resolution_due),
        "rating": ticket.c.rating,
    }
    within = [orders[of.sort]] if of.sort else [_PLACE, ticket.c.created_at]
    last = ticket.c.id.desc() if of.sort in ("newest", "talked") else ticket.c.id
    absent = [case((ticket.c.rating.is_(None), 1), else_=0)] if of.sort == "rating" else []
    meant = meant.where(ticket.c.kind.in_(of.scanned))
    return meant.order_by(*(_grouped(of.by) if of.by else ()), *absent, *within, last)


def _belonging(of: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if of.agent is not None:
        conditions.append(ticket.c.agent_id == of.agent)
    if of.helper is not None:
        helped = select(helper.c.ticket_id).where(helper.c.person_id == of.helper, helper.c.ended_at.is_(None))
        conditions.append(ticket.c.id.in_(helped))
    if of.requester is not None:
        conditions.append(ticket.c.requester_id == of.requester)
    if of.unclaimed:
        conditions.append(ticket.c.agent_id.is_(None))
    if of.companies:
        conditions.append(ticket.c.company_id.in_(of.companies))
    if of.groups:
        conditions.append(ticket.c.group_name.in_(of.groups))
    if of.types:
        revisions = select(request_type.c.id).where(request_type.c.name.in_(of.types))
        conditions.append(ticket.c.request_type_id.in_(revisions))
    if of.request_kinds:
        revisions = select(request_type.c.id).where(request_type.c.kind.in_(of.request_kinds))
        conditions.append(ticket.c.request_type_id.in_(revisions))
    tagged = (select(ticket_tag.c.ticket_id).where(ticket_tag.c.tag == tag) for tag in of.tags)
    return [*conditions, *_about(of), *(ticket.c.id.in_(those) for those in tagged)]


def _about(of: Filter) -> list[ColumnElement[bool]]:
    """Say what a ticket is about: an asset, or one of a kind."""
    conditions: list[ColumnElement[bool]] = []
    if of.assets:
        about = select(ticket_asset.c.ticket_id).where(ticket_asset.c.asset_id.in_(of.assets))
        conditions.append(ticket.c.id.in_(about))
    if of.asset_kinds:
        of_kind = asset.c.kind.in_(of.asset_kinds)
        tied = select(ticket_asset.c.ticket_id).join(asset, asset.c.id == ticket_asset.c.asset_id)
        conditions.append(ticket.c.id.in_(tied.where(of_kind)))
    return conditions


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Say that one of a ticket's two targets has passed; the clocks of one that waits for its requester stand."""
    stands = func.coalesce(ticket.c.paused_at, literal(now, Moment()))
    unanswered = and_(ticket.c.first_response_at.is_(None), ticket.c.first_response_due < stands)
    return or_(unanswered, ticket.c.resolution_due < stands)
