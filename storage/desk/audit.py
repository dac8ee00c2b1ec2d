"""What was done, read again: by person, act, request and time, the newest first; a page costs the same however much there is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from storage.models import audit, person

REFUSED = "refused"
AT_ONCE = 1000  # rows of one look


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are meant; what is left empty rules nothing out. Refusals are meant only where they are asked for."""

    person: int | None = None
    acts: tuple[str, ...] = ()
    ticket: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was done."""

    id: int
    at: datetime
    person_id: int | None
    name: str  # of who did it; empty: the desk, or an operator
    act: str
    ticket_id: int | None
    facts: Mapping[str, Any]


class Audit:
    """What was done, as one transaction sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, wanted: Wanted, *, offset: int = 0, limit: int = 10, before: int | None = None) -> list[Line]:
        """Return some of the lines meant, the newest first."""
        columns = (
            audit.c.id,
            audit.c.at,
            audit.c.person_id,
            person.c.name,
            audit.c.act,
            audit.c.ticket_id,
            audit.c.facts,
        )
        query = select(*columns).select_from(audit.outerjoin(person, person.c.id == audit.c.person_id))
        query = query.where(*_conditions(wanted)).order_by(audit.c.id.desc()).limit(limit).offset(offset)
        if before is not None:
            query = query.where(audit.c.id < before)
        return [Line(*row[:3], row[3] or "", *row[4:]) for row in self._connection.execute(query).all()]

    def names(self, people: Sequence[int]) -> dict[int, str]:
        """Return the names of those whom facts name by number."""
        rows = self._connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(people))).all()
        return {row.id: row.name for row in rows}


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.person is not None:
        yield audit.c.person_id == wanted.person
    if wanted.acts:
        yield audit.c.act.in_(wanted.acts)
    else:
        yield audit.c.act == REFUSED if wanted.refused else audit.c.act != REFUSED
    if wanted.ticket is not None:
        yield audit.c.ticket_id == wanted.ticket
    if wanted.since is not None:
        yield audit.c.at >= wanted.since
    if wanted.until is not None:
        yield audit.c.at < wanted.until
