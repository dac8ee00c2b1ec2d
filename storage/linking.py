"""Two people who are one: everything of the second is the first's from now on."""

from sqlalchemy import Connection, Table, delete, insert, select, update

from storage import states
from storage.models import (
    account,
    alias,
    article_version,
    audit,
    ban,
    draft,
    entry,
    favourite,
    leaving,
    member,
    message,
    person,
    rules_revision,
    ticket,
    time_spent,
    timer,
    verdict,
    view,
    watcher,
)

# Where a person stands in a row that is simply theirs: table and columns.
THEIRS: tuple[tuple[Table, tuple[str, ...]], ...] = (
    (account, ("person_id",)),
    (ticket, ("requester_id", "agent_id", "resolved_by")),
    (entry, ("person_id",)),
    (message, ("person_id",)),
    (timer, ("person_id",)),
    (alias, ("proposed_by",)),
    (article_version, ("person_id",)),
    (audit, ("person_id",)),
    (verdict, ("person_id",)),
    (time_spent, ("person_id",)),
    (rules_revision, ("person_id",)),
)


def link(connection: Connection, *, keep: int, gone: int) -> None:
    """Make two people one; half-filled dialogs of the second are dropped, for they name buttons of the second."""
    connection.execute(delete(draft).where(draft.c.person_id == gone))
    for table, key in (
        (member, "team_channel_id"),
        (leaving, "team_channel_id"),
        (favourite, "article_id"),
        (watcher, "ticket_id"),
        (view, "name"),
    ):
        _move(connection, table, key, keep, gone)
    for table, columns in THEIRS:
        for column in columns:
            connection.execute(update(table).where(table.c[column] == gone).values({column: keep}))
    states.join(connection, keep=keep, gone=gone)
    _ban(connection, keep, gone)
    _merge(connection, keep, gone)
    connection.execute(delete(person).where(person.c.id == gone))


def _ban(connection: Connection, keep: int, gone: int) -> None:
    """Whoever is banned as one of the two is banned as both: a second account is no way around it."""
    connection.execute(update(ban).where(ban.c.by_id == gone).values(by_id=keep))
    if connection.execute(select(ban.c.person_id).where(ban.c.person_id == keep)).first():
        connection.execute(delete(ban).where(ban.c.person_id == gone))
    connection.execute(update(ban).where(ban.c.person_id == gone).values(person_id=keep))


def _merge(connection: Connection, keep: int, gone: int) -> None:
    """Keep the stronger role of the two, and what only the second had chosen."""
    mine, theirs = (connection.execute(select(person).where(person.c.id == who)).one() for who in (keep, gone))
    chosen = {name: getattr(mine, name) or getattr(theirs, name) for name in ("language", "time_zone", "notify")}
    role = max(mine.role, theirs.role, key=lambda role: role.rank)
    connection.execute(update(person).where(person.c.id == keep).values(role=role, **chosen))


def _move(connection: Connection, table: Table, key: str, keep: int, gone: int) -> None:
    """Move rows of which a person has one a key, leaving out those the other has already."""
    had = set(connection.scalars(select(table.c[key]).where(table.c.person_id == keep)).all())
    rows = connection.execute(select(table).where(table.c.person_id == gone)).mappings().all()
    connection.execute(delete(table).where(table.c.person_id == gone))
    moved = [{**row, "person_id": keep} for row in rows if row[key] not in had]
    if moved:
        connection.execute(insert(table), moved)
