"""Recurrences: requests that the team makes of itself at set times; what each is, and when it comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update

from storage.models import Priority, recurrence, ticket, ticket_asset
from storage.people.erased import MARK
from storage.people.people import People, Person
from storage.types import made_id

TEAM = f"{MARK}team"  # the native id of an account that is nobody's: nothing is ever sent to it


class Stage(StrEnum):
    """Whether a recurrence makes requests."""

    DRAFT = "draft"  # shown to whoever wrote it, not confirmed yet
    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """One recurrence, in the columns' order."""

    id: int
    by_id: int
    account_id: int
    stage: str
    summary: str
    schedule: Mapping[str, Any]
    type_name: str
    group_name: str | None
    priority: Priority | None
    holidays: str
    again: str
    companies: Sequence[int]
    next_at: datetime | None
    created_at: datetime
    last_at: datetime | None
    assets: Mapping[str, Any] | None

    @property
    def many(self) -> bool:
        """Return whether it makes one request for each of many."""
        return bool(self.companies or self.assets)


class Recurrences:
    """The recurrences, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def team(self, source: str, name: str, language: str, at: datetime) -> Person:
        """Return the team as a requester: an account of its own, that nobody writes from and nobody is told on."""
        people = People(self._connection)
        return people.find(source, TEAM) or people.meet(
            source, TEAM, name=name, username="", language=language, chat="", at=at
        )

    def add(self, **values: Any) -> Recurrence:
        """Write one down as a draft, in the place of what its author has not confirmed."""
        self._connection.execute(
            delete(recurrence).where(recurrence.c.by_id == values["by_id"], recurrence.c.stage == Stage.DRAFT)
        )
        given = {"stage": Stage.DRAFT, "companies": [], **values}
        made = self.get(made_id(self._connection.execute(insert(recurrence).values(given))))
        assert made is not None
        return made

    def get(self, number: int) -> Recurrence | None:
        """Return a recurrence, held until the transaction ends, so that two who act on it come one after the other."""
        if not 0 < number < 2**31:
            return None
        row = self._connection.execute(select(recurrence).where(recurrence.c.id == number).with_for_update()).first()
        return Recurrence(*row) if row else None

    def look(self, number: int) -> Recurrence | None:
        """Return a recurrence to be shown."""
        row = self._connection.execute(select(recurrence).where(recurrence.c.id == number)).first()
        return Recurrence(*row) if row else None

    def change(self, number: int, **values: Any) -> None:
        """Change what is known of one."""
        self._connection.execute(update(recurrence).where(recurrence.c.id == number).values(values))

    def remove(self, number: int) -> None:
        """Take one away; the requests that it has made stay."""
        self._connection.execute(delete(recurrence).where(recurrence.c.id == number))

    def all(self, limit: int, offset: int = 0) -> list[Recurrence]:
        """Return those that are no drafts, the next one due first, those that are paused last."""
        query = select(recurrence).where(recurrence.c.stage != Stage.DRAFT)
        ordered = query.order_by(recurrence.c.next_at.is_(None), recurrence.c.next_at, recurrence.c.id)
        return [Recurrence(*row) for row in self._connection.execute(ordered.limit(limit).offset(offset)).all()]

    def active(self, after: int, limit: int) -> list[Recurrence]:
        """Return the next few that make requests, behind a number, held as ``get`` does."""
        its = (recurrence.c.stage == Stage.ACTIVE, recurrence.c.id > after)
        query = select(recurrence).where(*its).order_by(recurrence.c.id).limit(limit).with_for_update()
        return [Recurrence(*row) for row in self._connection.execute(query).all()]

    def still_open(self, number: int, company: int | None, asset: int | None = None) -> int | None:
        """Return the newest request that one has made, perhaps for a company or an asset, if that is not over yet."""
        of = ticket.c.company_id == company if company is not None else ticket.c.company_id.is_(None)
        if asset is not None:
            of = exists().where(ticket_asset.c.ticket_id == ticket.c.id, ticket_asset.c.asset_id == asset)
        query = select(ticket.c.id).where(ticket.c.recurrence_id == number, of, ticket.c.urgency.is_not(None))
        found: int | None = self._connection.scalar(query.order_by(ticket.c.id.desc()).limit(1))
        return found
