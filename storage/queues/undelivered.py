"""Messages that could not be sent for good: they wait for an operator's or an agent's word, to be sent again or given up."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage.engine.database import notify_on_commit
from storage.models import Sending, outgoing
from storage.queues import lanes, standstill


def all_undelivered(connection: Connection) -> Sequence[Any]:
    """Return what could not be sent for good, newest first: id, lane, operation, tries, created_at, error, payload."""
    told = (outgoing.c.id, outgoing.c.lane, outgoing.c.operation, outgoing.c.tries, outgoing.c.created_at)
    query = select(*told, outgoing.c.error, outgoing.c.payload).where(outgoing.c.state == Sending.FAILED)
    return connection.execute(query.order_by(outgoing.c.id.desc())).all()


def count_undelivered(connection: Connection) -> int:
    """Return how many messages could not be sent for good."""
    return connection.scalar(select(func.count()).select_from(outgoing).where(outgoing.c.state == Sending.FAILED)) or 0


def retry_undelivered(connection: Connection, ids: Iterable[int], now: datetime) -> int:
    """Queue failed messages again, and try now what a place has refused; return how many."""
    wanted = list(ids)
    again = standstill.retry_refused(connection, wanted, now)
    failed = (outgoing.c.id.in_(wanted), outgoing.c.state == Sending.FAILED)
    rows = connection.execute(select(outgoing.c.id, outgoing.c.lane).where(*failed)).all()
    if rows:
        back = update(outgoing).where(outgoing.c.id.in_([row.id for row in rows]))
        # A messenger that does not answer has its full time again.
        connection.execute(back.values(state=Sending.QUEUED, done_at=None, error=None, ready_at=now, tried_at=None))
        lanes.mark_ready(
            connection, lanes.OUT, {row.lane: (row.lane, source_of(row.lane), now) for row in rows}.values()
        )
        notify_on_commit(connection, "outbox")
    return len(rows) + again


def source_of(lane: str) -> str:
    """Return whose address a lane is: it begins with the messenger, and the bot or workspace there."""
    messenger, account, _ = lane.split(":", 2)
    return f"{messenger}:{account}"


def drop_undelivered(connection: Connection, ids: Iterable[int], now: datetime) -> int:
    """Give up failed messages for good, and those that a place has refused; return how many."""
    wanted = list(ids)
    gone = update(outgoing).where(outgoing.c.id.in_(wanted), outgoing.c.state == Sending.FAILED)
    return connection.execute(gone.values(state=Sending.DROPPED)).rowcount + standstill.drop_refused(
        connection, wanted, now
    )
