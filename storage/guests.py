"""Guests: people a request was registered for who have not written yet. What is said to them waits until they come."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from storage import lanes
from storage.models import account, lane, outgoing, ticket

MARK = "guest-"  # begins a guest's native id; what follows is their one-time word
NEVER = lanes.NEVER  # when a message to somebody who has not come is ready


def is_guest(native: str) -> bool:
    """Return whether a native id, or the home made of one, is a guest's."""
    return native.removeprefix("@").startswith(MARK)


def adopt(connection: Connection, *, guest: int, real: int, now: datetime) -> list[int]:
    """Let a guest's account be a real one: their tickets are talked on it, and what waited is sent; return the tickets.

    The guest's account is gone then, and with it the one-time word.
    """
    rows = {row.id: row for row in connection.execute(select(account).where(account.c.id.in_((guest, real)))).all()}
    theirs, mine = rows[guest], rows[real]
    numbers = list(connection.scalars(select(ticket.c.id).where(ticket.c.account_id == guest).order_by(ticket.c.id)))
    connection.execute(update(ticket).where(ticket.c.account_id == guest).values(account_id=real))
    waits, goes = (f"{row.source}:{row.chat or '@' + row.native}" for row in (theirs, mine))
    moved = update(outgoing).where(outgoing.c.lane == waits, outgoing.c.done_at.is_(None))
    connection.execute(moved.values(lane=goes, ready_at=now))
    connection.execute(delete(lane).where(lane.c.side == lanes.OUT, lane.c.name == waits))
    lanes.stir(connection, lanes.OUT, [(goes, mine.source, now)])
    connection.execute(delete(account).where(account.c.id == guest))
    return numbers
