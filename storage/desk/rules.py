"""The desk's rules as they were kept, revision after revision; the newest is in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from storage.engine.compiled import Prepared
from storage.models import person, rules_revision
from storage.types import made_id


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of the rules, and who brought it; no name: the operator, by a file."""

    id: int
    data: Mapping[str, Any]
    act: str
    name: str | None
    at: datetime


_NEWEST = Prepared(
    select(rules_revision.c.id, rules_revision.c.at).order_by(rules_revision.c.id.desc()).limit(1), once=True
)
_REVISION = select(
    rules_revision.c.id, rules_revision.c.data, rules_revision.c.act, person.c.name, rules_revision.c.at
).select_from(rules_revision.outerjoin(person, person.c.id == rules_revision.c.person_id))
_HELD = select(rules_revision.c.id).where(rules_revision.c.id == bindparam("of_id")).with_for_update()


class RulesRevisions:
    """The revisions of the rules, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark(self) -> tuple[int, datetime] | None:
        """Return what tells the newest revision from every other, an undone one of the same number included."""
        row = _NEWEST.first(self._connection, {})
        return (row[0], row[1]) if row else None

    def newest(self) -> Revision | None:
        """Return the rules in force; None in a desk that has none yet."""
        row = self._connection.execute(_REVISION.order_by(rules_revision.c.id.desc()).limit(1)).first()
        return Revision(*row) if row else None

    def hold(self) -> Revision | None:
        """Return the rules in force, which nobody else changes until this transaction ends.

        Whoever waited for the newest revision's row may find that there is a newer one by now: that is waited for in turn.
        """
        newest = self.newest()
        while newest is not None:
            self._connection.execute(_HELD, {"of_id": newest.id})
            found, newest = newest, self.newest()
            if newest is not None and newest.id == found.id:
                break
        return newest

    def get(self, revision: int) -> Revision | None:
        """Return one revision."""
        row = self._connection.execute(_REVISION.where(rules_revision.c.id == revision)).first()
        return Revision(*row) if row else None

    def put(self, data: Mapping[str, Any], *, act: str, by: int | None, at: datetime) -> int:
        """Put other rules in force (``data``: all of them, section by section as in desk.yaml); return their revision."""
        values = {"data": dict(data), "act": act, "person_id": by, "at": at}
        return made_id(self._connection.execute(insert(rules_revision).values(values)))

    def history(self, limit: int = 10) -> list[Revision]:
        """Return the newest revisions, the latest first."""
        rows = self._connection.execute(_REVISION.order_by(rules_revision.c.id.desc()).limit(limit)).all()
        return [Revision(*row) for row in rows]
