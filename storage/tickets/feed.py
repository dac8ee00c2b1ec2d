"""The feed: what happened to tickets, in an order that never changes, for whoever reads on from where they stopped.

Ids are given before a transaction commits, and transactions commit in another order: who reads on after the greatest id that
they have seen misses what was under way then. So an entry has its place only once it is seen to be there: whoever reads numbers
what has come since, one reader after another, behind all that has a place already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text, update

from storage.lifecycle import Action
from storage.models import entry, person

UNPLACED = 0
EACH = 1000  # entries that get their place in one transaction
_ALONE = 7_270_665_964  # names the lock of those who give places ("feed" of this desk's database)


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One thing that happened to a ticket."""

    position: int
    ticket_id: int
    action: Action
    was: str
    now: str
    person_id: int | None
    name: str | None
    facts: Mapping[str, Any]
    at: datetime


class Feed:
    """The feed, as one transaction sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def grown(self) -> bool:
        """Return whether something has happened that has no place yet."""
        return (
            self._connection.execute(select(entry.c.id).where(entry.c.position == UNPLACED).limit(1)).first()
            is not None
        )

    def give_places(self) -> int:
        """Give what has happened since its place, as much as one transaction may; return how much."""
        if self._connection.dialect.name == "postgresql":  # until the commit: what another gives meanwhile is behind it
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": _ALONE})
        fresh = select(entry.c.id).where(entry.c.position == UNPLACED).order_by(entry.c.id).limit(EACH)
        ids = list(self._connection.scalars(fresh).all())
        if not ids:
            return 0
        last = self._connection.scalar(select(func.max(entry.c.position)).where(entry.c.position > UNPLACED)) or 0
        given = update(entry).where(entry.c.id == bindparam("of_id")).values(position=bindparam("to"))
        rows = [{"of_id": each, "to": last + place} for place, each in enumerate(ids, 1)]
        self._connection.execute(given, rows)
        return len(ids)

    def last(self) -> int:
        """Return the place of the latest event, 0 where there is none."""
        return self._connection.scalar(select(func.max(entry.c.position)).where(entry.c.position > UNPLACED)) or 0

    def after(self, position: int, limit: int) -> Sequence[FeedEvent]:
        """Return what happened after a place, in order."""
        columns = (entry.c.position, entry.c.ticket_id, entry.c.action, entry.c.was, entry.c.now, entry.c.person_id)
        query = (
            select(*columns, person.c.name, entry.c.facts, entry.c.at)
            .select_from(entry.outerjoin(person, person.c.id == entry.c.person_id))
            .where(entry.c.position > max(position, UNPLACED))
            .order_by(entry.c.position)
            .limit(limit)
        )
        return [FeedEvent(*row) for row in self._connection.execute(query).all()]
