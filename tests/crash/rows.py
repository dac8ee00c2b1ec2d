"""The database as a crash test reads it, while the desk is at rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select, update

from handlers.rules import Rules
from handlers.rules.change import put_document
from storage.desk.request_channels import RequestChannels
from storage.engine.database import Work
from storage.engine.opening import open_database
from storage.models import approval, approver, entry, guest, inbox, message, outgoing, plan, post, timer
from storage.transaction import Transaction

T = TypeVar("T")
PROGRAM = "program"
EVERY = {"opens": ["mention", "every"], "answer": False}


@dataclass(frozen=True, slots=True)
class Rows:
    """All that matters, as it was at one moment."""

    inbox: Sequence[Any]
    messages: Sequence[Any]
    entries: Sequence[Any]
    outgoing: Mapping[int, Any]
    posts: Sequence[Any]
    timers: Sequence[Any]
    approvals: Sequence[Any]
    seats: Sequence[Any]
    plans: Sequence[Any]
    guests: Sequence[Any]


def _read(connection: Connection) -> Rows:
    def all_of(table: Any) -> Sequence[Any]:
        return connection.execute(select(table).order_by(table.c.id)).all()

    return Rows(
        all_of(inbox),
        all_of(message),
        all_of(entry),
        {row.id: row for row in all_of(outgoing)},
        all_of(post),
        all_of(timer),
        all_of(approval),
        all_of(approver),
        all_of(plan),
        connection.execute(select(guest).order_by(guest.c.ticket_id, guest.c.person_id)).all(),
    )


def _waiting(connection: Connection, now: datetime) -> str:
    waits = {
        "timers": timer.c.fired_at.is_(None) & (timer.c.due_at <= now),
        "events": inbox.c.done_at.is_(None),
        "messages": outgoing.c.done_at.is_(None),
    }
    found = {name: connection.scalar(select(func.count()).where(each)) for name, each in waits.items()}
    return ", ".join(f"{number} {name} wait" for name, number in found.items() if number)


class Reader:
    """Opens the database for each look and closes it, so that it is the desk that recovers it after a crash."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def rows(self) -> Rows:
        """Return everything."""
        return await self._look(_read)

    async def waiting(self, now: datetime) -> str:
        """Return how many events, promised messages and due timers wait; nothing where none do."""
        return await self._look(lambda connection: _waiting(connection, now))

    async def open_channels(self, places: Sequence[tuple[str, str]], now: datetime) -> None:
        """Let each post in these chats (source, chat) be a request."""

        def keep(connection: Connection) -> None:
            for source, chat in places:
                RequestChannels(connection).keep(source, chat, title="clients", settings=EVERY, at=now)

        await self._run(keep)

    async def meet(self, people: Sequence[tuple[str, str, str, str]], now: datetime) -> None:
        """Let people (source, native id, private chat, name) be known to the desk."""

        def keep(connection: Connection) -> None:
            for source, native, chat, name in people:
                facts: dict[str, Any] = {"name": name, "username": "", "language": "en", "chat": chat}
                Transaction(connection).people.meet(source, native, at=now, **facts)

        await self._run(keep)

    async def add_program(self, url: str, now: datetime) -> str:
        """Let a webhook lead to a program; return the secret that it knows the desk by."""

        def keep(connection: Connection) -> str:
            tx = Transaction(connection)
            newest = tx.rules.newest()
            assert newest is not None
            put_document(
                tx, {**newest.data, "webhooks": {PROGRAM: {"url": url}}}, Rules(), act="apply", by=None, at=now
            )
            return tx.webhooks.signs_with(PROGRAM, now)[0]

        return await self._run(keep)

    async def make_due(self, now: datetime) -> None:
        """Let every timer that is set be due."""
        await self._run(
            lambda connection: (
                connection.execute(update(timer).where(timer.c.fired_at.is_(None)).values(due_at=now)).rowcount
            )
        )

    async def run(self, work: Work[T]) -> T:
        """Return what a look finds, or do what another day has done."""
        return await self._run(work)

    async def _look(self, work: Work[T]) -> T:
        """Read as at one moment, also on PostgreSQL, where each question of a transaction that writes has its own."""
        database = await open_database(self._url)
        try:
            return await database.read(work)
        finally:
            await database.close()

    async def _run(self, work: Work[T]) -> T:
        database = await open_database(self._url)
        try:
            return await database.run(work)
        finally:
            await database.close()
