"""Readers beside the one writer of a SQLite file: each read sees one moment of it, and holds nobody up.

They use the driver that the address names, aiosqlite: each connection has a thread of its own, in which a statement runs while
the event loop goes on. What Python makes of the rows runs in the loop: whoever reads much takes it in pieces.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.engine import storable
from storage.engine.database import DatabaseUnavailable, Work, WorkTimedOut, database_failure

T = TypeVar("T")

MOST = 2  # reads at a time; further ones wait for one of them
LONGEST = 10.0  # seconds that a read may take: an old snapshot keeps the log of the file from being taken over
STEPS = 10_000  # instructions of SQLite between two looks at the time: some milliseconds


class SqliteReaders:
    """A few read-only connections to a file, opened when they are first needed."""

    def __init__(self, path: str | Path, *, most: int = MOST) -> None:
        self._path, self._most = Path(path), most
        self._engine: AsyncEngine | None = None
        self._under_way: set[asyncio.Task[Any]] = set()
        self._ended = False  # whatever is under way comes to its end

    async def read(self, work: Work[T]) -> T:
        """Return what ``work`` reads; raise WorkTimedOut where that took too long,
        DatabaseUnavailable where the file cannot be read now.

        A read whose waiter is cancelled goes on to its end, so that no connection is left half-way.
        """
        task = asyncio.create_task(self._read(work))
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited has heard of it

    async def _read(self, work: Work[T]) -> T:
        if self._engine is None:
            self._engine = _engine(self._path, self._most, lambda: self._ended)
        try:
            async with self._engine.connect() as connection, connection.begin():
                return await connection.run_sync(work)
        except PoolTimeout:
            raise DatabaseUnavailable("all who read are busy") from None
        except (DBAPIError, sqlite3.Error) as error:
            state = read_failure(error)
            if state is None:
                raise
            raise state from error

    async def version(self) -> int:
        """Return a number that is another one after every commit; 0 while there is no file. For one connection only."""
        try:
            return int(
                await self.read(lambda connection: connection.exec_driver_sql("PRAGMA data_version").scalar() or 0)
            )
        except DatabaseUnavailable:
            return 0

    async def close(self) -> None:
        """End what is being read, and let go of the file; a later read opens it again."""
        self._ended = True
        await asyncio.gather(*self._under_way, return_exceptions=True)
        if self._engine is not None:
            engine, self._engine = self._engine, None
            await engine.dispose()
        self._ended = False


def read_failure(error: Exception) -> Exception | None:
    """Return what a driver's error means to whoever reads: it took too long, or the file is in trouble; None: it is a fault."""
    original = getattr(error, "orig", None) or error
    if getattr(original, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
        return WorkTimedOut(f"a read was ended after {LONGEST:g} s")
    return database_failure(error)


def _engine(path: Path, most: int, ended: Callable[[], bool]) -> AsyncEngine:
    address = URL.create("sqlite+aiosqlite", database=path.absolute().as_uri(), query={"mode": "ro", "uri": "true"})
    engine = create_async_engine(
        address, pool_size=most, max_overflow=0, pool_timeout=LONGEST, json_serializer=storable.storable_json_text
    )

    @event.listens_for(engine.sync_engine, "connect")
    def configure(raw: Any, record: Any) -> None:
        until = record.info["until"] = [0.0]
        raw.isolation_level = None  # SQLAlchemy's "begin" below decides when a snapshot is taken
        raw.run_async(lambda driver: driver.execute("PRAGMA query_only = ON"))
        raw.run_async(lambda driver: driver.set_progress_handler(lambda: ended() or time.monotonic() > until[0], STEPS))
        raw.create_function("lower", 1, unicode_lower, deterministic=True)

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.info["until"][0] = time.monotonic() + LONGEST
        connection.exec_driver_sql("BEGIN")

    return engine


def unicode_lower(value: str | None) -> str | None:
    """Return a text in small letters; SQLite's own knows ASCII only."""
    return None if value is None else value.lower()
