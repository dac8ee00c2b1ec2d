"""Sending rates, kept in the database so that every process spends from the same allowance.

Each rate remembers when its last messages were sent, so that no stretch of its period ever sees more than it allows.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.models import bucket
from storage.queues import lanes
from storage.queues.outbox import Rate
from storage.types import EPOCH

_MICROSECOND = timedelta(microseconds=1)
SKEW = timedelta(seconds=5)  # that the clocks of two processes may differ: what is later, a clock that was ahead wrote
_NAMES = bucket.c.name.in_(bindparam("names", expanding=True))
_READ = (
    select(bucket.c.name, bucket.c.sent, bucket.c.held_until).where(_NAMES).order_by(bucket.c.name).with_for_update()
)


def _upsert(dialect: str) -> Any:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(bucket)
    new = insert.excluded
    return insert.on_conflict_do_update(index_elements=["name"], set_={"sent": new.sent, "held_until": new.held_until})


_MAKE = postgresql.insert(bucket).on_conflict_do_nothing(index_elements=["name"])
_WRITE = {name: _upsert(name) for name in ("sqlite", "postgresql")}


@dataclass(slots=True)
class _Spent:
    sent: list[int]
    held_until: datetime | None = None


class Allowance:
    """The rates that one lease may spend from; ``save`` writes what was spent."""

    def __init__(self, connection: Connection, rates: Mapping[str, Rate], now: datetime) -> None:
        self._connection = connection
        self._rates = rates
        self._now = now
        self._spent, self._changed = _read(connection, rates, now)

    def take(self, names: Iterable[str]) -> datetime | None:
        """Spend one message of each rate and return None, or, spending nothing, return when all of them allow it."""
        wanted = list(names)
        due = max((self._allowed(name) for name in wanted), default=self._now)
        if due > self._now:
            return due
        for name in wanted:
            spent = self._spent.setdefault(name, _Spent([]))
            spent.sent = [*spent.sent, _ticks(self._now)][-self._rates[name].count :]
            self._changed.add(name)
        return None

    def hold(self, name: str, until: datetime) -> None:
        """Spend nothing of a rate before this moment: the messenger said so."""
        spent = self._spent.setdefault(name, _Spent([]))
        until = min(until, self._now + lanes.LONGEST)
        spent.held_until = max(until, spent.held_until or until)
        self._changed.add(name)

    def _allowed(self, name: str) -> datetime:
        rate, spent = self._rates[name], self._spent.get(name)
        if spent is None:
            return self._now
        due = self._now
        if len(spent.sent) >= rate.count:
            due = max(due, EPOCH + spent.sent[-rate.count] * _MICROSECOND + rate.period)
        return max(due, spent.held_until or due)

    def save(self) -> None:
        """Write what was spent, in name order against deadlocks."""
        rows = [
            {"name": name, "sent": json.dumps(self._spent[name].sent), "held_until": self._spent[name].held_until}
            for name in sorted(self._changed)
        ]
        if rows:
            self._connection.execute(_WRITE[self._connection.dialect.name], rows)


def _read(connection: Connection, rates: Mapping[str, Rate], now: datetime) -> tuple[dict[str, _Spent], set[str]]:
    """Return what was spent and held, and the names of the rates where a clock that was ahead wrote it down.

    What was sent in the future was sent by now: it counts as sent now, once. What is held for longer than we hold is not.
    """
    if not rates:
        return {}, set()
    names = sorted(rates)
    rows = connection.execute(_READ, {"names": names}).all()
    if len(rows) < len(names) and connection.dialect.name == "postgresql":  # what is not there cannot be locked
        connection.execute(_MAKE, [{"name": name, "sent": "[]"} for name in names])
        rows = connection.execute(_READ, {"names": names}).all()
    latest, longest, at = _ticks(now + SKEW), now + lanes.LONGEST, _ticks(now)
    spent: dict[str, _Spent] = {}
    ahead: set[str] = set()
    for row in rows:
        sent = json.loads(row.sent)
        if sent and sent[-1] > latest:
            ahead.add(row.name)
            sent = [min(each, at) for each in sent]
        held = row.held_until if row.held_until is not None and row.held_until <= longest else None
        spent[row.name] = _Spent(sent, held)
    return spent, ahead


def _ticks(moment: datetime) -> int:
    return (moment - EPOCH) // _MICROSECOND
