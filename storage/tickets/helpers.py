"""Who helps with a ticket beside the agent who has it, and who did once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)

from storage.engine.compiled import Prepared
from storage.models import guest, helper, person, plan, watcher

_NOW = Prepared(  # who helps, watches or is a guest, and what is planned, in one: all are looked for with every message
    union_all(
        select(literal("helper").label("part"), helper.c.person_id, helper.c.at).where(
            helper.c.ticket_id == bindparam("of_id"), helper.c.ended_at.is_(None)
        ),
        select(literal("watcher"), watcher.c.person_id, null()).where(watcher.c.ticket_id == bindparam("of_id")),
        select(literal("plan"), plan.c.id, plan.c.ends_at).where(
            plan.c.ticket_id == bindparam("of_id"), plan.c.ended_at.is_(None)
        ),
        select(literal("guest"), guest.c.person_id, guest.c.at).where(
            guest.c.ticket_id == bindparam("of_id"), guest.c.ended_at.is_(None)
        ),
    ),
    once=True,
)


def helping_now(connection: Connection, number: int) -> list[int]:
    """Return who helps with a ticket, in the order in which they came."""
    return _in_order(connection, number, "helper")


def visiting_at(at: ColumnElement[datetime] | datetime) -> ColumnElement[bool]:
    """Return what holds for whoever was a guest then: what is written before or after that is theirs as somebody else."""
    return and_(guest.c.at <= at, or_(guest.c.ended_at.is_(None), guest.c.ended_at >= at))


def guests_now(connection: Connection, number: int) -> list[int]:
    """Return who is a guest of a ticket, in the order in which they came."""
    return _in_order(connection, number, "guest")


def _in_order(connection: Connection, number: int, which: str) -> list[int]:
    found = [(at, person_id) for part, person_id, at in _NOW.all(connection, {"of_id": number}) if part == which]
    return [person_id for _, person_id in sorted(found)]


def watching_now(connection: Connection, number: int) -> list[int]:
    """Return who watches a ticket."""
    return sorted(person_id for part, person_id, _ in _NOW.all(connection, {"of_id": number}) if part == "watcher")


def planned_now(connection: Connection, number: int) -> int | None:
    """Return the number of a ticket's plan that is not off and ends last.

    A merge may bring one that was made before another that is over.
    """
    found = [(ends_at, one) for part, one, ends_at in _NOW.all(connection, {"of_id": number}) if part == "plan"]
    return max(found)[1] if found else None


@dataclass(frozen=True, slots=True)
class Helped:
    """Somebody's help with a ticket: since when, and until when; None while they go on."""

    person: int
    name: str
    at: datetime
    ended_at: datetime | None


class Helpers:
    """The helpers, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, number: int) -> list[int]:
        """Return who helps with a ticket now, in the order in which they came."""
        return helping_now(self._connection, number)

    def all(self, number: int) -> list[Helped]:
        """Return everybody who helps with a ticket or did, in the order in which they came."""
        columns = (helper.c.person_id, person.c.name, helper.c.at, helper.c.ended_at)
        query = select(*columns).join(person, person.c.id == helper.c.person_id).where(helper.c.ticket_id == number)
        return [Helped(*row) for row in self._connection.execute(query.order_by(helper.c.at, helper.c.person_id))]

    def join(self, number: int, person_id: int, at: datetime) -> bool:
        """Let somebody help with a ticket; return whether they did not yet."""
        if person_id in self.of(number):
            return False
        its = (helper.c.ticket_id == number, helper.c.person_id == person_id)
        again = update(helper).where(*its).values(at=at, ended_at=None)
        if not self._connection.execute(again).rowcount:
            self._connection.execute(insert(helper).values(ticket_id=number, person_id=person_id, at=at))
        return True

    def return_to(self, number: int, person_id: int) -> bool:
        """Let somebody help with a ticket as they did, and since when they did; return whether they ever did."""
        its = (helper.c.ticket_id == number, helper.c.person_id == person_id)
        return self._connection.execute(update(helper).where(*its).values(ended_at=None)).rowcount > 0

    def leave(self, number: int, person_id: int, at: datetime) -> bool:
        """Let somebody help with a ticket no more; return whether they did."""
        if person_id not in self.of(number):
            return False
        its = (helper.c.ticket_id == number, helper.c.person_id == person_id, helper.c.ended_at.is_(None))
        return self._connection.execute(update(helper).where(*its).values(ended_at=at)).rowcount > 0

    def leave_all(self, person_id: int, at: datetime) -> list[int]:
        """Let somebody help with nothing any more; return with which tickets they did, the oldest first."""
        its = (helper.c.person_id == person_id, helper.c.ended_at.is_(None))
        numbers = self._connection.scalars(select(helper.c.ticket_id).where(*its).order_by(helper.c.ticket_id)).all()
        self._connection.execute(update(helper).where(*its).values(ended_at=at))
        return list(numbers)

    def move(self, gone: int, kept: int, at: datetime) -> None:
        """Let whoever helps with one ticket help with another instead."""
        for each in self.of(gone):
            self.leave(gone, each, at)
            self.join(kept, each, at)
