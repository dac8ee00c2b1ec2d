"""SQLite: one file, one writer thread, transactions that share a commit when they wait together, and readers beside it.

Measured: Python, not fsync, is what a transaction costs, and each trip to another thread costs as much as a statement.
So a whole transaction is one trip: the work function runs in the writer's thread on a synchronous connection.
"""

import asyncio
import contextlib
import ctypes
import fcntl
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from storage.engine import storable
from storage.engine.begun_turns import FileMarks, Marks, NoMarks
from storage.engine.compiled import savepoint
from storage.engine.database import (
    DatabaseDamaged,
    DatabaseUnavailable,
    DatabaseUnusable,
    Work,
    WorkTimedOut,
    database_failure,
)
from storage.engine.memo import watch_writes
from storage.engine.private_files import open_private_file
from storage.engine.sqlite_file import File, damage_message, file_open_error
from storage.engine.sqlite_looks import SqliteLooks
from storage.engine.sqlite_readers import SqliteReaders, unicode_lower

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

    def __init__(self, url: str) -> None:
        self._path = make_url(url).database or ":memory:"
        self._connection: Connection
        self._raw: sqlite3.Connection
        self._readers = None if self._path == ":memory:" else SqliteReaders(self._path)
        self._looks = None if self._path == ":memory:" else SqliteLooks(self._path)
        self._file: File | None = None
        self._spoiled: DatabaseDamaged | None = (
            None  # once damage was seen nothing is done until somebody has mended it
        )
        self._lock: IO[bytes] | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread: threading.Thread | None = None

    async def reach(self) -> None:
        """Open the file, making it and its folder where missing; nothing where it is open.

        Whoever is cancelled meanwhile is let go only when nothing is open any more: a thread cannot be stopped half-way,
        and would make its files in a folder that is being removed.
        """
        if self._thread is not None:
            return
        opening = asyncio.create_task(asyncio.to_thread(self._open))
        try:
            await asyncio.shield(opening)
        except asyncio.CancelledError:
            await asyncio.wait({opening})
            if opening.exception() is None:
                await self.close()
            raise

    def _open(self) -> None:
        connection = None
        try:
            if self._path != ":memory:":
                Path(self._path).parent.mkdir(parents=True, exist_ok=True)
                with open(
                    self._path, "ab", opener=open_private_file
                ):  # SQLite gives its companions the mode of the file
                    pass
            connection = connect_writer(self._path)
            _check_writable(connection)
        except (OSError, DBAPIError, sqlite3.Error) as error:
            if connection is not None:
                _close(connection)
            raise file_open_error(self._path, error) from None
        self._connection = connection
        self._raw = connection.connection.driver_connection  # type: ignore[assignment]
        self._file = None if self._path == ":memory:" else File.at(self._path)
        self._size = self._file.size() if self._file is not None else 0
        self._begin()

    def _begin(self) -> None:
        """Begin to serve."""
        self._thread = threading.Thread(target=self._serve, name="sqlite", daemon=True)
        self._thread.start()

    def alone(self) -> None:
        """Claim the file for this ``run``; raise DatabaseUnusable if another one serves it."""
        if self._path == ":memory:" or self._lock is not None:
            return
        try:
            lock = open(f"{self._path}.lock", "ab", opener=open_private_file)  # noqa: SIM115 - held as long as the desk runs
        except OSError as error:
            raise file_open_error(self._path, error) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            raise DatabaseUnusable(
                f"DATABASE_URL: another 'frontdesk run' serves {self._path}; stop it first, or use PostgreSQL for several"
            ) from None
        self._lock = lock

    async def run(self, work: Work[T]) -> T:
        """Run ``work`` in the writer's thread, perhaps sharing its commit with others."""
        if self._closed or self._thread is None:
            raise DatabaseUnavailable("closed")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, loop, future))
        return await future

    async def read(self, work: Work[T]) -> T:
        """Run ``work`` on a connection that only reads; what lives in memory has one connection, the writer's."""
        if self._readers is None:
            return await self.run(work)
        if self._closed or self._thread is None:
            raise DatabaseUnavailable("closed")
        return await self._readers.read(work)

    async def look(self, work: Work[T]) -> T:
        """Run short ``work`` on a connection that only reads, all of it in that connection's thread."""
        if self._looks is None:
            return await self.run(work)
        if self._closed or self._thread is None:
            raise DatabaseUnavailable("closed")
        return await self._looks.look(work)

    async def scrub(self) -> None:
        """Take the log of the file over, and begin it anew from nothing."""
        if self._path != ":memory:":
            await asyncio.to_thread(_take_over_log, self._path)

    async def listen(self, heard: Callable[[str], None]) -> None:
        """There is nobody else to hear."""

    def marks(self) -> Marks:
        """Return a file beside the database, for the process that serves it."""
        return NoMarks() if self._lock is None else FileMarks(f"{self._path}.begun")

    def interrupt(self) -> None:
        """End what the writer's thread does: its statement, and its Python."""
        if self._thread is not None:
            _raise_in(self._thread, ctypes.py_object(WorkTimedOut))
            self._raw.interrupt()

    def calm(self) -> None:
        """Take back what the thread has not felt."""
        if self._thread is not None:
            _raise_in(self._thread, None)

    async def lead(self, name: str) -> bool:
        """The only process leads in everything."""
        return True

    async def close(self) -> None:
        """Finish what waits, close the file, release its lock."""
        self._closed = True
        if self._readers is not None:
            await self._readers.close()
        if self._looks is not None:
            await self._looks.close()
        if self._thread is not None:
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
        _close(self._connection)

    def _commit(self, batch: list[_Job]) -> None:
        """Run the batch in one transaction, each job in a savepoint of its own; none is done unless all are.

        The file is looked at before and after: what went into one that nobody will ever open again is done for nobody.
        """
        try:
            self._check_file()
            with self._connection.begin():
                for job in batch:
                    self._attempt(job, alone=len(batch) == 1)
            self._check_file()
        except BaseException as error:  # whatever it is: who waits hears of it, and the writer goes on
            state = self._seen(database_failure(error))
            for job in batch:
                job.error = job.error or state or error

    def _check_file(self) -> None:
        """Raise DatabaseDamaged where the file was damaged, removed, or another was moved over it."""
        if self._spoiled is not None:
            raise self._spoiled
        if self._file is not None and (problem := self._file.problem()):
            raise DatabaseDamaged(problem)
        if self._file is not None and self._has_lost_pages(self._file):
            self._spoiled = DatabaseDamaged(self._file.overwritten())
            raise self._spoiled

    def _has_lost_pages(self, file: File) -> bool:
        """Return whether the file is shorter than it was, and SQLite knows nothing of it: a backup was copied over it.

        Its inode is the same then. A file that was vacuumed is shorter as well, and SQLite counts so many pages.
        """
        was, self._size = self._size, file.size()
        if self._size >= was:
            return False
        [[pages]], [[each]] = (self._raw.execute(f"PRAGMA {name}").fetchall() for name in ("page_count", "page_size"))
        return bool(pages * each > self._size)

    def _seen(self, state: DatabaseUnavailable | None) -> DatabaseUnavailable | None:
        """Remember that the file is damaged; whatever is written into it from now on may make it worse."""
        if isinstance(state, DatabaseDamaged) and self._file is not None and not self._file.problem():
            self._spoiled = self._spoiled or DatabaseDamaged(damage_message(self._path, state))
            return self._spoiled
        return state

    def _attempt(self, job: _Job, *, alone: bool) -> None:
        try:
            if alone:
                job.result = job.work(self._connection)
            else:
                with savepoint(self._connection):
                    job.result = job.work(self._connection)
            if not self._raw.in_transaction:  # whatever the job made of the error that ended it
                raise DatabaseUnavailable(_ENDED)
        except Exception as error:
            state = database_failure(error) or (None if self._raw.in_transaction else DatabaseUnavailable(_ENDED))
            if state is not None:
                raise state from error
            job.error = error
            if alone:
                raise


def _take_over_log(path: str) -> None:
    """Write what stands in a file's log into it and empty the log; whoever reads meanwhile keeps it until the next time."""
    with contextlib.closing(sqlite3.connect(path, timeout=BUSY_MS / 1000)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def connect_writer(path: str) -> Connection:
    """Return the one connection to a file: WAL, every commit on the disk before it is believed."""
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=path),
        poolclass=StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000, "cached_statements": 256},
        json_serializer=storable.storable_json_text,
    )
    storable.clean_statement_parameters(engine)
    watch_writes(engine)

    @event.listens_for(engine, "connect")
    def configure(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None  # SQLAlchemy's "begin" below decides when a transaction starts
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is deleted is overwritten: a page that is free has nobody's words
            f"busy_timeout={BUSY_MS}",
        ):
            raw.execute(f"PRAGMA {pragma}")
        raw.create_function("lower", 1, unicode_lower, deterministic=True)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine.connect()


def _close(connection: Connection) -> None:
    connection.close()
    connection.engine.dispose()


def _check_writable(connection: Connection) -> None:
    """Let a file that may not be written say so now, not to the first who wrote in; a full disk may be full for a while only."""
    version = connection.exec_driver_sql("PRAGMA user_version").scalar()
    connection.rollback()
    try:
        with connection.begin():
            connection.exec_driver_sql(f"PRAGMA user_version = {version}")
    except DBAPIError as error:
        state = database_failure(error)
        if state is None or "readonly" in str(state):
            raise


def _raise_in(thread: threading.Thread, error: "ctypes.py_object[type[WorkTimedOut]] | None") -> None:
    """Let a thread raise an error at its next step in Python; None takes back one that it has not raised yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), error)


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
