"""People who have done nothing for long, are not of the team and wait for nothing: erased as if they had asked for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, case, exists, func, insert, not_, select
from sqlalchemy.sql import ColumnElement

from storage.lifecycle import ACTIVE
from storage.models import account, audit, entry, member, message, person, ticket, timer, token, verdict
from storage.tickets.recurrences import TEAM

ERASE = "erase"  # the timer; what it carries says that nobody asked for it (handlers/vocabulary/timers.py)


def _last(moment: Column[datetime], whose: Column[Any]) -> ColumnElement[datetime]:
    """Return when a person did something of a kind last; the day they were known, where they never did."""
    newest = select(func.max(moment)).where(whose == person.c.id).correlate(person).scalar_subquery()
    return func.coalesce(newest, person.c.created_at, type_=moment.type)


def _latest(moments: Sequence[ColumnElement[datetime]]) -> ColumnElement[datetime]:
    """Return the latest of some moments; the two databases have no word for it in common."""
    latest, *others = moments
    for each in others:
        latest = case((each > latest, each), else_=latest)
    return latest


LAST_ACT = _latest(
    (
        _last(ticket.c.talked_at, ticket.c.requester_id),
        _last(verdict.c.at, verdict.c.person_id),
        _last(message.c.at, message.c.person_id),
        _last(entry.c.at, entry.c.person_id),
        _last(audit.c.at, audit.c.person_id),
    )
)
MAY_GO = (
    person.c.erased_at.is_(None)
    & not_(exists().where(account.c.person_id == person.c.id, account.c.native == TEAM))
    & not_(exists().where(member.c.person_id == person.c.id))
    & not_(exists().where(token.c.person_id == person.c.id))
    & not_(exists().where(ticket.c.requester_id == person.c.id, ticket.c.kind.in_(ACTIVE)))
    & not_(exists().where(timer.c.person_id == person.c.id, timer.c.name == ERASE, timer.c.fired_at.is_(None)))
)


def schedule_erases(connection: Connection, rows: Sequence[Any], now: datetime) -> None:
    """Let these people be erased now, each by a timer of their own: that is work of many turns."""
    facts = {"idle": True}
    values = [{"name": ERASE, "due_at": now, "person_id": row[0], "facts": facts} for row in rows]
    connection.execute(insert(timer), values)
