"""Whom the desk does not serve for a while, and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, or_, select

from storage.engine.compiled import Prepared
from storage.models import ban, person


@dataclass(frozen=True, slots=True)
class Ban:
    """Who is not served, until when (None: until it is lifted), by whose word."""

    person_id: int
    name: str
    reason: str
    until: datetime | None
    by_id: int
    at: datetime


_ROWS = select(ban.c.person_id, person.c.name, ban.c.reason, ban.c.until, ban.c.by_id, ban.c.at).select_from(
    ban.join(person, person.c.id == ban.c.person_id)
)
_OF = Prepared(_ROWS.where(ban.c.person_id == bindparam("of_person")))


class Bans:
    """The bans, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, person_id: int, now: datetime) -> Ban | None:
        """Return the ban that holds for a person now."""
        row = _OF.first(self._connection, {"of_person": person_id})
        found = Ban(*row) if row else None
        return found if found and (found.until is None or found.until > now) else None

    def put(self, person_id: int, *, reason: str, until: datetime | None, by: int, at: datetime) -> None:
        """Ban a person; another ban of theirs gives way."""
        self.lift(person_id)
        values = {"person_id": person_id, "reason": reason, "until": until, "by_id": by, "at": at}
        self._connection.execute(insert(ban).values(values))

    def lift(self, person_id: int) -> bool:
        """Serve a person again; return whether they were banned."""
        return self._connection.execute(delete(ban).where(ban.c.person_id == person_id)).rowcount > 0

    def all(self, now: datetime, limit: int = 30) -> list[Ban]:
        """Return the bans that hold now, the latest first."""
        query = _ROWS.where(or_(ban.c.until.is_(None), ban.c.until > now)).order_by(ban.c.at.desc()).limit(limit)
        return [Ban(*row) for row in self._connection.execute(query).all()]
