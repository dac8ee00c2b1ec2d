"""The outbox's rows: what was promised, kept until a messenger took it, and where it is shown since."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, select, update

from storage.engine.compiled import Prepared
from storage.engine.database import notify_on_commit
from storage.models import Sending, lane, outgoing, post
from storage.queues import lanes
from storage.queues.posts import Post
from storage.types import Columns

FOLDED = 20  # waiting rows looked at for folding into one post


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One promised message, in the columns' order."""

    id: int
    lane: str
    rank: int
    operation: str
    payload: str
    fold: str
    edits: int | None
    anchor_message: int | None
    anchor_outgoing: int | None
    message_id: int | None
    ticket_id: int | None
    receipt: bool
    state: Sending
    ready_at: datetime
    tries: int
    uncertain: bool
    error: str | None
    created_at: datetime
    done_at: datetime | None
    tried_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What became of one leased row."""

    row: Outgoing
    state: Sending
    posts: Sequence[Post] = ()
    error: str | None = None
    retry_at: datetime | None = None  # with QUEUED: when to try again
    doubt: bool = False  # it may have arrived although nobody said so
    answered: bool = False  # with QUEUED: the messenger spoke, though it did not take it


@dataclass(frozen=True, slots=True)
class Rate:
    """A sending rate: at most ``count`` messages in any ``period``."""

    count: int
    period: timedelta


_INSERT = Prepared(insert(outgoing))
_REPLACE = Prepared(
    update(outgoing)
    .where(
        outgoing.c.state == Sending.QUEUED,
        outgoing.c.done_at.is_(None),
        ((outgoing.c.edits == bindparam("of_edits")) & (outgoing.c.operation == "edit"))
        | (outgoing.c.id == bindparam("of_edits")),
    )
    .values(payload=bindparam("new_payload"))
)
_oldest = outgoing.alias("oldest")
_waiting = (
    select(_oldest.c.id)
    .where(_oldest.c.lane == lane.c.name, _oldest.c.done_at.is_(None))
    .order_by(_oldest.c.rank, _oldest.c.id)
    .limit(1)
)
_ready = (
    lane.c.side == lanes.OUT,
    lane.c.source.in_(bindparam("sources", expanding=True)),
    lane.c.ready_at <= bindparam("now"),
    (lane.c.leased_until.is_(None)) | (lane.c.leased_until <= bindparam("leases_at")),
)
_head = (
    select(lane.c.name, _waiting.offset(1).scalar_subquery(), outgoing)
    .select_from(lane)
    .outerjoin(outgoing, outgoing.c.id == _waiting.scalar_subquery())
    .order_by(lane.c.ready_at)
)
_HEADS = _head.where(*_ready).limit(bindparam("most"))
# PostgreSQL: lock first, then look, as the inbox does. One statement for both could see, of an address that another
# process has just let go of, the head that was sent already.
_TAKE = (
    select(lane.c.name)
    .where(*_ready)
    .order_by(lane.c.ready_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_TAKEN = _head.where(lane.c.side == lanes.OUT, lane.c.name.in_(bindparam("names", expanding=True)))
_AT = (
    select(lane.c.name)
    .where(
        lane.c.side == lanes.OUT,
        lane.c.name == select(outgoing.c.lane).where(outgoing.c.id == bindparam("of_id")).scalar_subquery(),
    )
    .with_for_update()
)
_WAITING = (
    select(outgoing)
    .where(outgoing.c.lane == bindparam("of_lane"), outgoing.c.done_at.is_(None))
    .order_by(outgoing.c.rank, outgoing.c.id)
    .limit(FOLDED)
)
_LEASE = Prepared(
    update(lane)
    .where(lane.c.side == lanes.OUT, lane.c.name == bindparam("of_name"))
    .values(leased_until=bindparam("until"))
)
_SETTLE = (
    Prepared(  # by whoever begun the latest try: whose lease has ended meanwhile has no say in what another does now
        update(outgoing)
        .where(outgoing.c.id == bindparam("of_id"), outgoing.c.tries == bindparam("of_tries"))
        .values(
            state=bindparam("to_state"),
            error=bindparam("why"),
            done_at=bindparam("at"),
            ready_at=bindparam("again"),
            uncertain=bindparam("doubt"),
            tried_at=bindparam("unanswered"),
        )
    )
)
_next, _sending = outgoing.alias("next"), outgoing.alias("sending")
_ONWARDS = Prepared(
    update(lane)
    .where(
        lane.c.side == lanes.OUT,
        lane.c.name == bindparam("of_name"),
        ~exists().where(  # still sent by somebody else
            _sending.c.lane == bindparam("of_name"),
            _sending.c.done_at.is_(None),
            _sending.c.state == Sending.SENDING,
        ),
    )
    .values(
        leased_until=None,
        ready_at=select(_next.c.ready_at)
        .where(_next.c.lane == bindparam("of_name"), _next.c.done_at.is_(None))
        .order_by(_next.c.rank, _next.c.id)
        .limit(1)
        .scalar_subquery(),
    )
)
_HOLD = (
    select(lane.c.name)
    .where(lane.c.side == lanes.OUT, lane.c.name.in_(bindparam("of_names", expanding=True)))
    .order_by(lane.c.name)
    .with_for_update()
)
_POST = Prepared(insert(post))


def enqueue(connection: Connection, source: str, row: Columns, now: datetime) -> int:
    """Write down a message to send (``row``: columns of ``outgoing``); return our own id for it."""
    values = {"ready_at": now, **row, "state": Sending.QUEUED, "created_at": now}
    made = _INSERT.insert(connection, values)
    name, ready_at = str(row["lane"]), values["ready_at"]
    assert isinstance(ready_at, datetime)
    lanes.mark_ready(connection, lanes.OUT, [(name, source, ready_at)])
    notify_on_commit(connection, "outbox")
    return made


def enqueue_for_nobody(connection: Connection, row: Columns, now: datetime) -> int:
    """Write down that something would have been said where nobody reads (``row`` as above), without a word of it."""
    nothing = {"payload": "", "ready_at": now, "state": Sending.DROPPED, "created_at": now, "done_at": now}
    return _INSERT.insert(connection, {**row, **nothing})


def move_waiting(connection: Connection, source: str, was: str, to: str, now: datetime) -> None:
    """Let what waits at an address go to another: a chat has another id."""
    its = (outgoing.c.lane == was, outgoing.c.done_at.is_(None))
    if connection.execute(update(outgoing).where(*its).values(lane=to, ready_at=now)).rowcount:
        lanes.set_ready(connection, lanes.OUT, was, None)
        lanes.mark_ready(connection, lanes.OUT, [(to, source, now)])


def replace_waiting(connection: Connection, edits: int, payload: str) -> bool:
    """Let a newer look take the place of one that still waits to be sent or edited; return whether there was one."""
    if connection.dialect.name == "postgresql":  # either before a sender looks at it, or after
        connection.execute(_AT, {"of_id": edits})
    return _REPLACE.run(connection, {"of_edits": edits, "new_payload": payload}) > 0


def newest_promise(connection: Connection) -> int:
    """Return our id for what was promised last; 0 where nothing ever was."""
    return connection.scalar(select(func.max(outgoing.c.id))) or 0


def promised_since(
    connection: Connection, after: int, at: datetime, *, addresses: Collection[str], tickets: Collection[int]
) -> list[tuple[str, int]]:
    """Return what was promised about tickets at some addresses, behind our id for another and just then: lane and id."""
    its = (outgoing.c.id > after, outgoing.c.created_at == at, outgoing.c.edits.is_(None))
    query = select(outgoing.c.lane, outgoing.c.id).where(*its)
    query = query.where(outgoing.c.lane.in_(addresses), outgoing.c.ticket_id.in_(tickets)).order_by(outgoing.c.id)
    return [(row.lane, row.id) for row in connection.execute(query).all()]


def payload_of(connection: Connection, outgoing_id: int) -> str:
    """Return what was promised; nothing where that is kept no more."""
    return connection.scalar(select(outgoing.c.payload).where(outgoing.c.id == outgoing_id)) or ""


def lease_addresses(
    connection: Connection,
    sources: Sequence[str],
    now: datetime,
    until: datetime,
    most: int,
    *,
    leases_at: datetime | None = None,
) -> list[list[Outgoing]]:
    """Lease ready addresses; return the due head of each, with what waits behind it where that may become one post.

    ``until`` and ``leases_at`` (left out: ``now``) are by the clock that leases are counted on.
    """
    found: list[list[Outgoing]] = []
    limits = {"sources": sources, "now": now, "leases_at": leases_at or now, "most": most}
    for name, second, *columns in _heads(connection, limits):
        head = Outgoing(*columns) if columns[0] is not None else None
        if head is None or head.ready_at > now:
            lanes.set_ready(connection, lanes.OUT, name, head.ready_at if head else None)
        elif head.fold and second is not None:
            found.append([Outgoing(*row) for row in connection.execute(_WAITING, {"of_lane": name}).all()])
        else:
            found.append([head])
    if found:
        _LEASE.each(connection, [{"of_name": rows[0].lane, "until": until} for rows in found])
    return found


def lease_longer(connection: Connection, leases: Mapping[str, datetime]) -> None:
    """Lease addresses, by name, for longer than the others: what goes there takes its time."""
    _LEASE.each(connection, [{"of_name": name, "until": until} for name, until in leases.items()])


def _heads(connection: Connection, limits: Mapping[str, object]) -> Sequence[Any]:
    """Return the head of each ready address; ``limits`` are {"sources", "now", "leases_at", "most"}."""
    if connection.dialect.name != "postgresql":
        return connection.execute(_HEADS, limits).all()
    names = connection.scalars(_TAKE, limits).all()
    return connection.execute(_TAKEN, {"names": names}).all() if names else ()


def settle_rows(connection: Connection, settled: Sequence[DeliveryResult], now: datetime) -> None:
    """Write down what became of leased rows and where they are shown, and let go of their addresses."""
    posts = [
        {
            "place": p.place,
            "native": p.native,
            "part": p.part,
            "outgoing_id": p.outgoing_id,
            "message_id": p.message_id,
            "ticket_id": p.ticket_id,
            "at": now,
        }
        for s in settled
        for p in s.posts
    ]
    if not settled:
        return
    _POST.each(connection, posts)
    _SETTLE.each(
        connection,
        [
            {
                "of_id": s.row.id,
                "of_tries": s.row.tries,
                "to_state": s.state,
                "why": s.error,
                "at": None if s.state is Sending.QUEUED else now,
                "again": s.retry_at or s.row.ready_at,
                "doubt": s.doubt or s.row.uncertain,
                "unanswered": None if s.answered else s.row.tried_at,
            }
            for s in settled
        ],
    )
    names = sorted({s.row.lane for s in settled})
    if connection.dialect.name == "postgresql":
        # First the lanes, then a look at what waits in them: whoever promises something meanwhile comes before or after both.
        connection.execute(_HOLD, {"of_names": names})
    _ONWARDS.each(connection, [{"of_name": name} for name in names])


def outbox_backlog(connection: Connection) -> int:
    """Return how many messages wait to be sent."""
    return connection.scalar(select(func.count()).select_from(outgoing).where(outgoing.c.done_at.is_(None))) or 0


def oldest_promise(connection: Connection, *, held: bool = False) -> datetime | None:
    """Return when that was promised which waits longest; ``held``: of what was tried, and was not taken."""
    waiting = select(func.min(outgoing.c.created_at)).where(outgoing.c.done_at.is_(None))
    found: datetime | None = connection.scalar(waiting.where(outgoing.c.tries > 0) if held else waiting)
    return found


def withhold_waiting(connection: Connection, name: str, number: int, now: datetime) -> None:
    """Send no more what waits at an address and is about a ticket."""
    waiting = (outgoing.c.lane == name, outgoing.c.ticket_id == number, outgoing.c.done_at.is_(None))
    give_up(connection, connection.scalars(select(outgoing.c.id).where(*waiting)).all(), now)


def give_up(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Send no more what still waits, and keep nothing of what it said."""
    waiting = (outgoing.c.id.in_(ids), outgoing.c.done_at.is_(None), outgoing.c.state == Sending.QUEUED)
    names = connection.scalars(select(outgoing.c.lane).where(*waiting).distinct()).all()
    dropped = update(outgoing).where(*waiting).values(state=Sending.DROPPED, done_at=now, payload="")
    connection.execute(dropped)
    _ONWARDS.each(connection, [{"of_name": name} for name in sorted(names)])
