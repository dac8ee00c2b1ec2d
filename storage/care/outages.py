"""Outages: what is broken for many, whom it concerns, and the questions by which it is noticed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Table, case, delete, func, insert, literal, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.lifecycle import StatusKind
from storage.models import affected, company_person, outage, outage_ticket, ticket, verdict
from storage.types import Columns, made_id

DAY = timedelta(days=1)


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
    """One question to the knowledge base, or the beginning of a request that was made without one."""

    id: int  # of the question; 0 of a request
    person_id: int
    question: str
    at: datetime
    company: int | None = None  # whose people they are of
    ticket: int | None = None


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

    spared: int  # were told, and have made no request since, nor have one of it
    waits: int  # want to hear when it is over
    linked: int  # requests that are of it


_FIRST = (  # of a person's requests that are of an outage which concerns them
    select(func.min(outage_ticket.c.ticket_id))
    .join(ticket, ticket.c.id == outage_ticket.c.ticket_id)
    .where(outage_ticket.c.outage_id == affected.c.outage_id, ticket.c.requester_id == affected.c.person_id)
    .correlate(affected)
    .scalar_subquery()
)

_WROTE = (  # whether somebody has made a request since they were told
    select(ticket.c.id)
    .where(ticket.c.requester_id == affected.c.person_id, ticket.c.created_at >= affected.c.at)
    .correlate(affected)
    .exists()
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

    def noticed(self, since: datetime) -> tuple[int, int]:
        """Return how often the desk itself has asked since then, and how often it was told that there is none."""
        dismissed = func.sum(case((outage.c.stage == Stage.DISMISSED, 1), else_=0))
        query = select(func.count(), dismissed).where(outage.c.noticed_at >= since)
        asked, none = self._connection.execute(query).one()
        return int(asked), int(none or 0)

    # Questions

    def asked(self, since: datetime, until: datetime, most: int = 2000) -> list[Asked]:
        """Return what was asked in a stretch of time, with its words: the newest questions and requests, so many of each."""
        company_id, question = company_person.c.company_id, (verdict.c.id, verdict.c.person_id, verdict.c.question)
        theirs = company_person.c.person_id == verdict.c.person_id
        query = select(*question, verdict.c.at, company_id, null()).select_from(
            verdict.outerjoin(company_person, theirs)
        )
        query = query.where(verdict.c.at >= since, verdict.c.at < until, verdict.c.question != "", UNTOLD)
        query = query.order_by(verdict.c.at.desc(), verdict.c.id.desc()).limit(most)
        rows = [*self._connection.execute(query).all(), *self._registered(since, until, most)]
        return sorted((Asked(*row) for row in rows), key=lambda one: (one.at, one.id, one.ticket or 0))

    def _registered(self, since: datetime, until: datetime, most: int) -> Sequence[Any]:
        """Return the requests of a stretch of time in the columns of ``Asked``; of a long one those among the newest alone."""
        theirs = company_person.c.person_id == ticket.c.requester_id
        columns = (
            literal(0),
            ticket.c.requester_id,
            ticket.c.summary,
            ticket.c.created_at,
            company_person.c.company_id,
        )
        query = select(*columns, ticket.c.id).select_from(ticket.outerjoin(company_person, theirs))
        query = query.where(ticket.c.created_at >= since, ticket.c.created_at < until)
        if until - since > DAY:  # by their numbers: no index has all requests in the order of time
            newest = select(func.max(ticket.c.id)).scalar_subquery()
            return self._connection.execute(query.where(ticket.c.id > newest - most)).all()
        query = query.where(ticket.c.kind.in_(StatusKind)).order_by(ticket.c.created_at.desc(), ticket.c.id.desc())
        return self._connection.execute(query.limit(most)).all()

    def first_asked(self) -> datetime | None:
        """Return since when anything was asked here."""
        first = select(ticket.c.created_at).order_by(ticket.c.id).limit(1)
        moments = [self._connection.scalar(query) for query in (select(func.min(verdict.c.at)), first)]
        return min((at for at in moments if at is not None), default=None)

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
        query = select(affected.c.state, or_(_FIRST.is_not(None), _WROTE).label("linked"))
        query = query.where(affected.c.outage_id == number)
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
