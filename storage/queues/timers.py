"""Timers: what is to happen later, as rows; each becomes one event, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.engine.database import notify_on_commit
from storage.models import timer
from storage.types import made_id


@dataclass(frozen=True, slots=True)
class Timer:
    """Something due."""

    id: int
    name: str
    ticket_id: int | None
    person_id: int | None
    facts: Mapping[str, Any]
    due_at: datetime


class Timers:
    """The timers, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def schedule(
        self,
        name: str,
        due_at: datetime,
        *,
        ticket: int | None = None,
        person: int | None = None,
        facts: Mapping[str, Any],
    ) -> int:
        """Set a timer; return its id. ``facts`` are those of its ``TimerData`` (handlers/vocabulary/timers.py)."""
        values = {"name": name, "due_at": due_at, "ticket_id": ticket, "person_id": person, "facts": dict(facts)}
        made = made_id(self._connection.execute(insert(timer).values(values)))
        notify_on_commit(self._connection, "timer")
        return made

    def cancel(self, name: str, *, ticket: int) -> bool:
        """Forget a ticket's waiting timers of this name; return whether there was one."""
        its = (timer.c.name == name, timer.c.ticket_id == ticket, timer.c.fired_at.is_(None))
        return self._connection.execute(delete(timer).where(*its)).rowcount > 0

    def waiting(self, name: str, *, person: int) -> datetime | None:
        """Return when a person's timer of this name is due, None where none waits."""
        its = (timer.c.person_id == person, timer.c.name == name, timer.c.fired_at.is_(None))
        due: datetime | None = self._connection.scalar(select(func.min(timer.c.due_at)).where(*its))
        return due

    def call_off(self, name: str, *, person: int) -> bool:
        """Forget a person's waiting timers of this name; return whether there was one."""
        its = (timer.c.person_id == person, timer.c.name == name, timer.c.fired_at.is_(None))
        return self._connection.execute(delete(timer).where(*its)).rowcount > 0

    def unset(self, timer_id: int) -> bool:
        """Forget a timer that waits; return whether it still did."""
        its = (timer.c.id == timer_id, timer.c.fired_at.is_(None))
        return self._connection.execute(delete(timer).where(*its)).rowcount > 0

    def due(self, now: datetime, most: int) -> Sequence[Timer]:
        """Return what is due, the longest overdue first, held until the transaction ends."""
        query = (
            select(timer.c.id, timer.c.name, timer.c.ticket_id, timer.c.person_id, timer.c.facts, timer.c.due_at)
            .where(timer.c.fired_at.is_(None), timer.c.due_at <= now)
            .order_by(timer.c.due_at, timer.c.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return [Timer(*row) for row in self._connection.execute(query).all()]

    def fired(self, ids: Sequence[int], now: datetime) -> None:
        """Remember that these became events."""
        self._connection.execute(update(timer).where(timer.c.id.in_(ids)).values(fired_at=now))

    def pending(self, name: str) -> Sequence[Timer]:
        """Return the timers of a name that have not rung, the first due first."""
        query = (
            select(timer.c.id, timer.c.name, timer.c.ticket_id, timer.c.person_id, timer.c.facts, timer.c.due_at)
            .where(timer.c.fired_at.is_(None), timer.c.name == name)
            .order_by(timer.c.due_at, timer.c.id)
        )
        return [Timer(*row) for row in self._connection.execute(query).all()]

    def next_due(self) -> datetime | None:
        """Return when the next timer is due."""
        due: datetime | None = self._connection.scalar(
            select(func.min(timer.c.due_at)).where(timer.c.fired_at.is_(None))
        )
        return due
