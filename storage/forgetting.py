"""What is kept how long. Each term looks at its rows once, the oldest first, and a transaction at no more than ``CHUNK`` of them.

A term's rows are found by a key that an index holds in the order of time; how far it has looked is its mark, which whoever calls
keeps.
What a card, a draft, a post or a receipt names stays, emptied, while it is named.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Text, cast, delete, exists, func, or_, select, update
from sqlalchemy.sql import ColumnElement

from storage import lanes
from storage.guests import NEVER
from storage.lifecycle import ACTIVE
from storage.models import (
    Sending,
    alias,
    audit,
    ban,
    bucket,
    draft,
    inbox,
    lane,
    message,
    old_words,
    outgoing,
    person_state,
    post,
    rules_revision,
    ticket,
    timer,
    verdict,
)
from storage.outbox import give_up
from storage.references import named
from storage.types import EPOCH

CHUNK = 500  # rows of one transaction
HOURS_48, DAY, DAYS_30, DAYS_90 = timedelta(hours=48), timedelta(days=1), timedelta(days=30), timedelta(days=90)
YEAR, POSTS = timedelta(days=365), timedelta(days=396)  # a post is kept for 13 months
REVISIONS = 50  # of the rules, that are kept however old they are
NO_WORDS: Mapping[str, Any] = {"text": "", "spans": []}

Mark = tuple[Any, ...]
Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Term:
    """How long rows are kept, and what becomes of them then."""

    name: str
    kept: timedelta
    key: tuple[Column[Any], ...]  # looked at in this order, which an index has; the last one is unique
    time: Column[Any] | None  # since when they are kept; None: ``end`` sees for itself
    end: Callable[[Connection, Rows, datetime], None]  # of rows whose time has come
    where: ColumnElement[bool] | None = None
    whole: bool = False  # not in the order of time: all of them are looked at, and then from the beginning again

    def next(self, connection: Connection, now: datetime, mark: Mark | None, most: int) -> Rows:
        """Return the next rows: the key, and when their time began."""
        first, last = self.key[0], self.key[-1]
        query = select(*self.key, (self.time if self.time is not None else first).label("begun"))
        query = query.order_by(*self.key).limit(most)
        if mark is not None:
            query = query.where(last > mark[0] if first is last else (first >= mark[0]) & _beyond(self.key, mark))
        if first is self.time:
            query = query.where(first < now - self.kept)
        if self.where is not None:
            query = query.where(self.where)
        return connection.execute(query).all()

    def due(self, rows: Rows, now: datetime) -> Rows:
        """Return those whose time has come."""
        return [row for row in rows if self.time is None or row.begun < now - self.kept]


def _beyond(key: tuple[Column[Any], ...], mark: Mark) -> ColumnElement[bool]:
    further: ColumnElement[bool] = key[0] > mark[0]
    return or_(further, (key[0] == mark[0]) & _beyond(key[1:], mark[1:])) if key[1:] else further


def forget(connection: Connection, now: datetime, marks: Mapping[str, Mark]) -> tuple[dict[str, Mark], bool]:
    """End what has had its time, as much as one transaction may; return the marks as they are then, and whether there is more."""
    room, after = CHUNK, dict(marks)
    for term in TERMS:
        found = term.next(connection, now, marks.get(term.name), room)
        due = term.due(found, now)
        if due:
            term.end(connection, due, now)
        seen = found if term.whole else due
        if seen:
            after[term.name] = tuple(seen[-1][: len(term.key)])
        elif term.whole:
            after.pop(term.name, None)
        room -= len(seen)
        if room <= 0:
            return after, True
    return after, False


def _ids(rows: Rows) -> list[Any]:
    """Return the ids of rows: the last part of their key."""
    return [row[-2] for row in rows]


def _delete(key: Column[Any]) -> Callable[[Connection, Rows, datetime], None]:
    def end(connection: Connection, rows: Rows, _: datetime) -> None:
        connection.execute(delete(key.table).where(key.in_(_ids(rows))))

    return end


def _empty(key: Column[Any], **values: Any) -> Callable[[Connection, Rows, datetime], None]:
    def end(connection: Connection, rows: Rows, _: datetime) -> None:
        connection.execute(update(key.table).where(key.in_(_ids(rows))).values(values))

    return end


def _over(connection: Connection, rows: Rows, _: datetime) -> None:
    """Delete promises that nothing names any more, and empty the others; what failed has been told of for long enough."""
    ids = _ids(rows)
    kept = named(connection, ids)
    connection.execute(delete(outgoing).where(outgoing.c.id.in_(set(ids) - kept)))
    failed = (outgoing.c.id.in_(kept), outgoing.c.state == Sending.FAILED)
    connection.execute(update(outgoing).where(*failed).values(state=Sending.DROPPED))
    connection.execute(update(outgoing).where(outgoing.c.id.in_(kept)).values(payload="", error=None))


def _unshown(connection: Connection, rows: Rows, now: datetime) -> None:
    """Forget where messages were shown, unless their ticket goes on; their promises too, where nothing else names them."""
    its = func.coalesce(
        post.c.ticket_id, select(message.c.ticket_id).where(message.c.id == post.c.message_id).scalar_subquery()
    )
    going_on = exists().where(ticket.c.id == its, ticket.c.kind.in_(ACTIVE))
    gone = select(post.c.id, post.c.outgoing_id).where(post.c.id.in_(_ids(rows)), ~going_on)
    found = connection.execute(gone).all()
    connection.execute(delete(post).where(post.c.id.in_([row.id for row in found])))
    promises = {row.outgoing_id for row in found if row.outgoing_id is not None}
    promises -= named(connection, promises) if promises else set()
    old = (outgoing.c.id.in_(promises), outgoing.c.done_at < now - DAYS_30)
    connection.execute(delete(outgoing).where(*old))


def _taken_back(connection: Connection, rows: Rows, _: datetime) -> None:
    """Empty what was taken back, and what it said before."""
    ids = _ids(rows)
    connection.execute(delete(old_words).where(old_words.c.message_id.in_(ids)))
    words = (message.c.id.in_(ids), cast(message.c.words, Text) != json.dumps(NO_WORDS))
    connection.execute(update(message).where(*words).values(words=dict(NO_WORDS), files=[]))


def _guests(connection: Connection, rows: Rows, now: datetime) -> None:
    give_up(connection, _ids(rows), now)


def _revisions(connection: Connection, rows: Rows, _: datetime) -> None:
    newest = select(rules_revision.c.id).order_by(rules_revision.c.id.desc()).limit(REVISIONS)
    kept = set(connection.scalars(newest).all())
    connection.execute(delete(rules_revision).where(rules_revision.c.id.in_(set(_ids(rows)) - kept)))


def _states(connection: Connection, rows: Rows, _: datetime) -> None:
    connection.execute(delete(person_state).where(person_state.c.until <= rows[-1].until))


def _idle_lanes(connection: Connection, rows: Rows, _: datetime) -> None:
    """Forget addresses at which nothing waits; the next message makes them again."""
    for side in (lanes.IN, lanes.OUT):
        names = [row.name for row in rows if row.side == side]
        idle = (lane.c.side == side, lane.c.name.in_(names), lane.c.ready_at.is_(None), lane.c.leased_until.is_(None))
        held = connection.scalars(
            select(lane.c.name).where(*idle).order_by(lane.c.name).with_for_update(skip_locked=True)
        ).all()
        connection.execute(delete(lane).where(lane.c.side == side, lane.c.name.in_(held)))


def _idle_buckets(connection: Connection, rows: Rows, now: datetime) -> None:
    """Forget rates of which nothing was spent for a day: what was sent longer ago counts for none."""
    names = [row.name for row in rows]
    query = select(bucket.c.name, bucket.c.sent, bucket.c.held_until).where(bucket.c.name.in_(names))
    last = (now - DAY - EPOCH) // timedelta(microseconds=1)
    idle = [
        row.name
        for row in connection.execute(query.order_by(bucket.c.name).with_for_update(skip_locked=True)).all()
        if max(json.loads(row.sent), default=0) < last and (row.held_until is None or row.held_until < now)
    ]
    connection.execute(delete(bucket).where(bucket.c.name.in_(idle)))


_handled = inbox.c.incident.is_(None)
_waits_for_a_guest = outgoing.c.done_at.is_(None) & (outgoing.c.ready_at >= NEVER)
_answered = or_(verdict.c.question != "", cast(verdict.c.said, Text) != "{}")
TERMS: Sequence[Term] = (
    Term("events", HOURS_48, (inbox.c.done_at, inbox.c.id), inbox.c.done_at, _empty(inbox.c.id, payload=""), _handled),
    Term("old events", DAYS_30, (inbox.c.done_at, inbox.c.id), inbox.c.done_at, _delete(inbox.c.id)),
    Term(
        "sent",
        HOURS_48,
        (outgoing.c.done_at, outgoing.c.id),
        outgoing.c.done_at,
        _empty(outgoing.c.id, payload=""),
        outgoing.c.state != Sending.FAILED,
    ),
    Term("old promises", DAYS_30, (outgoing.c.done_at, outgoing.c.id), outgoing.c.done_at, _over),
    Term(
        "guests",
        DAYS_30,
        (outgoing.c.lane, outgoing.c.rank, outgoing.c.id),
        outgoing.c.created_at,
        _guests,
        _waits_for_a_guest,
        whole=True,
    ),
    Term("posts", POSTS, (post.c.id,), post.c.at, _unshown),
    Term("taken back", HOURS_48, (message.c.deleted_at, message.c.id), message.c.deleted_at, _taken_back),
    Term("old words", DAYS_30, (old_words.c.until, old_words.c.id), old_words.c.until, _delete(old_words.c.id)),
    Term("timers", DAYS_30, (timer.c.fired_at, timer.c.id), timer.c.fired_at, _delete(timer.c.id)),
    Term("drafts", DAYS_30, (draft.c.updated_at, draft.c.id), draft.c.updated_at, _delete(draft.c.id)),
    Term(
        "questions",
        DAYS_90,
        (verdict.c.at, verdict.c.id),
        verdict.c.at,
        _empty(verdict.c.id, question="", said={}),
        _answered,
    ),
    Term("refused", DAYS_90, (alias.c.at, alias.c.id), alias.c.at, _delete(alias.c.id), alias.c.state == "refused"),
    Term("audit", YEAR, (audit.c.at, audit.c.id), audit.c.at, _delete(audit.c.id)),
    Term("rules", YEAR, (rules_revision.c.id,), rules_revision.c.at, _revisions),
    Term("bans", DAYS_30, (ban.c.until, ban.c.person_id), ban.c.until, _delete(ban.c.person_id)),
    Term("states", timedelta(0), (person_state.c.until,), person_state.c.until, _states),
    Term("lanes", DAY, (lane.c.side, lane.c.name), None, _idle_lanes, whole=True),
    Term("rates", DAY, (bucket.c.name,), None, _idle_buckets, whole=True),
)
