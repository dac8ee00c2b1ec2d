"""Looks: short reads beside the one writer of a SQLite file, each of them one trip to a thread.

A reader of `sqlite_readers.py` goes to its thread for each step of each statement: a page of twenty requests was a hundred trips,
which were most of what it cost. What is short from beginning to end goes there once, whole, as the writer's transactions do.
"""

import asyncio
import contextlib
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from storage.engine import storable
from storage.engine.database import DatabaseUnavailable, Work, WorkTimedOut
from storage.engine.sqlite_readers import LONGEST, STEPS, read_failure, unicode_lower

T = TypeVar("T")


class SqliteLooks:
    """One read-only connection to a file, opened when it is first needed, with a thread of its own: one look at a time."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._thread: ThreadPoolExecutor | None = None
        self._connection: Connection | None = None
        self._until, self._ended = 0.0, False

    async def look(self, work: Work[T]) -> T:
        """Return what ``work`` reads; raise WorkTimedOut where that took too long,
        DatabaseUnavailable where the file cannot be read now.
        """
        if self._ended:
            raise DatabaseUnavailable("closed")
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "sqlite-looks")
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._looked, work)

    async def close(self) -> None:
        """End the look under way and those that wait, and let go of the file."""
        self._ended = True
        if self._thread is not None:
            await asyncio.to_thread(self._thread.shutdown)
            self._let_go()

    def _looked(self, work: Work[T]) -> T:
        try:
            self._connection = self._connection or self._opened()
            with self._connection.begin():
                return work(self._connection)
        except (DBAPIError, sqlite3.Error) as error:
            state = read_failure(error)
            if state is None:
                raise
            if not isinstance(state, WorkTimedOut):
                self._let_go()  # whatever it was, the next look begins with the file as it is then
            raise state from error

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(DBAPIError, sqlite3.Error):
                connection.close()
            connection.engine.dispose()

    def _opened(self) -> Connection:
        address = URL.create(
            "sqlite+pysqlite", database=self._path.absolute().as_uri(), query={"mode": "ro", "uri": "true"}
        )
        engine = create_engine(
            address,
            poolclass=StaticPool,
            connect_args={"check_same_thread": False, "cached_statements": 256},
            json_serializer=storable.storable_json_text,
        )

        @event.listens_for(engine, "connect")
        def configure(raw: sqlite3.Connection, _record: object) -> None:
            raw.isolation_level = None  # SQLAlchemy's "begin" below decides when a snapshot is taken
            raw.execute("PRAGMA query_only = ON")
            raw.set_progress_handler(lambda: self._ended or time.monotonic() > self._until, STEPS)
            raw.create_function("lower", 1, unicode_lower, deterministic=True)

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            self._until = time.monotonic() + LONGEST
            connection.exec_driver_sql("BEGIN")

        self._until = time.monotonic() + LONGEST
        return engine.connect()
