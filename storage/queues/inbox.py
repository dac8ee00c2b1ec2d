"""The inbox's rows: what people did, kept from before it was acknowledged until after it was handled."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine.begun_turns import Begun
from storage.engine.compiled import Prepared
from storage.engine.database import notify_on_commit
from storage.models import inbox, lane
from storage.queues import lanes


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event on its way in; ``key`` is the messenger's own, unique within ``source``."""

    source: str
    key: str
    lane: str
    payload: str
    album: str = ""
    wait: timedelta = timedelta(0)  # how long its companions (an album's) are waited for


@dataclass(frozen=True, slots=True)
class QueuedEvent:
    """The head of a lane: one event, or the events of one album."""

    lane: str
    ids: tuple[int, ...]
    payloads: tuple[str, ...]
    tries: int
    received_at: datetime


_INSERT = Prepared(
    {
        "sqlite": sqlite.insert(inbox).on_conflict_do_nothing(index_elements=["source", "key"]),
        "postgresql": postgresql.insert(inbox).on_conflict_do_nothing(index_elements=["source", "key"]),
    }
)
_oldest = inbox.alias("oldest")
_first = (
    select(_oldest.c.id)
    .where(_oldest.c.lane == lane.c.name, _oldest.c.done_at.is_(None))
    .order_by(_oldest.c.id)
    .limit(1)
    .scalar_subquery()
)
_head = (
    select(
        lane.c.name, inbox.c.id, inbox.c.payload, inbox.c.album, inbox.c.tries, inbox.c.received_at, inbox.c.ready_at
    )
    .select_from(lane)
    .outerjoin(inbox, inbox.c.id == _first)
    .where(lane.c.side == lanes.IN)
    .order_by(lane.c.ready_at)
)
_HEADS = Prepared(_head.where(lane.c.ready_at <= bindparam("now")).limit(bindparam("most")))
# PostgreSQL: lock first, then look. One statement for both would look before it has the lock, and could find
# as waiting what the lock's last holder has just finished.
_HOLD = (
    select(lane.c.name)
    .where(lane.c.side == lanes.IN, lane.c.ready_at <= bindparam("now"))
    .order_by(lane.c.ready_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_HELD = _head.where(lane.c.name.in_(bindparam("names", expanding=True)))
_ALBUM = (
    select(inbox.c.id, inbox.c.payload)
    .where(inbox.c.lane == bindparam("of_lane"), inbox.c.album == bindparam("of_album"), inbox.c.done_at.is_(None))
    .order_by(inbox.c.id)
)
_DONE = Prepared(
    update(inbox).where(inbox.c.id == bindparam("of_id")).values(done_at=bindparam("at"), incident=bindparam("why"))
)
_TRIED = (
    update(inbox).where(inbox.c.id == bindparam("of_id")).values(tries=inbox.c.tries + 1, ready_at=bindparam("until"))
)
_BEHIND = Prepared(
    select(inbox.c.id, inbox.c.payload, inbox.c.album, inbox.c.tries, inbox.c.ready_at)
    .where(inbox.c.lane == bindparam("of_lane"), inbox.c.done_at.is_(None), inbox.c.id > bindparam("head"))
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
)
_more = inbox.alias("more")
_ONWARDS = Prepared(
    update(lane)
    .where(lane.c.side == lanes.IN, lane.c.name == bindparam("of_name"))
    .values(
        ready_at=select(_more.c.ready_at)
        .where(_more.c.lane == bindparam("of_name"), _more.c.done_at.is_(None))
        .order_by(_more.c.id)
        .limit(1)
        .scalar_subquery()
    )
)


def accept_arrivals(connection: Connection, arrivals: Sequence[Arrival], now: datetime) -> None:
    """Store what arrived; a redelivery changes nothing."""
    _INSERT.each(
        connection,
        [
            {
                "source": a.source,
                "key": a.key,
                "lane": a.lane,
                "album": a.album,
                "payload": a.payload,
                "received_at": now,
                "ready_at": now + a.wait,
            }
            for a in arrivals
        ],
    )
    lanes.mark_ready(connection, lanes.IN, {a.lane: (a.lane, a.source, now + a.wait) for a in arrivals}.values())
    notify_on_commit(connection, "inbox")


def empty_event_payload(connection: Connection, source: str, key: str) -> None:
    """Keep nothing of what an event says."""
    connection.execute(update(inbox).where(inbox.c.source == source, inbox.c.key == key).values(payload=""))


def lane_heads(connection: Connection, now: datetime, most: int) -> list[QueuedEvent]:
    """Return the heads of ready lanes, the longest waiting first, and hold the lanes until the transaction ends."""
    found: list[QueuedEvent] = []
    for name, number, payload, album, tries, received_at, ready_at in _held(connection, now, most):
        if number is None or ready_at > now:
            lanes.set_ready(connection, lanes.IN, name, ready_at)
        elif album:
            parts = connection.execute(_ALBUM, {"of_lane": name, "of_album": album}).all()
            ids, payloads = tuple(part.id for part in parts), tuple(part.payload for part in parts)
            found.append(QueuedEvent(name, ids, payloads, tries, received_at))
        else:
            found.append(QueuedEvent(name, (number,), (payload,), tries, received_at))
    return found


def _held(connection: Connection, now: datetime, most: int) -> Sequence[Any]:
    if connection.dialect.name != "postgresql":  # one writer: nobody else can finish anything meanwhile
        return _HEADS.all(connection, {"now": now, "most": most})
    names = connection.scalars(_HOLD, {"now": now, "most": most}).all()
    return connection.execute(_HELD, {"names": names}).all() if names else []


def following_events(connection: Connection, waiting: QueuedEvent, now: datetime, most: int) -> list[tuple[int, str]]:
    """Return what waits behind a head and could have its turn with it, id and payload, in order: never tried, no album."""
    rows = _BEHIND.all(connection, {"of_lane": waiting.lane, "head": waiting.ids[-1], "most": most})
    return [(row[0], row[1]) for row in takewhile(lambda row: not row[2] and not row[3] and row[4] <= now, rows)]


def finish_event(connection: Connection, waiting: QueuedEvent, now: datetime, incident: str | None = None) -> None:
    """Take the head off its lane: handled, or (with an incident id) put aside as a dead letter."""
    _DONE.each(connection, [{"of_id": i, "at": now, "why": incident} for i in waiting.ids])
    _ONWARDS.run(connection, {"of_name": waiting.lane})


def postpone_event(connection: Connection, waiting: QueuedEvent, until: datetime) -> None:
    """Count a failed try and let the lane wait."""
    connection.execute(_TRIED, [{"of_id": i, "until": until} for i in waiting.ids])
    lanes.set_ready(connection, lanes.IN, waiting.lane, until)


def dead_letters(connection: Connection) -> Sequence[Any]:
    """Return the dead letters, newest first: id, source, key, payload, tries, received_at, incident."""
    query = select(
        inbox.c.id, inbox.c.source, inbox.c.key, inbox.c.payload, inbox.c.tries, inbox.c.received_at, inbox.c.incident
    ).where(inbox.c.incident.is_not(None))
    return connection.execute(query.order_by(inbox.c.id.desc())).all()


def retry_dead_events(connection: Connection, ids: Iterable[int], now: datetime) -> int:
    """Put dead letters back into their lanes; return how many."""
    rows = connection.execute(
        select(inbox.c.id, inbox.c.lane, inbox.c.source).where(inbox.c.id.in_(list(ids)), inbox.c.incident.is_not(None))
    ).all()
    if rows:
        back = update(inbox).where(inbox.c.id.in_([row.id for row in rows]))
        connection.execute(back.values(done_at=None, incident=None, tries=0, ready_at=now))
        lanes.mark_ready(connection, lanes.IN, {row.lane: (row.lane, row.source, now) for row in rows}.values())
        notify_on_commit(connection, "inbox")
    return len(rows)


def drop_dead_events(connection: Connection, ids: Iterable[int]) -> int:
    """Forget dead letters for good; return how many."""
    gone = delete(inbox).where(inbox.c.id.in_(list(ids)), inbox.c.incident.is_not(None))
    return connection.execute(gone).rowcount


def waiting_keys(connection: Connection, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which of these (source, key) have not had their turn."""
    by_source: dict[str, list[str]] = {}
    for source, key in keys:
        by_source.setdefault(source, []).append(key)
    found: set[tuple[str, str]] = set()
    for source, mine in by_source.items():
        query = select(inbox.c.key).where(inbox.c.source == source, inbox.c.key.in_(mine), inbox.c.done_at.is_(None))
        found |= {(source, key) for key in connection.scalars(query)}
    return found


def inbox_backlog(connection: Connection) -> int:
    """Return how many events wait."""
    return connection.scalar(select(func.count()).select_from(inbox).where(inbox.c.done_at.is_(None))) or 0


def oldest_arrival(connection: Connection) -> datetime | None:
    """Return when the event came that waits longest."""
    found: datetime | None = connection.scalar(select(func.min(inbox.c.received_at)).where(inbox.c.done_at.is_(None)))
    return found


def dead_count(connection: Connection) -> int:
    """Return how many dead letters wait for an operator."""
    return connection.scalar(select(func.count()).select_from(inbox).where(inbox.c.incident.is_not(None))) or 0


def handled_event(connection: Connection, number: int) -> QueuedEvent | None:
    """Return an event that has had its turn, while what it said is kept; an incident was told by itself."""
    query = select(inbox.c.lane, inbox.c.payload, inbox.c.tries, inbox.c.received_at)
    row = connection.execute(
        query.where(inbox.c.id == number, inbox.c.done_at.is_not(None), inbox.c.incident.is_(None))
    ).first()
    return QueuedEvent(row.lane, (number,), (row.payload,), row.tries, row.received_at) if row and row.payload else None


def still_waiting(connection: Connection, found: Begun) -> QueuedEvent | None:
    """Return the events of a turn that was begun, where it has not ended in any way since; None where it has."""
    query = select(
        inbox.c.id, inbox.c.lane, inbox.c.payload, inbox.c.tries, inbox.c.received_at, inbox.c.done_at
    ).where(inbox.c.id.in_(found.ids))
    rows: list[Any] = [
        row
        for row in connection.execute(query.order_by(inbox.c.id)).all()
        if row.done_at is None and row.tries == found.tries
    ]
    if not rows:
        return None
    ids, payloads = tuple(row.id for row in rows), tuple(row.payload for row in rows)
    return QueuedEvent(rows[0].lane, ids, payloads, found.tries, rows[0].received_at)
