"""Two people who are one: everything of the second is the first's from now on, until it is undone."""

from collections.abc import Mapping, Sequence
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
    announced,
    announcement,
    approval,
    approver,
    article_remark,
    article_version,
    asset,
    audit,
    ban,
    company_approver,
    company_person,
    draft,
    duty_override,
    entry,
    favourite,
    guest,
    helper,
    known_error,
    leaving,
    member,
    message,
    outage,
    overheard,
    participant,
    person,
    person_state,
    plan,
    recurrence,
    request_thread,
    rules_revision,
    stand_in,
    survey,
    ticket,
    time_spent,
    timer,
    token,
    verdict,
    view,
    watcher,
)
from storage.people.moved_rows import Moved, divide_rows, in_batches, move_rows, rows_by_key
from storage.types import made_id

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
    (article_remark, ("person_id",)),
    (audit, ("person_id",)),
    (verdict, ("person_id",)),
    (time_spent, ("person_id",)),
    (survey, ("person_id",)),
    (rules_revision, ("person_id",)),
    (announcement, ("by_id",)),
    (outage, ("by_id",)),
    (known_error, ("by_id",)),
    (recurrence, ("by_id",)),
    (plan, ("by_id", "note_by_id")),
    (duty_override, ("person_id", "by_id")),
    (token, ("person_id",)),
    (approval, ("by_id",)),
    (approver, ("person_id", "stand_in_id", "answered_by")),
    (stand_in, ("other_id",)),
    (asset, ("person_id",)),
)


# Of what a person has one a key: its other columns that are the table's key; of a company one at all.
ONE_EACH: tuple[Table, ...] = (
    member,
    leaving,
    favourite,
    watcher,
    helper,
    guest,
    participant,
    request_thread,
    view,
    affected,
    announced,
    company_person,
    company_approver,
    stand_in,
    person_state,
)

# What names a person and goes another way, column by column.
APART: Mapping[str, str] = {
    "draft.person_id": "dropped: a half-filled dialog names buttons of the second",
    "ban.person_id": "a ban of one is a ban of both, and of whose it was when they are two again",
    "ban.by_id": "given with the bans themselves",
    "announcement.after": "how far its telling is: a place in the order of numbers, nobody",
    "erased.person_id": "who is erased does nothing any more, and is joined with nobody",
}
TOUCHED = ("different", "told", "waits", "linked", "ended")  # how an outage concerns somebody: of two the later counts
CHOSEN = ("language", "time_zone", "notify")

# What is needed to make two people of one again, as JSON: {"mine", "theirs" (what each had chosen), "since", "away", "keys"
# (by table), "touched", "rows" (ids, by table and column), "ban"}.
Was = dict[str, Any]


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
    states.join_states(connection, keep=keep, gone=gone)
    was["keys"] = {table.name: move_rows(connection, table, keep, gone) for table in ONE_EACH}
    was["touched"] = _join_touched(connection, keep, was["keys"][affected.name])
    was["rows"] = {
        f"{table.name}.{column}": _give(connection, table, column, keep, gone)
        for table, columns in THEIRS
        for column in columns
    }
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
            for ids in in_batches(was["rows"].get(f"{table.name}.{column}", ())):  # the version before knew not all
                theirs = update(table).where(_key(table).in_(ids), table.c[column] == keep)
                connection.execute(theirs.values({column: second}))
    for table in ONE_EACH:
        if table.name in was["keys"]:  # the version before gave none back of some
            divide_rows(connection, table, keep, second, was["keys"][table.name])
    _part_touched(connection, keep, second, was.get("touched", ()))
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


def _ban(connection: Connection, keep: int, gone: int) -> dict[str, Any]:
    """Whoever is banned as one of the two is banned as both; return whose ban it was, and which bans the second has spoken.

    Whose: mine, theirs, both or nobody's. A second account is no way around it.
    """
    by = _give(connection, ban, "by_id", keep, gone)
    banned = set(connection.scalars(select(ban.c.person_id).where(ban.c.person_id.in_((keep, gone)))).all())
    if keep in banned:
        connection.execute(delete(ban).where(ban.c.person_id == gone))
    connection.execute(update(ban).where(ban.c.person_id == gone).values(person_id=keep))
    whose = {(): "", (keep,): "mine", (gone,): "theirs"}.get(tuple(banned), "both")
    return {"whose": whose, "by": [each for each in by if each != gone], "own": gone in by}


def _unban(connection: Connection, keep: int, second: int, was: Mapping[str, Any] | str) -> None:
    """Let each be banned who was, and both where it was said of the one they were; and by whom it was.

    ``was`` is {"whose", "by", "own"}, as ``_ban`` returned it.
    """
    was = {"whose": was, "by": [], "own": False} if isinstance(was, str) else was  # as the version before kept it
    whose, by = was["whose"], [*was["by"], *([second] if was["own"] else [])]
    found = connection.execute(select(ban).where(ban.c.person_id == keep)).mappings().first()
    if found is not None and whose == "theirs":
        connection.execute(update(ban).where(ban.c.person_id == keep).values(person_id=second))
    elif found is not None and whose != "mine":
        connection.execute(insert(ban).values({**found, "person_id": second}))
    for ids in in_batches(by):
        spoken = update(ban).where(ban.c.person_id.in_(ids), ban.c.by_id == keep)
        connection.execute(spoken.values(by_id=second))


def _join_touched(connection: Connection, keep: int, moved: Moved) -> list[list[Any]]:
    """Let an outage that concerns both concern the one as it concerns whom it does more; return how it was, and is."""
    mine, found = rows_by_key(connection, affected, keep), list[list[Any]]()
    for row in moved["both"]:
        state = str(mine[row["outage_id"],]["state"])
        more = max(state, str(row["state"]), key=TOUCHED.index)
        found.append([row["outage_id"], state, more])
        _touch(connection, keep, row["outage_id"], more)
    return found


def _part_touched(connection: Connection, keep: int, second: int, joined: Sequence[Sequence[Any]]) -> None:
    """Let an outage concern each of two as it did; what they have heard as one, both have heard."""
    there = rows_by_key(connection, affected, keep)
    for number, mine, more in joined:
        now = str(there[number,]["state"]) if (number,) in there else ""
        if now == more:
            _touch(connection, keep, number, mine)
        elif now:
            _touch(connection, second, number, now)


def _touch(connection: Connection, person_id: int, outage_id: int, state: str) -> None:
    its = (affected.c.person_id == person_id, affected.c.outage_id == outage_id)
    connection.execute(update(affected).where(*its).values(state=state))
