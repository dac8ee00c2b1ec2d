"""Addresses in team places that take nothing now: what is promised there waits, in order, until somebody changes a setting.

The first address of a place that is refused with a word asks again and again; the others wait for it, and go on when it does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine.compiled import Prepared
from storage.engine.database import notify_on_commit
from storage.models import Sending, lane, outgoing, standstill, team_channel
from storage.queues import lanes

WHOLE = ("archived", "no_chat", "removed")  # reasons that are of a place as a whole
_ANY = Prepared(select(standstill.c.address).limit(1))


@dataclass(frozen=True, slots=True)
class Standstill:
    """An address that takes nothing, in the columns' order."""

    address: str
    place: str
    reason: str
    word: str
    since: datetime
    told: bool
    news: bool = False


def begin_standstill(
    connection: Connection, address: str, *, place: str, reason: str, word: str, now: datetime, told: bool = False
) -> Standstill:
    """Write down that an address takes nothing; return it, ``told`` where it is the first of its place to be refused so.

    That it stands still is no news from the second refusal on, nor where it was ``told`` already: then ``news`` is false.
    """
    alike = WHOLE if reason in WHOLE else (reason,)
    known = connection.execute(select(standstill).where(standstill.c.address == address)).one_or_none()
    if known is not None and known.place == place and known.reason in alike:
        return Standstill(*known)
    connection.execute(delete(standstill).where(standstill.c.address == address))
    same = select(func.count()).select_from(standstill).where(standstill.c.place == place)
    first = not connection.scalar(same.where(standstill.c.reason.in_(alike)))
    made = Standstill(address, place, reason, word, now, first, news=first and not told)
    values = {"address": address, "place": place, "reason": reason, "word": word, "since": now, "told": first}
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(standstill)
    connection.execute(insert.values(values).on_conflict_do_nothing(index_elements=["address"]))
    return made


def any_standstill(connection: Connection) -> bool:
    """Return whether anything stands still."""
    return _ANY.first(connection) is not None


def end_standstill(connection: Connection, address: str, place: str, now: datetime) -> None:
    """An address takes something again: whoever waited for it goes on at once."""
    over = (standstill.c.place == place) & standstill.c.reason.in_(WHOLE)
    ended = connection.execute(select(standstill).where((standstill.c.address == address) | over)).all()
    for each in ended:
        connection.execute(delete(standstill).where(standstill.c.address == each.address))
        others = select(standstill.c.address).where(
            standstill.c.place == each.place, standstill.c.reason == each.reason
        )
        _stir(connection, lane.c.name.in_(others), now)


def end_place(connection: Connection, place: str, now: datetime) -> None:
    """A place takes something again: whatever waited there goes on at once."""
    for each in connection.execute(select(standstill).where(standstill.c.place == place)).all():
        connection.execute(delete(standstill).where(standstill.c.address == each.address))
    begins, after = f"{place}", f"{place}0"  # what follows the place in an address is "/", the letter before "0"
    _stir(connection, (lane.c.name == begins) | ((lane.c.name > f"{begins}/") & (lane.c.name < after)), now)
    waits = outgoing.c.done_at.is_(None) & (outgoing.c.tries > 0)
    here = (outgoing.c.lane == begins) | ((outgoing.c.lane > f"{begins}/") & (outgoing.c.lane < after))
    connection.execute(update(outgoing).where(waits, here).values(ready_at=now))


def current_standstills(connection: Connection) -> list[Standstill]:
    """Return what stands still in the team channels in use, the longest first."""
    used = select(team_channel.c.source + ":" + team_channel.c.chat).where(team_channel.c.active)
    query = select(standstill).where(standstill.c.place.in_(used)).order_by(standstill.c.since, standstill.c.address)
    return [Standstill(*row) for row in connection.execute(query).all()]


def refused_rows(connection: Connection) -> Sequence[Any]:
    """Return the messages that wait at the head of what stands still: id, lane, operation, tries, created_at, error, payload."""
    told = (outgoing.c.id, outgoing.c.lane, outgoing.c.operation, outgoing.c.tries, outgoing.c.created_at)
    addresses = [each.address for each in current_standstills(connection)]
    query = select(*told, outgoing.c.error, outgoing.c.payload).where(
        outgoing.c.lane.in_(addresses),
        outgoing.c.done_at.is_(None),
        outgoing.c.error.is_not(None),
        outgoing.c.tries > 0,
    )
    return connection.execute(query.order_by(outgoing.c.id)).all()


def retry_refused(connection: Connection, ids: Iterable[int], now: datetime) -> int:
    """Let refused messages be tried now; return how many."""
    rows = connection.execute(select(outgoing.c.id, outgoing.c.lane).where(*_refused(ids))).all()
    if rows:
        names = [row.lane for row in rows]
        tried = update(outgoing).where(outgoing.c.id.in_([row.id for row in rows])).values(ready_at=now)
        connection.execute(tried)
        connection.execute(update(lane).where(*_free(lane.c.name.in_(names))).values(ready_at=now))
        notify_on_commit(connection, "outbox")
    return len(rows)


def drop_refused(connection: Connection, ids: Iterable[int], now: datetime) -> int:
    """Give up refused messages; what waits behind them is tried now. Return how many."""
    rows = connection.execute(select(outgoing.c.id, outgoing.c.lane).where(*_refused(ids))).all()
    if rows:
        gone = update(outgoing).where(outgoing.c.id.in_([row.id for row in rows]))
        connection.execute(gone.values(state=Sending.DROPPED, done_at=now))
        names = [row.lane for row in rows]
        connection.execute(update(lane).where(*_free(lane.c.name.in_(names))).values(ready_at=now))
        connection.execute(delete(standstill).where(standstill.c.address.in_(names)))
        notify_on_commit(connection, "outbox")
    return len(rows)


def _refused(ids: Iterable[int]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of messages that a place has refused, and that wait."""
    still = select(standstill.c.address)
    waits = (outgoing.c.state == Sending.QUEUED, outgoing.c.done_at.is_(None), outgoing.c.error.is_not(None))
    return (outgoing.c.id.in_(list(ids)), outgoing.c.lane.in_(still), *waits)


def _free(where: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (lane.c.side == lanes.OUT, where, lane.c.ready_at.is_not(None))


def _stir(connection: Connection, where: ColumnElement[bool], now: datetime) -> None:
    """Let the heads of waiting addresses be tried now."""
    names = connection.scalars(select(lane.c.name).where(*_free(where), lane.c.ready_at > now)).all()
    if names:
        tried = update(outgoing).where(outgoing.c.lane.in_(names), outgoing.c.done_at.is_(None))
        connection.execute(tried.where(outgoing.c.error.is_not(None)).values(ready_at=now))
        connection.execute(update(lane).where(*_free(lane.c.name.in_(names))).values(ready_at=now))
