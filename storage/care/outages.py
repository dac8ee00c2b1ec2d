"""Outages: what is broken for many, whom it concerns, and the questions by which it is noticed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.models import affected, outage, outage_ticket, ticket, verdict
from storage.types import Columns, made_id

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


UNTOLD = func.coalesce(verdict.c.outcome, "") != "outage"  # whoever was told what is known rings for nothing more


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
    linked: int  # requests that are of it


_FIRST = (  # of a person's requests that are of an outage which concerns them
    select(func.min(outage_ticket.c.ticket_id))
    .join(ticket, ticket.c.id == outage_ticket.c.ticket_id)
    .where(outage_ticket.c.outage_id == affected.c.outage_id, ticket.c.requester_id == affected.c.person_id)
    .correlate(affected)
    .scalar_subquery()
)


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
        query = select(*columns).where(verdict.c.at >= since, verdict.c.at < until, verdict.c.question != "", UNTOLD)
        rows = self._connection.execute(query.order_by(verdict.c.at.desc(), verdict.c.id.desc()).limit(most)).all()
        return [Asked(*row) for row in reversed(rows)]

    def counts(self, hours: Sequence[tuple[datetime, datetime]]) -> list[int]:
        """Return how many people asked anything in each of these hours."""
        found = []
        for since, until in hours:
            query = select(func.count(func.distinct(verdict.c.person_id))).where(
                verdict.c.at >= since, verdict.c.at < until, UNTOLD
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

    def touch(self, number: int, person_id: int, account_id: int, state: Touched, at: datetime) -> bool:
        """Write down how it concerns somebody; return whether it did not concern them before."""
        values = {"outage_id": number, "person_id": person_id, "account_id": account_id, "state": state, "at": at}
        if self._write_new(affected, values):
            return True
        its = (affected.c.outage_id == number, affected.c.person_id == person_id)
        self._connection.execute(update(affected).where(*its).values(state=state))
        return False

    def _write_new(self, table: Table, values: Columns) -> bool:
        """Write a row down unless there is one of its key; return whether there was none."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        new = dialect.insert(table).values(**values).on_conflict_do_nothing()
        return self._connection.execute(new).rowcount > 0

    def state(self, number: int, person_id: int) -> str:
        """Return how it concerns somebody; empty where it does not."""
        its = (affected.c.outage_id == number, affected.c.person_id == person_id)
        return str(self._connection.scalar(select(affected.c.state).where(*its)) or "")

    def concerned(self, number: int, states: Sequence[Touched], after: int, most: int) -> list[Concerned]:
        """Return whom it concerns so, by their number, each with the first of their requests that are of it."""
        columns = (affected.c.person_id, affected.c.account_id, _FIRST, affected.c.state)
        query = select(*columns).where(
            affected.c.outage_id == number, affected.c.state.in_(states), affected.c.person_id > after
        )
        rows = self._connection.execute(query.order_by(affected.c.person_id).limit(most)).all()
        return [Concerned(*row) for row in rows]

    def figures(self, number: int) -> Figures:
        """Return how many it concerns, and how."""
        query = select(affected.c.state, _FIRST.is_not(None).label("linked")).where(affected.c.outage_id == number)
        people = query.subquery()
        counted = select(people.c.state, people.c.linked, func.count()).group_by(people.c.state, people.c.linked)
        rows = self._connection.execute(counted).all()
        told = (Touched.TOLD, Touched.WAITS, Touched.ENDED)
        requests = select(func.count()).where(outage_ticket.c.outage_id == number)
        return Figures(
            spared=sum(count for state, linked, count in rows if state in told and not linked),
            waits=sum(count for state, _, count in rows if state == Touched.WAITS),
            linked=self._connection.scalar(requests) or 0,
        )

    # Requests

    def link(self, number: int, ticket_id: int, at: datetime) -> bool:
        """Let a request be one of it; return whether it was not."""
        return self._write_new(outage_ticket, {"outage_id": number, "ticket_id": ticket_id, "at": at})

    def unlink(self, number: int, ticket_id: int) -> bool:
        """Let a request be none of it; return whether it was one."""
        its = (outage_ticket.c.outage_id == number, outage_ticket.c.ticket_id == ticket_id)
        return self._connection.execute(delete(outage_ticket).where(*its)).rowcount > 0

    def unlink_all_of(self, number: int, person_id: int) -> None:
        """Let no request of somebody be of it."""
        theirs = select(ticket.c.id).where(ticket.c.requester_id == person_id)
        its = (outage_ticket.c.outage_id == number, outage_ticket.c.ticket_id.in_(theirs))
        self._connection.execute(delete(outage_ticket).where(*its))

    def linked(self, number: int, after: int = 0, most: int | None = None) -> list[int]:
        """Return the requests that are of it, behind a number, in their order."""
        query = select(outage_ticket.c.ticket_id).where(
            outage_ticket.c.outage_id == number, outage_ticket.c.ticket_id > after
        )
        return list(self._connection.scalars(query.order_by(outage_ticket.c.ticket_id).limit(most)).all())

    def has_request_of(self, number: int, person_id: int) -> bool:
        """Return whether any request of somebody is of it."""
        theirs = select(outage_ticket.c.ticket_id).join(ticket, ticket.c.id == outage_ticket.c.ticket_id)
        query = theirs.where(outage_ticket.c.outage_id == number, ticket.c.requester_id == person_id)
        return self._connection.execute(query.limit(1)).first() is not None
