"""Two people who are one: everything of the second is the first's from now on, until it is undone."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, insert, select, update

from storage.desk import states
from storage.models import (
    MessageKind,
    Role,
    account,
    affected,
    alias,
    announcement,
    article_version,
    audit,
    ban,
    company_person,
    draft,
    entry,
    favourite,
    leaving,
    member,
    message,
    outage,
    overheard,
    participant,
    person,
    request_thread,
    rules_revision,
    ticket,
    time_spent,
    timer,
    verdict,
    view,
    watcher,
)
from storage.types import made_id

BATCH = 500  # ids in one statement

# Where a person stands in a row that is simply theirs: table and columns.
THEIRS: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (account, ("person_id",)),
    (ticket, ("requester_id", "agent_id", "resolved_by")),
    (entry, ("person_id",)),
    (message, ("person_id",)),
    (overheard, ("person_id",)),
    (timer, ("person_id",)),
    (alias, ("proposed_by",)),
    (article_version, ("person_id",)),
    (audit, ("person_id",)),
    (verdict, ("person_id",)),
    (time_spent, ("person_id",)),
    (rules_revision, ("person_id",)),
    (announcement, ("by_id",)),
    (outage, ("by_id",)),
)


# Of what a person has one a key: table and key.
ONE_EACH: tuple[tuple[Table, str], ...] = (
    (member, "team_channel_id"),
    (leaving, "team_channel_id"),
    (favourite, "article_id"),
    (watcher, "ticket_id"),
    (participant, "ticket_id"),
    (request_thread, "ticket_id"),
    (view, "name"),
    (affected, "outage_id"),
)
CHOSEN = ("language", "time_zone", "notify")

Was = dict[str, Any]  # what is needed to make two people of one again, as JSON


def link_people(connection: Connection, *, keep: int, gone: int) -> Was:
    """Make two people one; return what is needed to undo it.

    Half-filled dialogs of the second are dropped, for they name buttons of the second.
    """
    mine, theirs = (connection.execute(select(person).where(person.c.id == who)).one() for who in (keep, gone))
    was: Was = {
        "mine": {name: getattr(mine, name) for name in CHOSEN},
        "theirs": {name: getattr(theirs, name) for name in ("name", "role", *CHOSEN)},
        "since": theirs.created_at.isoformat(),
        "away": theirs.away_since.isoformat() if theirs.away_since else None,
    }
    connection.execute(delete(draft).where(draft.c.person_id == gone))
    was["keys"] = {table.name: _move(connection, table, key, keep, gone) for table, key in ONE_EACH}
    was["rows"] = {
        f"{table.name}.{column}": _give(connection, table, column, keep, gone)
        for table, columns in THEIRS
        for column in columns
    }
    states.join_states(connection, keep=keep, gone=gone)
    if connection.execute(select(company_person).where(company_person.c.person_id == keep)).first() is None:
        theirs_too = update(company_person).where(company_person.c.person_id == gone)
        connection.execute(theirs_too.values(person_id=keep))  # one company each: their own goes before the second's
    was["ban"] = _ban(connection, keep, gone)
    chosen = {name: was["mine"][name] or was["theirs"][name] for name in CHOSEN}
    role = min(mine.role, theirs.role, key=lambda role: role.rank)  # nobody is more by being one with somebody
    connection.execute(update(person).where(person.c.id == keep).values(role=role, **chosen))
    was["mine"]["role"] = mine.role
    connection.execute(delete(person).where(person.c.id == gone))
    return was


def unlink_people(connection: Connection, keep: int, was: Was) -> int:
    """Make two people of one again: each has what was theirs, and what came since on their own account; return the second."""
    since, away = (datetime.fromisoformat(was[name]) if was[name] else None for name in ("since", "away"))
    values = {**was["theirs"], "role": Role(was["theirs"]["role"]), "created_at": since, "away_since": away}
    second = made_id(connection.execute(insert(person).values(values)))
    mine = {**was["mine"], "role": Role(was["mine"]["role"])}
    connection.execute(update(person).where(person.c.id == keep).values(mine))
    for table, columns in THEIRS:
        for column in columns:
            for ids in _batches(was["rows"][f"{table.name}.{column}"]):
                theirs = update(table).where(_key(table).in_(ids), table.c[column] == keep)
                connection.execute(theirs.values({column: second}))
    for table, key in ONE_EACH:
        _divide(connection, table, key, keep, second, was["keys"][table.name])
    _unban(connection, keep, second, was["ban"])
    accounts = select(account.c.id).where(account.c.person_id == second)
    talked = update(ticket).where(ticket.c.account_id.in_(accounts), ticket.c.requester_id == keep)
    connection.execute(talked.values(requester_id=second))
    tickets = select(ticket.c.id).where(ticket.c.requester_id == second)
    said = (message.c.ticket_id.in_(tickets), message.c.person_id == keep, message.c.kind == MessageKind.FOLLOW_UP)
    connection.execute(update(message).where(*said).values(person_id=second))
    return second


def _key(table: Table) -> Column[int]:
    """Return the column that tells a table's rows apart."""
    return next(iter(table.primary_key.columns))


def _give(connection: Connection, table: Table, column: str, keep: int, gone: int) -> list[int]:
    """Give what names the second to the first; return which rows these are."""
    theirs = connection.scalars(select(_key(table)).where(table.c[column] == gone)).all()
    if theirs:
        connection.execute(update(table).where(table.c[column] == gone).values({column: keep}))
    return list(theirs)


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield ids a few at a time: a statement takes no more."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _ban(connection: Connection, keep: int, gone: int) -> str:
    """Whoever is banned as one of the two is banned as both; return whose ban it was: mine, theirs, both or nobody's.

    A second account is no way around it.
    """
    connection.execute(update(ban).where(ban.c.by_id == gone).values(by_id=keep))
    banned = set(connection.scalars(select(ban.c.person_id).where(ban.c.person_id.in_((keep, gone)))).all())
    if keep in banned:
        connection.execute(delete(ban).where(ban.c.person_id == gone))
    connection.execute(update(ban).where(ban.c.person_id == gone).values(person_id=keep))
    return {(): "", (keep,): "mine", (gone,): "theirs"}.get(tuple(banned), "both")


def _unban(connection: Connection, keep: int, second: int, whose: str) -> None:
    """Let each be banned who was, and both where it was said of the one they were."""
    found = connection.execute(select(ban).where(ban.c.person_id == keep)).mappings().first()
    if found is None or whose == "mine":
        return
    if whose == "theirs":
        connection.execute(update(ban).where(ban.c.person_id == keep).values(person_id=second))
    else:
        connection.execute(insert(ban).values({**found, "person_id": second}))


def _move(connection: Connection, table: Table, key: str, keep: int, gone: int) -> dict[str, list[Any]]:
    """Move rows of which a person has one a key, leaving out those the other has already; return the keys of both sorts."""
    had = set(connection.scalars(select(table.c[key]).where(table.c.person_id == keep)).all())
    rows = connection.execute(select(table).where(table.c.person_id == gone)).mappings().all()
    connection.execute(delete(table).where(table.c.person_id == gone))
    moved = [{**row, "person_id": keep} for row in rows if row[key] not in had]
    if moved:
        connection.execute(insert(table), moved)
    return {"moved": [row[key] for row in moved], "both": [row[key] for row in rows if row[key] in had]}


def _divide(connection: Connection, table: Table, key: str, keep: int, second: int, keys: dict[str, list[Any]]) -> None:
    """Give back the rows that were the second's, as far as they are still there, and a copy of what both had."""
    for name in ("moved", "both"):
        theirs = (table.c.person_id == keep, table.c[key].in_(keys[name]))
        rows = connection.execute(select(table).where(*theirs)).mappings().all()
        if name == "moved":
            connection.execute(delete(table).where(*theirs))
        if rows:
            connection.execute(insert(table), [{**row, "person_id": second} for row in rows])
