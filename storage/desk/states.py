"""What the desk remembers of a person for a while: each state has an owner, an end, and a rule for when accounts are joined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from storage.engine.compiled import Prepared, any_of, few_values
from storage.engine.upsert import put_row
from storage.models import StateKind, person_state

# What becomes of a second account's state when both are one person. What stands here moves unless the first has one of its own;
# of a group's turns the later counts; all else names buttons and codes that only the second one was shown, and is dropped.
MOVED = (
    StateKind.TARGET,
    StateKind.QUEUE,
    StateKind.FIND,
    StateKind.VIEW,
    StateKind.BAN_TOLD,
    StateKind.HOME,
    StateKind.AUDIT,
    StateKind.REPORT,
    StateKind.TOLD,
    StateKind.EXPORTED,
    StateKind.OFFERED,
)
DROPPED = (
    StateKind.FILE,
    StateKind.GUEST,
    StateKind.LINK,
    StateKind.PROPOSAL,
    StateKind.BULK,
    StateKind.PAGE_OPEN,
    StateKind.ASKING,
    StateKind.ERASING,
    StateKind.NOTE_TOLD,
    StateKind.UNDO,
    StateKind.COPY,
)
LARGEST = (StateKind.TURN,)
# What is remembered of how a ticket stood, to be given back, names others by number under these.
PEOPLE_BEFORE = ("agent", "guests", "helped", "watched")


@dataclass(frozen=True, slots=True)
class State:
    """One thing that is remembered of a person."""

    person_id: int
    key: str
    value: Any
    until: datetime


_kept = (person_state.c.kind == bindparam("of_kind"), person_state.c.key == bindparam("of_key"))
_its = (person_state.c.person_id == bindparam("of_person"), *_kept)
_GET = Prepared(select(person_state.c.value).where(*_its, person_state.c.until > bindparam("now")), once=True)
_OF_EACH = Prepared(
    select(person_state.c.person_id, person_state.c.value).where(
        any_of(person_state.c.person_id), *_kept, person_state.c.until > bindparam("now")
    )
)
_STATES = select(person_state.c.person_id, person_state.c.key, person_state.c.value, person_state.c.until)


class States:
    """What is remembered of people, as one transaction sees it; what has ended is not there."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person: int, kind: StateKind, now: datetime, key: str = "") -> Any:
        """Return what is remembered, None where there is nothing."""
        return _GET.scalar(self._connection, {"of_person": person, "of_kind": kind, "of_key": key, "now": now})

    def of_each(self, people: Sequence[int], kind: StateKind, now: datetime) -> dict[int, Any]:
        """Return what is remembered of these people, of a kind that each has one of, by person."""
        asked = {"of_kind": kind, "of_key": "", "now": now}
        return {
            person: value
            for some in few_values(people)
            for person, value in _OF_EACH.all(self._connection, {**asked, **some})
        }

    def put(self, person: int, kind: StateKind, until: datetime, *, value: Any = None, key: str = "") -> None:
        """Remember something until then (without a value: that it is so); what was remembered in its place gives way."""
        its = {"person_id": person, "kind": kind, "key": key}
        put_row(self._connection, person_state, its, {"value": True if value is None else value, "until": until})

    def take(self, person: int, kind: StateKind, now: datetime, key: str = "") -> Any:
        """Return what is remembered and forget it, so that it serves once."""
        where = (person_state.c.person_id == person, person_state.c.kind == kind, person_state.c.key == key)
        query = select(person_state.c.value).where(*where, person_state.c.until > now).with_for_update()
        value = self._connection.scalar(query)
        self._connection.execute(delete(person_state).where(*where))
        return value

    def owner(self, kind: StateKind, key: str, now: datetime) -> int | None:
        """Return whose state of this key it is, held until the transaction ends; None where it is nobody's."""
        where = (person_state.c.kind == kind, person_state.c.key == key, person_state.c.until > now)
        return self._connection.scalar(select(person_state.c.person_id).where(*where).limit(1).with_for_update())

    def all(self, kind: StateKind, now: datetime, *, key: str = "", limit: int | None = None) -> list[State]:
        """Return what is remembered of everybody, what ends last first."""
        where = (person_state.c.kind == kind, person_state.c.key == key, person_state.c.until > now)
        query = _STATES.where(*where).order_by(person_state.c.until.desc(), person_state.c.person_id).limit(limit)
        return [State(*row) for row in self._connection.execute(query).all()]


def join_states(connection: Connection, *, keep: int, gone: int) -> None:
    """Drop of a second person what names buttons and codes of theirs; of what counts as the larger let the first have it.

    What is left moves with the other rows that a person has one each of. What is remembered to be given back, whoever remembers
    it, names the first from now on.
    """
    _rename_before(connection, keep=keep, gone=gone)
    connection.execute(delete(person_state).where(person_state.c.person_id == gone, person_state.c.kind.in_(DROPPED)))
    mine = {
        (row.kind, row.key): row.value
        for row in connection.execute(select(person_state).where(person_state.c.person_id == keep)).all()
    }
    theirs = select(person_state).where(person_state.c.person_id == gone, person_state.c.kind.in_(LARGEST))
    for row in connection.execute(theirs).all():
        known = mine.get((row.kind, row.key))
        if known is not None and row.value > known:
            its = (person_state.c.person_id == keep, person_state.c.kind == row.kind, person_state.c.key == row.key)
            connection.execute(update(person_state).where(*its).values(value=row.value, until=row.until))


def _rename_before(connection: Connection, *, keep: int, gone: int) -> None:
    query = select(person_state).where(person_state.c.kind == StateKind.UNDO)
    query = query.order_by(person_state.c.person_id, person_state.c.key).with_for_update()
    for row in connection.execute(query).all():
        before = row.value if isinstance(row.value, dict) else {}
        renamed = {name: _renamed(before[name], keep, gone) for name in PEOPLE_BEFORE if name in before}
        if any(before[name] != value for name, value in renamed.items()):
            its = (
                person_state.c.person_id == row.person_id,
                person_state.c.kind == row.kind,
                person_state.c.key == row.key,
            )
            connection.execute(update(person_state).where(*its).values(value={**before, **renamed}))


def _renamed(people: Any, keep: int, gone: int) -> Any:
    """Return people with one number in the place of another, each once: a number, several, or several by ticket."""
    if isinstance(people, dict):
        return {ticket: _renamed(some, keep, gone) for ticket, some in people.items()}
    if isinstance(people, list):
        return list(dict.fromkeys(_renamed(one, keep, gone) for one in people))
    return keep if people == gone else people
