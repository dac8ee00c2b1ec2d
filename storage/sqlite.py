"""SQLite: one file, one writer thread, and transactions that share a commit when they wait together.

Measured: Python, not fsync, is what a transaction costs, and each trip to another thread costs as much as a statement.
So a whole transaction is one trip: the work function runs in the writer's thread on a synchronous connection.
"""

import asyncio
import contextlib
import fcntl
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import Connection, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from storage import storable
from storage.database import Trouble, Unusable, Work, trouble
from storage.prepared import savepoint

T = TypeVar("T")

TOGETHER = 64  # transactions that may share one commit
_ENDED = "the database ended the transaction by itself"
BUSY_MS = 5000  # how long another writer (a command beside the running desk) is waited for


@dataclass(slots=True, eq=False)
class _Job:
    work: Work[Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class SqliteDatabase:
    """The writer thread and its queue."""

    shared = False

    def __init__(self, path: str, connection: Connection, lock: IO[bytes] | None) -> None:
        self._path = path
        self._connection = connection
        self._raw: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        self._lock = lock
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name="sqlite", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, url: str) -> "SqliteDatabase":
        """Open the file, making it and its folder where missing."""
        path = make_url(url).database or ":memory:"
        try:
            if path != ":memory:":
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            connection = connect(path)
            _check_writable(connection)
        except (OSError, DBAPIError, sqlite3.Error) as error:
            raise Unusable(
                f"DATABASE_URL: cannot open {path}: {reason(error)}; name a file in a folder this user may write"
            ) from None
        return cls(path, connection, None)

    def alone(self) -> None:
        """Claim the file for this ``run``; raise Unusable if another one serves it."""
        if self._path == ":memory:":
            return
        lock = Path(f"{self._path}.lock").open("ab")  # noqa: SIM115 - held as long as the desk runs
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise Unusable(
                f"DATABASE_URL: another 'frontdesk run' serves {self._path}; stop it first, or use PostgreSQL for several"
            ) from None
        self._lock = lock

    async def run(self, work: Work[T]) -> T:
        """Run ``work`` in the writer's thread, perhaps sharing its commit with others."""
        if self._closed:
            raise Trouble("closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, loop, future))
        return await future

    async def listen(self, heard: Callable[[str], None]) -> None:
        """There is nobody else to hear."""

    async def lead(self, name: str) -> bool:
        """The only process leads in everything."""
        return True

    async def close(self) -> None:
        """Finish what waits, close the file, release its lock."""
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        if self._lock is not None:
            self._lock.close()

    def _serve(self) -> None:
        going = True
        while going:
            first = self._jobs.get()
            batch: list[_Job] = []
            while first is not None:
                batch.append(first)
                if len(batch) == TOGETHER or self._jobs.empty():
                    break
                first = self._jobs.get()
            going = first is not None
            if batch:
                self._commit(batch)
                _settle(batch)
        self._connection.close()
        self._connection.engine.dispose()

    def _commit(self, batch: list[_Job]) -> None:
        """Run the batch in one transaction, each job in a savepoint of its own; none is done unless all are."""
        try:
            with self._connection.begin():
                for job in batch:
                    self._attempt(job, alone=len(batch) == 1)
        except BaseException as error:  # whatever it is: who waits hears of it, and the writer goes on
            for job in batch:
                job.error = job.error or trouble(error) or error

    def _attempt(self, job: _Job, *, alone: bool) -> None:
        try:
            if alone:
                job.result = job.work(self._connection)
            else:
                with savepoint(self._connection):
                    job.result = job.work(self._connection)
            if not self._raw.in_transaction:  # whatever the job made of the error that ended it
                raise Trouble(_ENDED)
        except Exception as error:
            state = trouble(error) or (None if self._raw.in_transaction else Trouble(_ENDED))
            if state is not None:
                raise state from error
            job.error = error
            if alone:
                raise


def connect(path: str) -> Connection:
    """Return the one connection to a file: WAL, every commit on the disk before it is believed."""
    engine = create_engine(
        f"sqlite+pysqlite:///{path}",
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000, "cached_statements": 256},
        json_serializer=storable.dumps,
    )
    storable.watch(engine)

    @event.listens_for(engine, "connect")
    def configure(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None  # SQLAlchemy's "begin" below decides when a transaction starts
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
            raw.execute(f"PRAGMA {pragma}")
        raw.create_function("lower", 1, _lower, deterministic=True)  # SQLite's own knows ASCII only

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine.connect()


def _check_writable(connection: Connection) -> None:
    """Let a file that may not be written say so now, not to the first who wrote in; a full disk may be full for a while only."""
    version = connection.exec_driver_sql("PRAGMA user_version").scalar()
    connection.rollback()
    try:
        with connection.begin():
            connection.exec_driver_sql(f"PRAGMA user_version = {version}")
    except DBAPIError as error:
        state = trouble(error)
        if state is None or "readonly" in str(state):
            raise


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()


def reason(error: BaseException) -> str:
    """Return the database's own words without SQLAlchemy's wrapping."""
    return str(getattr(error, "orig", None) or error)


def _settle(batch: list[_Job]) -> None:
    """Give each waiter its result: one call into each event loop for the whole batch."""
    for loop in {job.loop for job in batch}:
        mine = [job for job in batch if job.loop is loop]
        with contextlib.suppress(RuntimeError):  # that loop is gone, and with it whoever waited
            loop.call_soon_threadsafe(_deliver, mine)


def _deliver(batch: list[_Job]) -> None:
    for job in batch:
        if job.future.cancelled():
            continue
        if job.error is not None:
            job.future.set_exception(job.error)
        else:
            job.future.set_result(job.result)
