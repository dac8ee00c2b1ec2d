"""Outages: what is broken for many, whom it concerns, and the questions by which it is noticed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.models import affected, outage, verdict
from storage.types import made_id

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


class Stage(StrEnum):
    """How far an outage is."""

    ASKED = "asked"  # the desk asks whether it is one
    OPEN = "open"
    OVER = "over"
    DISMISSED = "dismissed"


class Touched(StrEnum):
    """How an outage concerns somebody."""

    TOLD = "told"  # they have read of it
    WAITS = "waits"  # they want to hear when it is over
    DIFFERENT = "different"  # theirs is another matter
    LINKED = "linked"  # their request is one of it
    ENDED = "ended"  # they have heard that it is over


@dataclass(frozen=True, slots=True)
class Outage:
    """One outage, in the columns' order."""

    id: int
    stage: str
    words: str
    keywords: str
    examples: Sequence[int]
    by_id: int | None
    noticed_at: datetime | None
    declared_at: datetime | None
    told_at: datetime | None
    ended_at: datetime | None
    cause: str
    card: int | None
    place: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the knowledge base."""

    id: int
    person_id: int
    question: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Concerned:
    """Somebody whom an outage concerns."""

    person_id: int
    account_id: int
    ticket_id: int | None
    state: str


@dataclass(frozen=True, slots=True)
class Figures:
    """How many an outage concerns."""

    spared: int  # were told, and have no request of it
    waits: int  # want to hear when it is over
    linked: int  # have a request that is one of it


class Outages:
    """The outages, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, at: datetime, **values: Any) -> int:
        """Write one down; return its id."""
        given = {"words": "", "keywords": "", "examples": [], "place": {}, "at": at, **values}
        return made_id(self._connection.execute(insert(outage).values(given)))

    def get(self, number: int) -> Outage | None:
        """Return an outage, held until the transaction ends."""
        row = self._connection.execute(select(outage).where(outage.c.id == number).with_for_update()).first()
        return Outage(*row) if row else None

    def change(self, number: int, **values: Any) -> None:
        """Change what is known of one."""
        self._connection.execute(update(outage).where(outage.c.id == number).values(values))

    def all(self, *stages: Stage, limit: int = 20) -> list[Outage]:
        """Return those in these stages, the newest first."""
        query = select(outage).where(outage.c.stage.in_(stages)).order_by(outage.c.id.desc()).limit(limit)
        return [Outage(*row) for row in self._connection.execute(query).all()]

    # Questions

    def asked(self, since: datetime, until: datetime, most: int = 2000) -> list[Asked]:
        """Return what was asked in a stretch of time, with its words, the newest of them at most so many."""
        columns = (verdict.c.id, verdict.c.person_id, verdict.c.question, verdict.c.at)
        query = select(*columns).where(verdict.c.at >= since, verdict.c.at < until, verdict.c.question != "")
        rows = self._connection.execute(query.order_by(verdict.c.at.desc(), verdict.c.id.desc()).limit(most)).all()
        return [Asked(*row) for row in reversed(rows)]

    def counts(self, hours: Sequence[tuple[datetime, datetime]]) -> list[int]:
        """Return how many people asked anything in each of these hours."""
        found = []
        for since, until in hours:
            query = select(func.count(func.distinct(verdict.c.person_id))).where(
                verdict.c.at >= since, verdict.c.at < until
            )
            found.append(int(self._connection.scalar(query) or 0))
        return found

    def first_asked(self) -> datetime | None:
        """Return since when anything was asked here."""
        found: datetime | None = self._connection.scalar(select(func.min(verdict.c.at)))
        return found

    def questions(self, ids: Sequence[int]) -> list[str]:
        """Return the words of some questions, as far as they are kept."""
        query = select(verdict.c.question).where(verdict.c.id.in_(ids), verdict.c.question != "").order_by(verdict.c.id)
        return list(self._connection.scalars(query).all())

    # People

    def touch(
        self, number: int, person_id: int, account_id: int, state: Touched, at: datetime, ticket: int | None = None
    ) -> bool:
        """Write down how it concerns somebody; return whether it did not concern them before."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        values = {"outage_id": number, "person_id": person_id, "account_id": account_id, "ticket_id": ticket}
        new = dialect.insert(affected).values(**values, state=state, at=at).on_conflict_do_nothing()
        if self._connection.execute(new).rowcount:
            return True
        its = (affected.c.outage_id == number, affected.c.person_id == person_id)
        changed = {"state": state, **({"ticket_id": ticket} if ticket is not None else {})}
        self._connection.execute(update(affected).where(*its).values(changed))
        return False

    def state(self, number: int, person_id: int) -> str:
        """Return how it concerns somebody; empty where it does not."""
        its = (affected.c.outage_id == number, affected.c.person_id == person_id)
        return str(self._connection.scalar(select(affected.c.state).where(*its)) or "")

    def concerned(self, number: int, states: Sequence[Touched], after: int, most: int) -> list[Concerned]:
        """Return whom it concerns so, by their number."""
        columns = (affected.c.person_id, affected.c.account_id, affected.c.ticket_id, affected.c.state)
        query = select(*columns).where(
            affected.c.outage_id == number, affected.c.state.in_(states), affected.c.person_id > after
        )
        rows = self._connection.execute(query.order_by(affected.c.person_id).limit(most)).all()
        return [Concerned(*row) for row in rows]

    def figures(self, number: int) -> Figures:
        """Return how many it concerns, and how."""
        columns = (affected.c.state, affected.c.ticket_id.is_not(None).label("linked"), func.count())
        query = select(*columns).where(affected.c.outage_id == number).group_by(affected.c.state, columns[1])
        rows = self._connection.execute(query).all()
        told = (Touched.TOLD, Touched.WAITS, Touched.ENDED)
        return Figures(
            spared=sum(count for state, linked, count in rows if state in told and not linked),
            waits=sum(count for state, _, count in rows if state == Touched.WAITS),
            linked=sum(count for state, linked, count in rows if linked and state != Touched.DIFFERENT),
        )
