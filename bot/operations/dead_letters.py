"""Dead letters: events whose turn failed for good and messages that could not go out, until an operator decides.

Messages that a team place refuses now are named with them: they wait by themselves, and may be given up.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from storage.engine.database import Connection
from storage.engine.migrate import check_current, reading_current
from storage.engine.opening import open_database
from storage.queues import inbox, standstill, undelivered

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One of them: ``event:12`` came in and could not be handled, ``message:34`` could not go out."""

    id: str
    since: datetime
    where: str
    tries: int
    why: str
    payload: str
    waits: bool = False  # it goes out by itself once the place takes it

    def as_dict(self) -> dict[str, str | int]:
        """Return plain values for JSON."""
        return {**asdict(self), "since": self.since.isoformat()}


async def dead_letters(url: str) -> list[DeadLetter]:
    """Return all of them, the newest first."""
    async with reading_current(url) as database:
        return await database.read(_all)


async def retry_dead_letters(url: str, ids: Sequence[str]) -> int:
    """Put them back where they came from; return how many."""
    now = datetime.now(UTC)
    return await _in_database(
        url,
        lambda connection: (
            inbox.retry_dead_events(connection, _of("event", ids), now)
            + undelivered.retry_undelivered(connection, _of("message", ids), now)
        ),
    )


async def drop_dead_letters(url: str, ids: Sequence[str]) -> int:
    """Forget them for good; return how many."""
    now = datetime.now(UTC)
    return await _in_database(
        url,
        lambda connection: (
            inbox.drop_dead_events(connection, _of("event", ids))
            + undelivered.drop_undelivered(connection, _of("message", ids), now)
        ),
    )


async def _in_database(url: str, work: Callable[[Connection], T]) -> T:
    def current(connection: Connection) -> T:
        check_current(connection)
        return work(connection)

    database = await open_database(url)
    try:
        return await database.run(current)
    finally:
        await database.close()


def _all(connection: Connection) -> list[DeadLetter]:
    events = [
        DeadLetter(f"event:{row.id}", row.received_at, row.source, row.tries, f"incident {row.incident}", row.payload)
        for row in inbox.dead_letters(connection)
    ]
    messages = [
        DeadLetter(f"message:{row.id}", row.created_at, row.lane, row.tries, _why(row), row.payload)
        for row in undelivered.all_undelivered(connection)
    ]
    messages += [
        DeadLetter(
            f"message:{row.id}", row.created_at, row.lane, row.tries, f"waits: {_why(row)}", row.payload, waits=True
        )
        for row in standstill.refused_rows(connection)
    ]
    return sorted(events + messages, key=lambda letter: letter.since, reverse=True)


def _why(row: Any) -> str:
    return f"{row.operation}: {row.error}" if row.error else str(row.operation)


def _of(kind: str, ids: Iterable[str]) -> list[int]:
    return [int(number) for name, _, number in (letter.partition(":") for letter in ids) if name == kind]
