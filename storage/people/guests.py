"""Guests: people a request was registered for who have not written yet. What is said to them waits until they come."""

import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from storage.models import account, columns_that_name, lane, outgoing, person, ticket
from storage.queues import lanes

MARK = "guest-"  # begins a guest's native id; what follows is their one-time word
WORD = 8 + 24  # characters of a word: when it was made, and chance
LIVES = timedelta(days=30)  # a link, from when it was made
NEVER = lanes.NEVER  # when a message to somebody who has not come is ready


def is_guest(native: str) -> bool:
    """Return whether a native id, or the home made of one, is a guest's."""
    return native.removeprefix("@").startswith(MARK)


def new_native(now: datetime) -> str:
    """Return the native id of another guest: its word tells when it was made, and nobody guesses it."""
    return f"{MARK}{int(now.timestamp()):08x}{secrets.token_hex(12)}"


def is_guest_link_valid(connection: Connection, native: str, now: datetime) -> bool:
    """Return whether a guest's link still serves."""
    word = native.removeprefix(MARK)
    if len(word) == WORD:
        made = datetime.fromtimestamp(int(word[:8], 16), UTC)
    else:  # an older link does not tell: as long as the guest is known
        of = (
            select(person.c.created_at)
            .join(account, account.c.person_id == person.c.id)
            .where(account.c.native == native)
        )
        made = connection.scalar(of) or now
    return now - made <= LIVES


def renew_guest_link(connection: Connection, native: str, now: datetime) -> str:
    """Give a guest another word in the place of the one that serves no more; return their native id of now."""
    fresh = new_native(now)
    row = connection.execute(select(account.c.source, account.c.chat).where(account.c.native == native)).one()
    connection.execute(update(account).where(account.c.native == native).values(native=fresh))
    if not row.chat:
        waits, goes = f"{row.source}:@{native}", f"{row.source}:@{fresh}"
        connection.execute(delete(lane).where(lane.c.side == lanes.OUT, lane.c.name == waits))
        moved = update(outgoing).where(outgoing.c.lane == waits, outgoing.c.done_at.is_(None)).values(lane=goes)
        if connection.execute(moved).rowcount:
            lanes.mark_ready(connection, lanes.OUT, [(goes, row.source, NEVER)])
    return fresh


def adopt_guest_account(connection: Connection, *, guest: int, real: int, now: datetime) -> list[int]:
    """Let a guest's account be a real one: their tickets are talked on it, and what waited is sent; return the tickets.

    Whatever points at the guest's account points at the real one from now on. The guest's account is gone then, and with it
    the one-time word.
    """
    rows = {row.id: row for row in connection.execute(select(account).where(account.c.id.in_((guest, real)))).all()}
    theirs, mine = rows[guest], rows[real]
    numbers = list(connection.scalars(select(ticket.c.id).where(ticket.c.account_id == guest).order_by(ticket.c.id)))
    for column in columns_that_name(account):
        connection.execute(update(column.table).where(column == guest).values({column.name: real}))
    waits, goes = (f"{row.source}:{row.chat or '@' + row.native}" for row in (theirs, mine))
    moved = update(outgoing).where(outgoing.c.lane == waits, outgoing.c.done_at.is_(None))
    connection.execute(moved.values(lane=goes, ready_at=now))
    connection.execute(delete(lane).where(lane.c.side == lanes.OUT, lane.c.name == waits))
    lanes.mark_ready(connection, lanes.OUT, [(goes, mine.source, now)])
    connection.execute(delete(account).where(account.c.id == guest))
    return numbers
