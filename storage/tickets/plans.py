"""When somebody is to see to a ticket. A plan is its ticket's: whoever has the ticket, or helps with it, has the plan."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlalchemy.sql import ColumnElement

from storage.engine.compiled import Prepared
from storage.models import PlanAnswer, helper, plan, ticket
from storage.tickets.helpers import planned_now
from storage.types import made_id

WORDS = ("place", "note")  # that people wrote
MOST = 200  # plans that are listed at once


@dataclass(frozen=True, slots=True)
class Plan:
    """A time at which somebody is to see to a ticket, in the columns' order."""

    id: int
    ticket_id: int
    begins_at: datetime
    ends_at: datetime
    place: str
    note: str
    by_id: int
    sequence: int
    at: datetime
    answer: PlanAnswer | None
    ended_at: datetime | None
    note_by_id: int | None

    def is_ahead(self, now: datetime) -> bool:
        """Return whether it is not over yet, nor off."""
        return self.ended_at is None and self.ends_at > now


_GET = Prepared(select(plan).where(plan.c.id == bindparam("of_id")), once=True)


class Plans:
    """The plans, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def standing(self, ticket_id: int) -> Plan | None:
        """Return a ticket's plan that is not off and ends last, be it over."""
        number = planned_now(self._connection, ticket_id)
        return self.get(number) if number is not None else None

    def all_standing(self, tickets: Collection[int]) -> dict[int, Plan]:
        """Return the same of several tickets, by their numbers; of those that have none, nothing."""
        query = select(plan).where(plan.c.ticket_id.in_(tickets), plan.c.ended_at.is_(None))
        found = (Plan(*row) for row in self._connection.execute(query.order_by(plan.c.ends_at, plan.c.id)).all())
        return {one.ticket_id: one for one in found}

    def of(self, ticket_id: int) -> list[Plan]:
        """Return all that was ever planned for a ticket, the oldest first."""
        query = select(plan).where(plan.c.ticket_id == ticket_id).order_by(plan.c.id)
        return [Plan(*row) for row in self._connection.execute(query).all()]

    def get(self, number: int) -> Plan | None:
        """Return a plan, if there is one of this number."""
        row = _GET.first(self._connection, {"of_id": number})
        return Plan(*row) if row else None

    def add(self, **values: Any) -> Plan:
        """Plan something; ``values`` are its columns."""
        made = made_id(self._connection.execute(insert(plan).values(values)))
        return Plan(*self._connection.execute(select(plan).where(plan.c.id == made)).one())

    def change(self, number: int, **values: Any) -> Plan:
        """Let a plan be otherwise, and return it; ``values`` are its columns."""
        self._connection.execute(update(plan).where(plan.c.id == number).values(values))
        return Plan(*self._connection.execute(select(plan).where(plan.c.id == number)).one())

    def of_person(self, person_id: int, begins_at: datetime, ends_at: datetime) -> list[Plan]:
        """Return what somebody has between two moments, of tickets that they have or help with, the earliest first."""
        helps = select(helper.c.ticket_id).where(helper.c.person_id == person_id, helper.c.ended_at.is_(None))
        return self._between(begins_at, ends_at, or_(ticket.c.agent_id == person_id, ticket.c.id.in_(helps)))

    def of_group(self, name: str, begins_at: datetime, ends_at: datetime) -> list[Plan]:
        """Return what is planned for a group's tickets between two moments, the earliest first."""
        return self._between(begins_at, ends_at, ticket.c.group_name == name)

    def _between(self, begins_at: datetime, ends_at: datetime, whose: Any) -> list[Plan]:
        query = select(plan).join(ticket, ticket.c.id == plan.c.ticket_id)
        query = query.where(plan.c.ended_at.is_(None), plan.c.ends_at > begins_at, plan.c.begins_at < ends_at, whose)
        query = query.order_by(plan.c.begins_at, plan.c.id).limit(MOST)
        return [Plan(*row) for row in self._connection.execute(query).all()]

    def rewrite(self, ticket_id: int, change: Callable[[str], str]) -> None:
        """Let the words of a ticket's plans say something else."""
        for each in self.of(ticket_id):
            words = {name: change(getattr(each, name)) for name in WORDS}
            if any(words[name] != getattr(each, name) for name in WORDS):
                self.change(each.id, **words)

    def written_by(self, person_id: int, after: int, most: int) -> list[Plan]:
        """Return plans behind a number that have words of somebody's, in the order of their numbers."""
        place, note = plan.c.place != "", (plan.c.note != "") & _note_is_by(person_id)
        query = select(plan).where(plan.c.id > after, or_((plan.c.by_id == person_id) & place, note))
        return [Plan(*row) for row in self._connection.execute(query.order_by(plan.c.id).limit(most)).all()]

    def forget_written(self, number: int, person_id: int) -> None:
        """Keep of a plan no word of somebody's, and what others wrote."""
        this = plan.c.id == number
        self._connection.execute(update(plan).where(this, plan.c.by_id == person_id).values(place=""))
        self._connection.execute(update(plan).where(this, _note_is_by(person_id)).values(note=""))

    def forget(self, tickets: Collection[int]) -> None:
        """Keep no word of what was planned for tickets."""
        forget_plans(self._connection, tickets)


def _note_is_by(person_id: int) -> ColumnElement[bool]:
    return or_(plan.c.note_by_id == person_id, plan.c.note_by_id.is_(None) & (plan.c.by_id == person_id))


def forget_plans(connection: Connection, tickets: Collection[int]) -> None:
    """Keep of what was planned for tickets the times, and no word of anybody's."""
    connection.execute(update(plan).where(plan.c.ticket_id.in_(tickets)).values(dict.fromkeys(WORDS, "")))
