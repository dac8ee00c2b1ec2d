"""Lanes: what is served one at a time, in order. A conversation of the inbox is one, an address of the outbox is one.

A lane's row says when its head may be served next. On PostgreSQL a turn holds the row's lock for its one transaction,
and a sender leases it for as long as the network may take; on SQLite the one writer needs neither, and the same statements serve.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ColumnElement

from storage.engine.compiled import Prepared
from storage.engine.memo import memo_of
from storage.models import inbox, lane, outgoing
from storage.types import Moment

IN = "in"
OUT = "out"
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # when what nobody can be given yet is ready
LONGEST = timedelta(
    hours=1
)  # that anything waits in a lane or is leased, by our own word: what is later, a wrong clock wrote
HELD = timedelta(milliseconds=200)  # before looking again at a lane that another worker holds


def _upsert(dialect: str) -> Any:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(lane)
    earlier: ColumnElement[datetime] = case(
        (lane.c.ready_at.is_(None), insert.excluded.ready_at),
        (lane.c.ready_at <= insert.excluded.ready_at, lane.c.ready_at),
        else_=insert.excluded.ready_at,
    )
    return insert.on_conflict_do_update(index_elements=["side", "name"], set_={"ready_at": earlier})


_UPSERT = Prepared({name: _upsert(name) for name in ("sqlite", "postgresql")})
_SET = Prepared(
    update(lane)
    .where(lane.c.side == bindparam("of_side"), lane.c.name == bindparam("of_name"))
    .values(ready_at=bindparam("to_ready"), leased_until=None)
)
_SHARED_NOW = select(func.clock_timestamp(type_=Moment()))
_free = case((lane.c.leased_until > lane.c.ready_at, lane.c.leased_until), else_=lane.c.ready_at)
_next = select(func.min(_free)).where(lane.c.side == bindparam("of_side"), lane.c.ready_at.is_not(None))
_NEXT = Prepared(_next)
_NEXT_OF = Prepared(_next.where(lane.c.source.in_(bindparam("of_sources", expanding=True))))


def mark_ready(connection: Connection, side: str, names: Iterable[tuple[str, str, datetime]]) -> None:
    """Make lanes ready at a time, or earlier if they are: ``(name, source, when)`` each, in name order against deadlocks.

    A turn that promises several messages to one address says so once.
    """
    memo = memo_of(connection)
    known = dict(memo.written.get(lane.name, {})) if memo is not None else {}
    rows = [
        {"side": side, "name": name, "source": source, "ready_at": when}
        for name, source, when in sorted(names)
        if (side, name) not in known or when < known[side, name]
    ]
    if not rows:
        return
    _UPSERT.each(connection, rows)
    if memo is not None:
        memo.written[lane.name] = known | {(side, row["name"]): row["ready_at"] for row in rows}


def set_ready(connection: Connection, side: str, name: str, when: datetime | None) -> None:
    """Say when the head of a lane may be served (None: nothing waits), and let go of it."""
    _SET.run(connection, {"of_side": side, "of_name": name, "to_ready": when})


def let_go(connection: Connection) -> None:
    """End every lease: whoever held one is known to be dead."""
    connection.execute(update(lane).where(lane.c.leased_until.is_not(None)).values(leased_until=None))


def shared_now(connection: Connection) -> datetime | None:
    """Return the time by the clock of a database that several processes share; None where it has none of its own."""
    if connection.dialect.name != "postgresql":
        return None
    now: datetime | None = connection.scalar(_SHARED_NOW)
    return now


def mend_far_lanes(connection: Connection, now: datetime, *, leases_at: datetime) -> int:
    """Serve now what waits for a moment that nobody ever names: a clock was ahead. Return how many lanes."""
    mended = 0
    for side, rows in ((IN, inbox), (OUT, outgoing)):
        # Those behind the head of a lane too: it is ready when they are, once the head is done.
        late = (rows.c.done_at.is_(None), rows.c.ready_at > now + LONGEST, rows.c.ready_at < NEVER)
        connection.execute(update(rows).where(*late).values(ready_at=now))
        ours = (lane.c.side == side, lane.c.ready_at.is_not(None), lane.c.ready_at < NEVER)
        names = connection.scalars(select(lane.c.name).where(*ours, lane.c.ready_at > now + LONGEST)).all()
        if names:
            connection.execute(update(lane).where(*ours, lane.c.name.in_(names)).values(ready_at=now))
        held = connection.scalars(select(lane.c.name).where(*ours, lane.c.leased_until > leases_at + LONGEST)).all()
        if held:
            connection.execute(update(lane).where(*ours, lane.c.name.in_(held)).values(leased_until=None))
        mended += len({*names, *held})
    return mended


def next_free(
    connection: Connection, side: str, now: datetime, sources: Iterable[str] | None = None
) -> datetime | None:
    """Return when to look again after all free lanes were taken; what is ready all the same is held by somebody else."""
    due = next_ready(connection, side, sources)
    return now + HELD if due is not None and due <= now else due


def next_ready(connection: Connection, side: str, sources: Iterable[str] | None = None) -> datetime | None:
    """Return when the next lane becomes ready, None when nothing waits."""
    due: datetime | None
    if sources is None:
        due = _NEXT.scalar(connection, {"of_side": side})
    else:
        due = _NEXT_OF.scalar(connection, {"of_side": side, "of_sources": list(sources)})
    return due
