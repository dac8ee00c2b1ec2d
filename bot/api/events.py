"""The feed: what happened to requests, in an order that never changes; whoever reads on after a cursor misses nothing."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from bot.api.calls import Call
from bot.api.operations import Operation, Sent, Told
from bot.api.scopes import Scope
from bot.api.shapes import Cursor, Limit, Who, cursor_of, place_of
from bot.deferred.workshop import Workshop
from storage.desk.request_types import Requests
from storage.engine.database import Connection, Database
from storage.lifecycle import Action
from storage.tickets.feed import Feed, FeedEvent

# Facts that are nobody's words.
OF_TICKET = ("priority", "group", "group_name", "due", "rating", "score", "problem", "target")
OF_CHANGE = ("to", "was", "now", "state", "undo", "minutes", "count")
PLAIN = frozenset((*OF_TICKET, *OF_CHANGE))
Fact = str | int | float | bool | None


class Start(StrEnum):
    """Where a reader without a cursor begins."""

    OLDEST = "oldest"
    NOW = "now"


class EventsAsked(Sent):
    """From where on."""

    cursor: Cursor = ""
    limit: Limit = 50
    start: Annotated[Start, Field(description="Without a cursor: with the oldest event, or with the next one.")] = (
        Start.OLDEST
    )


class EventTold(Told):
    """One thing that happened to a request."""

    id: Annotated[int, Field(description="Its place in the feed; each is greater than those before it.")]
    ticket: int
    action: Action
    was: Annotated[str, Field(description="The status before.")]
    now: Annotated[str, Field(description="The status after.")]
    by: Annotated[Who | None, Field(description="Who did it; null: the desk itself.")]
    facts: Annotated[
        dict[str, Fact], Field(description="What it was, in figures and names of the rules; nobody's words.")
    ]
    at: datetime


class EventsTold(Told):
    """A page of events."""

    items: list[EventTold]
    next: Annotated[str, Field(description="The cursor to go on with, whether or not there is anything more now.")]
    more: Annotated[bool, Field(description="Whether there is more already.")]


async def list_events(database: Database, workshop: Workshop, call: Call) -> EventsTold:
    """Return what happened after a cursor; what has no place in the feed yet is given one first."""
    asked: EventsAsked = call.query
    place = place_of(asked.cursor, int)
    if place is None and asked.start is Start.NOW:
        while await database.read(has_grown):
            await database.run(give_places)
        last = await database.read(lambda connection: Feed(connection).last())
        return EventsTold(items=[], next=cursor_of(last), more=False)
    after, limit = place[0] if place else 0, asked.limit

    def look(connection: Connection) -> tuple[list[EventTold], bool]:
        feed, type_name = Feed(connection), Requests(connection).type_name
        return [event_told(one, type_name) for one in feed.after(after, limit + 1)], feed.grown()

    found, more = await database.read(look)
    while len(found) <= limit and more:
        await database.run(give_places)
        found, more = await database.read(look)
    items = found[:limit]
    return EventsTold(items=items, next=cursor_of(items[-1].id if items else after), more=len(found) > limit)


def has_grown(connection: Connection) -> bool:
    """Return whether something has happened that has no place yet."""
    return Feed(connection).grown()


def give_places(connection: Connection) -> int:
    """Give some of what has happened its place."""
    return Feed(connection).give_places()


def event_told(one: FeedEvent, type_name: Callable[[int], str]) -> EventTold:
    """Return an event as it is told."""
    known = readable_facts(one, type_name)
    facts = {name: value for name, value in known.items() if name in PLAIN and isinstance(value, Fact)}
    by = Who(id=one.person_id, name=one.name or "") if one.person_id is not None else None
    return EventTold(
        id=one.position,
        ticket=one.ticket_id,
        action=one.action,
        was=one.was,
        now=one.now,
        by=by,
        facts=facts,
        at=one.at,
    )


def readable_facts(one: FeedEvent, type_name: Callable[[int], str]) -> Mapping[str, Any]:
    """Return what an event says, with the rules' names and a request's number where the history has ids of its own."""
    if one.action is Action.RETYPE:
        return {**one.facts, **{name: type_name(one.facts[name]) for name in ("was", "now") if name in one.facts}}
    if one.action is Action.LINK:
        problem = one.facts.get("problem_id", "None")
        return {"problem": int(problem) if problem != "None" else None}
    return one.facts


OPERATIONS = (
    Operation(
        "listEvents",
        "GET",
        "/events",
        Scope.EVENTS_READ,
        "Read on in what happened to requests",
        EventsTold,
        makes=list_events,
        query=EventsAsked,
    ),
)
