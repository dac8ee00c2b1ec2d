"""Alerts: what monitoring says is broken, by the program's own keys, and the request that stands for all of a group of them."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from storage.models import alert, alert_group, ticket
from storage.types import made_id


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """Alerts that are one request, in the columns' order."""

    id: int
    key: str
    ticket_id: int
    current: bool
    firings: int  # that were told of it, the first included
    noted: int  # of these, as many as the team has read of
    note_at: datetime | None  # when a note is due; None: nobody has set one
    began_at: datetime
    last_at: datetime
    over_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlertCount:
    """What a request stands for, of however many groups: how often they fired, of these as many as the team read of."""

    groups: int
    over: int  # groups of which nothing fires any more
    firings: int
    noted: int
    firing: int  # alerts that fire now


def key_digest(*parts: object) -> str:
    """Return what stands for a key: it may be of any length, and name anybody."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


class Alerts:
    """The alerts, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self, key: str) -> AlertGroup | None:
        """Return the group of a key that is joined now, over or not; whoever else tells of it waits."""
        query = select(alert_group).where(alert_group.c.key == key, alert_group.c.current)
        row = self._connection.execute(query.with_for_update()).first()
        return AlertGroup(*row) if row else None

    def keys_of(self, program: int, alerts: Collection[str]) -> dict[str, str]:
        """Return by alert the key of a program's group of which it is, where that fires; the table has such alerts alone."""
        its = (alert.c.key.in_(alerts), alert_group.c.current, alert_group.c.over_at.is_(None))
        query = select(alert.c.key, alert_group.c.key).join(alert_group, alert_group.c.id == alert.c.group_id)
        query = query.join(ticket, ticket.c.id == alert_group.c.ticket_id).where(*its, ticket.c.requester_id == program)
        return dict(self._connection.execute(query.order_by(alert_group.c.id)).all())

    def first_of(self, ticket: int) -> AlertGroup | None:
        """Return the first of the groups that a request stands for."""
        query = select(alert_group).where(alert_group.c.ticket_id == ticket).order_by(alert_group.c.id).limit(1)
        row = self._connection.execute(query).first()
        return AlertGroup(*row) if row else None

    def of_tickets(self, tickets: Collection[int]) -> AlertCount | None:
        """Return what some requests stand for; None where that is no alert."""
        its = alert_group.c.ticket_id.in_(tickets)
        counts = (func.count(), func.count(alert_group.c.over_at), func.sum(alert_group.c.firings))
        row = self._connection.execute(select(*counts, func.sum(alert_group.c.noted)).where(its)).one()
        if not row[0]:
            return None
        fires = select(func.count()).select_from(alert).where(alert.c.firing, alert.c.group_id == alert_group.c.id, its)
        return AlertCount(row[0], row[1], int(row[2]), int(row[3]), self._connection.scalar(fires) or 0)

    def get(self, group: int) -> AlertGroup | None:
        """Return a group."""
        row = self._connection.execute(select(alert_group).where(alert_group.c.id == group)).first()
        return AlertGroup(*row) if row else None

    def begin(self, key: str, ticket: int, at: datetime) -> int:
        """Let a request stand for a group from now on, in the place of an earlier one; return the group's id."""
        before = (alert_group.c.key == key, alert_group.c.current)
        self._connection.execute(update(alert_group).where(*before).values(current=False))
        values = {"key": key, "ticket_id": ticket, "current": True, "firings": 0, "noted": 0}
        made = self._connection.execute(insert(alert_group).values(**values, began_at=at, last_at=at))
        return made_id(made)

    def change(self, group: int, **values: object) -> None:
        """Change what is known of a group."""
        self._connection.execute(update(alert_group).where(alert_group.c.id == group).values(**values))

    def put(self, group: int, states: Mapping[str, bool]) -> None:
        """Keep which alerts of a group fire, by key; of the others nothing changes."""
        its = alert.c.group_id == group
        known = self._connection.scalars(select(alert.c.key).where(its, alert.c.key.in_(list(states)))).all()
        for firing in (True, False):
            changed = [key for key in known if states[key] is firing]
            if changed:
                self._connection.execute(update(alert).where(its, alert.c.key.in_(changed)).values(firing=firing))
        new = [
            {"group_id": group, "key": key, "firing": fires} for key, fires in states.items() if key not in set(known)
        ]
        if new:
            self._connection.execute(insert(alert), new)

    def firing(self, group: int) -> int:
        """Return how many alerts of a group fire now."""
        its = (alert.c.group_id == group, alert.c.firing)
        return self._connection.scalar(select(func.count()).select_from(alert).where(*its)) or 0

    def end(self, group: int, at: datetime) -> None:
        """Remember that none of a group fires any more; of each alone nothing is kept."""
        self._connection.execute(delete(alert).where(alert.c.group_id == group))
        self.change(group, over_at=at)
