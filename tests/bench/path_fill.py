"""Databases for the path bench: everybody who writes has a claimed ticket with a thread; older tickets come by bulk SQL."""

import asyncio
import contextlib
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, insert

from bot.operations import seed
from handlers.rules import Rules
from storage import models
from storage.desk.request_types import Requests
from storage.engine import migrate as migrate_module
from storage.engine.migrate import migrate_database
from storage.engine.opening import open_database
from storage.lifecycle import Action, StatusKind
from storage.models import MessageKind, Priority, Role
from storage.retention.forgetting import Mark, forget_expired_rows
from storage.types import EPOCH

BULK = Path(__file__).with_name("path_tickets.sql")
CACHE = Path(".bench").absolute()
MICROSECOND = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1) // MICROSECOND
CARDS = 1_000_000_000  # the first of our own ids of the cards: no ticket in bulk has come so far
FORTY_DAYS = timedelta(days=40) // MICROSECOND


@dataclass(frozen=True, slots=True)
class Story:
    """Who talks where: native ids as the sandbox gave them."""

    source: str
    team: str
    people: Sequence[tuple[str, str, str]]  # native id, chat, name
    roots: Sequence[str]  # what each ticket's thread is: a topic, or the message that it hangs on
    threads: bool  # whether it is a topic


async def filled(url: str, story: Story) -> str:
    """Put everybody of a story, their claimed tickets and threads into a migrated database; return its URL."""
    database = await open_database(url)
    try:
        await database.run(lambda connection: fill(connection, story, datetime.now(UTC)))
    finally:
        await database.close()
    return url


def fill(connection: Connection, story: Story, now: datetime) -> None:
    """Write the team, and one claimed ticket with its thread for each person."""
    at = now - timedelta(hours=1)
    seed.seed_rules(connection, document=seed.example_rules(), base=Rules(), now=at)
    about = Requests(connection).types()[0].id
    form = Requests(connection).form_id("bench", "bench", {"name": "bench", "fields": []}, at)

    def add(table: object, **values: object) -> int:
        made = connection.execute(insert(getattr(models, str(table))).values(**values)).inserted_primary_key
        assert made is not None
        return int(made[0])

    values = {"source": story.source, "chat": story.team, "threads": story.threads}
    channel = add("team_channel", **values, language="en", active=True)
    agent = add("person", name="Bob", role=Role.AGENT, created_at=at)
    for number, ((native, chat, name), root) in enumerate(zip(story.people, story.roots, strict=True), CARDS):
        person = add("person", name=name, role=Role.REQUESTER, created_at=at)
        account = add(
            "account",
            person_id=person,
            source=story.source,
            native=native,
            name=name,
            language="en",
            chat=chat,
        )
        ticket = add(
            "ticket",
            version=2,
            requester_id=person,
            account_id=account,
            request_type_id=about,
            form_id=form,
            summary="My card was charged twice",
            answers={},
            status="open",
            kind=StatusKind.OPEN,
            priority=Priority.NORMAL,
            urgency=2,
            agent_id=agent,
            language="en",
            unread=0,
            created_at=at,
            updated_at=at,
            talked_at=at,
        )
        for action, was, status in ((Action.REGISTER, "", "new"), (Action.CLAIM, "new", "open")):
            add("entry", ticket_id=ticket, person_id=person, action=action, was=was, now=status, facts={}, at=at)
        words = {"text": "My card was charged twice", "spans": []}
        add("message", ticket_id=ticket, person_id=person, kind=MessageKind.FOLLOW_UP, words=words, files=[], at=at)
        place = {"ticket_id": ticket, "team_channel_id": channel}
        topic = root if story.threads else None
        connection.execute(insert(models.thread).values(**place, native=topic, title=name, icon="open"))
        for kind in ("queue", "thread") if story.threads else ("queue",):
            connection.execute(insert(models.card).values(**place, place=kind, outgoing_id=number, look=""))
        if not story.threads:
            shown = {"place": f"{story.source}:{story.team}", "native": root, "part": 0, "ticket_id": ticket}
            add("post", **shown, outgoing_id=number, at=at)


async def with_tickets(count: int) -> Path:
    """Return an SQLite file with so many old tickets of other people, made once for each schema and kept."""
    made = CACHE / f"tickets-{count}-{schema()}.db"
    if not made.exists():
        building = fresh(CACHE / f"building-{os.getpid()}.db")  # two benches at once write each its own
        await migrate_database(f"sqlite+aiosqlite:///{building}")
        await asyncio.to_thread(grow_file, building, count)
        await forget_what_is_old(building)
        building.rename(made)
    return made


async def forget_what_is_old(file: Path) -> None:
    """Leave what a desk of this age still has: else its first hour goes to forgetting, beside whatever is measured."""
    database = await open_database(f"sqlite+aiosqlite:///{file}")
    marks: Mapping[str, Mark] = {}
    now, more = datetime.now(UTC), True
    while more:
        marks, more = await database.run(partial(forget_expired_rows, now=now, marks=marks))
    await database.close()


def schema() -> str:
    """Return a word that changes with the migrations and with what is filled in."""
    versions = Path(migrate_module.__file__).parent / "migrations" / "versions"
    files = (*sorted(versions.glob("*.py")), BULK, Path(__file__))
    return hashlib.sha1(b"".join(file.read_bytes() for file in files), usedforsecurity=False).hexdigest()[:10]


def fresh(file: Path) -> Path:
    """Return a file's path when nothing is left of an earlier one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    for left in file.parent.glob(f"{file.name}*"):
        left.unlink()
    return file


def copied(file: Path, to: Path) -> str:
    """Return the URL of a copy."""
    return f"sqlite+aiosqlite:///{shutil.copy(file, to)}"


def grow_file(file: Path, count: int) -> None:
    """Write so many old tickets into a file."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as raw:
        grow(raw, count)


def grow(raw: sqlite3.Connection, count: int) -> None:
    """Write so many old tickets: `path_tickets.sql` says what stands around each."""
    now = (datetime.now(UTC) - EPOCH) // MICROSECOND
    for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-400000"):
        raw.execute(f"PRAGMA {pragma}")
    raw.execute("BEGIN")
    raw.execute("CREATE TEMP TABLE old (i INTEGER PRIMARY KEY, at INTEGER, who INTEGER)")
    raw.execute("CREATE TEMP TABLE recent (i INTEGER PRIMARY KEY, at INTEGER)")
    rows = ((i, now - FORTY_DAYS - (count - i) * MINUTE, 1 + i % (count // 5)) for i in range(1, count + 1))
    raw.executemany("INSERT INTO old VALUES (?, ?, ?)", rows)
    raw.executemany("INSERT INTO recent VALUES (?, ?)", ((i, now) for i in range(1, count // 50 + 1)))
    for statement in BULK.read_text("utf-8").split(";\n"):
        raw.execute(statement)
    raw.execute("COMMIT")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
