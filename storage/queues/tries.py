"""Messages that go out now: who begins them holds them, until somebody else does."""

from collections.abc import Iterable
from dataclasses import replace as evolve
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from storage.engine.compiled import Prepared
from storage.models import Sending, outgoing
from storage.queues.outbox import Outgoing
from storage.types import Moment

_START = Prepared(
    update(outgoing)
    .where(outgoing.c.id == bindparam("of_id"))
    .values(
        state=Sending.SENDING,
        tries=outgoing.c.tries + 1,
        uncertain=bindparam("doubt"),
        tried_at=func.coalesce(outgoing.c.tried_at, bindparam("at", type_=Moment())),
    )
)
_HELD = (
    select(outgoing.c.id, outgoing.c.tries)
    .where(outgoing.c.id.in_(bindparam("of_ids", expanding=True)), outgoing.c.state == Sending.SENDING)
    .order_by(outgoing.c.id)
    .with_for_update()
)


_HELD_ONE = Prepared(
    select(outgoing.c.id).where(
        outgoing.c.id == bindparam("of_id"),
        outgoing.c.tries == bindparam("of_tries"),
        outgoing.c.state == Sending.SENDING,
    )
)


def mark_sending(connection: Connection, rows: Iterable[Outgoing], now: datetime) -> list[Outgoing]:
    """Say that these go out now: found so after a crash, they may have been sent, and that is remembered. Return them so."""
    begun = [
        evolve(
            row,
            tries=row.tries + 1,
            uncertain=row.uncertain or row.state is Sending.SENDING,
            tried_at=row.tried_at or now,
        )
        for row in rows
    ]
    if begun:
        _START.each(connection, [{"of_id": row.id, "doubt": row.uncertain, "at": now} for row in begun])
    return begun


def held_row_ids(connection: Connection, rows: Iterable[Outgoing]) -> set[int]:
    """Return which of the rows whoever began them still holds: of the others, what became of them is no news.

    Held until the transaction ends: nobody else begins them meanwhile.
    """
    tries = {row.id: row.tries for row in rows}
    if connection.dialect.name != "postgresql":  # one writer: nobody can
        each = ({"of_id": number, "of_tries": count} for number, count in tries.items())
        return {one["of_id"] for one in each if _HELD_ONE.first(connection, one) is not None}
    if not tries:
        return set()
    found = connection.execute(_HELD, {"of_ids": sorted(tries)}).all()
    return {row.id for row in found if tries[row.id] == row.tries}
