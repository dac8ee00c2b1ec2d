"""Tickets, as programs read them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import Field

from bot.api.calls import Call
from bot.api.operations import Operation, Sent, Told
from bot.api.problems import Problem
from bot.api.scopes import Scope
from bot.api.shapes import Next, Number, Paged, Who, cursor_of, place_of
from bot.api.turns import ProgramTurn
from handlers.tickets import queue_filter
from storage.lifecycle import StatusKind
from storage.models import MessageKind, Priority
from storage.reports import facts
from storage.tickets.messages import TicketMessage
from storage.tickets.pages import Pages
from storage.tickets.plans import Plan
from storage.tickets.queue import Filter
from storage.tickets.tickets import Ticket
from storage.types import EPOCH, moment_ticks, ticks_moment

SAME = (  # of a ticket as it is kept
    *("id", "summary", "status", "kind", "priority", "language", "unread", "rating", "created_at", "updated_at"),
    *("talked_at", "first_response_at", "first_response_due", "resolution_due", "snoozed_until", "resolved_at"),
    *("closed_at", "merged_into"),
)
Answer = str | int | float | bool | list[str] | None


class Sort(StrEnum):
    """The order of a list of requests."""

    NUMBER = "number"
    NEWEST = "-number"
    QUEUE = "queue"


class TicketPlace(Sent):
    """Which request."""

    ticket: Annotated[Number, Field(description="The number of the request.")]


class TicketsAsked(Paged):
    """Which requests."""

    q: Annotated[
        str,
        Field(
            max_length=500, description="As in `/queue`: `urgent free #vip older 2d`; `every`: those that are over too."
        ),
    ] = ""
    sort: Annotated[
        Sort,
        Field(
            description="By number, the newest first, or as the queue: the most urgent first (active requests alone)."
        ),
    ] = Sort.NUMBER


class PlanTold(Told):
    """When somebody is to see to a request."""

    starts_at: datetime
    ends_at: datetime
    place: Annotated[str, Field(description="Its requester has read it too.")]
    note: Annotated[str, Field(description="The team's own.")]


class TicketTold(Told):
    """A request."""

    id: int
    type: Annotated[str, Field(description="The name of its request type.")]
    summary: str
    answers: Annotated[dict[str, Answer], Field(description="Of its form; secret ones are dots.")]
    status: str
    kind: Annotated[StatusKind, Field(description="What its status means, whatever it is called in its workflow.")]
    priority: Priority
    requester: Who
    agent: Who | None
    company: Who | None
    group: str | None
    tags: list[str]
    language: str
    unread: Annotated[int, Field(description="Words of the requester that nobody has answered.")]
    rating: int | None
    created_at: datetime
    updated_at: datetime
    talked_at: datetime
    first_response_at: datetime | None
    first_response_due: datetime | None
    resolution_due: datetime | None
    snoozed_until: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    merged_into: Annotated[int | None, Field(description="The request that goes on for this one.")]
    problem: Annotated[int | None, Field(description="The problem that this is one case of.")]
    plan: Annotated[PlanTold | None, Field(description="What is planned and was not taken back; it may be over.")]


class TicketsTold(Told):
    """A page of requests."""

    items: list[TicketTold]
    next: Next


class FileTold(Told):
    """A file; its content stays with its messenger."""

    kind: str
    name: str
    size: int


class MessageTold(Told):
    """What was said on a request."""

    id: int
    kind: Annotated[
        MessageKind, Field(description="The requester's, a reply to them, or a note that only the team reads.")
    ]
    author: Who
    text: str
    files: list[FileTold]
    reply_to: int | None
    at: datetime
    edited_at: datetime | None


class MessagesTold(Told):
    """A page of messages, the oldest first."""

    items: list[MessageTold]
    next: Next


def tickets_told(turn: ProgramTurn, found: Sequence[Ticket]) -> list[TicketTold]:
    """Return requests as they are told, with all names in a few looks."""
    connection = turn.tx.connection
    people = {person for one in found for person in (one.requester_id, one.agent_id) if person is not None}
    names = dict(facts.person_names(connection, sorted(people)))
    of = sorted({one.company_id for one in found if one.company_id is not None})
    companies = dict(facts.company_names(connection, of)) if of else {}
    tags = facts.ticket_tags(connection, [one.id for one in found])
    plans = turn.tx.plans.all_standing([one.id for one in found])
    return [_told(turn, one, names, companies, tags.get(one.id, ()), plans.get(one.id)) for one in found]


def _told(
    turn: ProgramTurn,
    one: Ticket,
    names: Mapping[int, str],
    companies: Mapping[int, str],
    tags: Sequence[str],
    plan: Plan | None,
) -> TicketTold:
    def who(number: int | None, known: Mapping[int, str]) -> Who | None:
        return Who(id=number, name=known[number]) if number is not None and number in known else None

    return TicketTold(
        **{name: getattr(one, name) for name in SAME},
        type=turn.tx.requests.type_name(one.request_type_id),
        answers={name: _plain(value) for name, value in one.answers.items()},
        requester=Who(id=one.requester_id, name=names[one.requester_id]),
        agent=who(one.agent_id, names),
        company=who(one.company_id, companies),
        group=one.group_name,
        tags=sorted(tags),
        problem=one.problem_id,
        plan=_plan_told(plan) if plan is not None else None,
    )


def _plan_told(plan: Plan) -> PlanTold:
    return PlanTold(starts_at=plan.begins_at, ends_at=plan.ends_at, place=plan.place, note=plan.note)


def _plain(value: Any) -> Answer:
    """Return an answer of a form: of files their names."""
    if isinstance(value, list | tuple):
        return [
            str(each.get("name") or each.get("kind", "")) if isinstance(each, Mapping) else str(each) for each in value
        ]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def list_tickets(turn: ProgramTurn, call: Call) -> TicketsTold:
    """Return a page of the requests that a filter means."""
    asked: TicketsAsked = call.query
    wanted = queue_filter.parse_filter(turn, asked.q, me=turn.person.id)
    if wanted.ordered or wanted.columns:
        said = "An order and columns are for people; the order of this list is the parameter `sort`."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, said, reason="filter")
    pages = Pages(turn.tx.connection)
    if asked.sort is Sort.QUEUE:
        found, more = _in_queue(pages, wanted, asked)
    else:
        place = place_of(asked.cursor, str, int)
        if place is not None and place[0] != asked.sort:
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "This cursor is of a list in another order.")
        after = place[1] if place else None
        newest = asked.sort is Sort.NEWEST
        found = pages.by_number(wanted, after=after, newest_first=newest, limit=asked.limit + 1)
        more = cursor_of(asked.sort, found[asked.limit - 1].id) if len(found) > asked.limit else None
    return TicketsTold(items=tickets_told(turn, found[: asked.limit]), next=more)


def _in_queue(pages: Pages, wanted: Filter, asked: TicketsAsked) -> tuple[list[Ticket], str | None]:
    if not wanted.active:
        said = "Only active requests stand in the queue: leave `sort` out, or those that are over."
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, said, reason="filter")
    place = place_of(asked.cursor, int, int, int)
    after = (place[0], _moment(place[1]), place[2]) if place else None
    found = pages.in_queue(wanted, after=after, limit=asked.limit + 1)
    if len(found) <= asked.limit:
        return found, None
    last = found[asked.limit - 1]
    return found, cursor_of(last.urgency or 0, moment_ticks(last.created_at), last.id)


def _moment(ticks: int) -> datetime:
    return ticks_moment(ticks) if ticks < 2**57 else EPOCH


def get_ticket(turn: ProgramTurn, call: Call) -> TicketTold:
    """Return one request."""
    return tickets_told(turn, [turn.tx.tickets.get(call.place.ticket)])[0]


def list_messages(turn: ProgramTurn, call: Call) -> MessagesTold:
    """Return a page of what was said on a request."""
    asked: Paged = call.query
    ticket = turn.tx.tickets.get(call.place.ticket)
    place = place_of(asked.cursor, int)
    said = Pages(turn.tx.connection).said(ticket.id, after=place[0] if place else 0, limit=asked.limit + 1)
    more = cursor_of(said[asked.limit - 1][0].id) if len(said) > asked.limit else None
    return MessagesTold(items=[message_told(one, name) for one, name in said[: asked.limit]], next=more)


def message_told(one: TicketMessage, author: str) -> MessageTold:
    """Return a message as it is told."""
    files = [
        FileTold(kind=str(each.get("kind", "")), name=str(each.get("name", "")), size=int(each.get("size") or 0))
        for each in one.files
    ]
    return MessageTold(
        id=one.id,
        kind=one.kind,
        author=Who(id=one.person_id, name=author),
        text=str(one.words["text"]),
        files=files,
        reply_to=one.anchor_id,
        at=one.at,
        edited_at=one.edited_at,
    )


OPERATIONS = (
    Operation(
        "listTickets",
        "GET",
        "/tickets",
        Scope.TICKETS_READ,
        "List requests",
        TicketsTold,
        list_tickets,
        query=TicketsAsked,
        act="queue",
    ),
    Operation(
        "getTicket",
        "GET",
        "/tickets/{ticket}",
        Scope.TICKETS_READ,
        "Read a request",
        TicketTold,
        get_ticket,
        place=TicketPlace,
        act="card",
    ),
    Operation(
        "listMessages",
        "GET",
        "/tickets/{ticket}/messages",
        Scope.TICKETS_READ,
        "Read what was said on a request, notes of the team included",
        MessagesTold,
        list_messages,
        place=TicketPlace,
        query=Paged,
        act="card",
    ),
)
