"""Which events have their turn at this moment, known even after the process has died in one of them.

A turn that ends its process is undone with everything else of its transaction, its count of tries included: without a mark made
outside it would be taken again at each start, for ever. A mark costs no commit. On SQLite it is a line in a file beside the
database, which outlives the process though not the machine; on PostgreSQL a row of an unlogged table, written by a connection of
its own that nobody waits for.
"""

import asyncio
import contextlib
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import asyncpg
from sqlalchemy import Connection, delete, select, text

from storage.engine.database import DatabaseUnavailable
from storage.models import begun

LINE = 1024  # bytes a mark has in the file
_CLASS = 1_182_948  # of the advisory locks that say which workers live
_LOCK = "SELECT pg_advisory_lock($1, $2)"
_FREE = text("SELECT pg_try_advisory_xact_lock(CAST(:class AS integer), CAST(:worker AS integer))")
_MARK = """
    INSERT INTO begun (worker, slot, ids, tries) VALUES ($1, $2, $3, $4)
    ON CONFLICT (worker, slot) DO UPDATE SET ids = excluded.ids, tries = excluded.tries
"""
_FORGET = "DELETE FROM begun WHERE worker = $1"
_AGAIN = 1.0  # seconds before a lost connection is made anew
_WAIT = 5.0  # seconds a connection or a mark may take
_FLUSH = 1.0  # seconds that whoever stops waits for the last mark


@dataclass(frozen=True, slots=True)
class Begun:
    """The events of a turn that was begun, and how often they had been tried before."""

    ids: tuple[int, ...]
    tries: int


class Marks(Protocol):
    """Where one process keeps what it has begun; a ``slot`` is one of the rounds that it has at a time."""

    def begin(self, slot: int, ids: Sequence[int], tries: int) -> None:
        """Remember that these events have their turn now."""
        ...

    def clear(self, slot: int) -> None:
        """Remember that this slot's turns are over."""
        ...

    def left(self, connection: Connection) -> list[Begun]:
        """Return what processes that are dead had begun."""
        ...

    def forget(self, connection: Connection, tries: int | None = None) -> None:
        """Forget what ``left`` returned, or of it what had so many tries, in the transaction that has counted it."""
        ...

    async def open(self) -> None:
        """Begin to keep marks."""
        ...

    async def close(self) -> None:
        """End in peace."""
        ...


class NoMarks:
    """A database that ends with its process has nothing to remember."""

    def begin(self, slot: int, ids: Sequence[int], tries: int) -> None:
        """Remember nothing."""

    def clear(self, slot: int) -> None:
        """Remember nothing."""

    def left(self, connection: Connection) -> list[Begun]:
        """Return nothing."""
        return []

    def forget(self, connection: Connection, tries: int | None = None) -> None:
        """Forget nothing."""

    async def open(self) -> None:
        """Nothing is to be opened."""

    async def close(self) -> None:
        """Nothing is to be closed."""


class FileMarks:
    """A file beside the database: a write of 1 KB a turn, which the system keeps when the process dies."""

    def __init__(self, path: str) -> None:
        with _disk():
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def begin(self, slot: int, ids: Sequence[int], tries: int) -> None:
        """Write a line; raise DatabaseUnavailable where the disk takes none."""
        with _disk():
            os.pwrite(self._file, json.dumps([tries, *ids]).encode().ljust(LINE), slot * LINE)

    def clear(self, slot: int) -> None:
        """Empty a line; raise DatabaseUnavailable where the disk takes none."""
        with _disk():
            os.pwrite(self._file, b" " * LINE, slot * LINE)

    def left(self, connection: Connection) -> list[Begun]:
        """Return what the file says; what cannot be read was being written."""
        found: list[Begun] = []
        for start in range(0, os.fstat(self._file).st_size, LINE):
            with contextlib.suppress(ValueError):
                tries, *ids = json.loads(os.pread(self._file, LINE, start))
                found.append(Begun(tuple(ids), tries))
        return found

    def forget(self, connection: Connection, tries: int | None = None) -> None:
        """Leave the lines: what they say has been counted, and the next turns are written over them."""

    async def open(self) -> None:
        """It is open already."""

    async def close(self) -> None:
        """Empty the file and let go of it: nothing is under way."""
        file, self._file = self._file, -1
        if file >= 0:
            os.ftruncate(file, 0)
            os.close(file)


@contextlib.contextmanager
def _disk() -> Iterator[None]:
    """A disk that is full or may not be written is the database's state, as it is for the file beside it."""
    try:
        yield
    except OSError as error:
        raise DatabaseUnavailable(f"what is begun cannot be written down: {error.strerror}") from error


class TableMarks:
    """A table, and one connection for it alone; who lives holds an advisory lock under its number."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._worker: int | None = None
        self._kept: dict[int, tuple[str, int]] = {}  # by slot, as it is now
        self._new: dict[int, tuple[str, int]] = {}  # by slot, not written yet
        self._bell, self._written = asyncio.Event(), asyncio.Event()
        self._written.set()
        self._writing: asyncio.Task[None] | None = None
        self._counted: list[int] = []

    def begin(self, slot: int, ids: Sequence[int], tries: int) -> None:
        """Let the row be written while the turn makes its first steps."""
        self._new[slot] = self._kept[slot] = (json.dumps(list(ids)), tries)
        self._written.clear()
        self._bell.set()

    def clear(self, slot: int) -> None:
        """Leave the row: what is done or was tried again since is seen from the event itself."""

    def left(self, connection: Connection) -> list[Begun]:
        """Return the rows of workers whose lock is free."""
        workers = connection.scalars(select(begun.c.worker).distinct().order_by(begun.c.worker)).all()
        self._counted = [worker for worker in workers if connection.scalar(_FREE, {"class": _CLASS, "worker": worker})]
        rows = connection.execute(select(begun.c.ids, begun.c.tries).where(begun.c.worker.in_(self._counted))).all()
        return [Begun(tuple(json.loads(row.ids)), row.tries) for row in rows]

    def forget(self, connection: Connection, tries: int | None = None) -> None:
        """Delete the rows of the dead."""
        those = (begun.c.tries == tries,) if tries is not None else ()
        connection.execute(delete(begun).where(begun.c.worker.in_(self._counted), *those))

    async def open(self) -> None:
        """Begin to write."""
        self._writing = asyncio.create_task(self._write())

    async def close(self) -> None:
        """Write what is new, and then no more; the rows that stay name events that are done."""
        if self._writing is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_FLUSH):
                    await self._written.wait()
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _write(self) -> None:
        """Write what is new, on a new connection where one is lost; a turn is never kept waiting by this."""
        while True:
            try:
                connection = await asyncpg.connect(self._dsn, timeout=_WAIT, command_timeout=_WAIT)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(_AGAIN)
                continue
            try:
                await self._write_on(connection)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(_AGAIN)
            finally:
                connection.terminate()

    async def _write_on(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        former, self._worker = self._worker, secrets.randbelow(1 << 31)
        await connection.execute(_LOCK, _CLASS, self._worker)
        if former is not None:  # its lock went with its connection: nobody is to take this process for dead
            self._new = self._kept | self._new
            await connection.execute(_FORGET, former)
            self._bell.set()
        while True:
            if not self._new:
                self._written.set()
            await self._bell.wait()
            self._bell.clear()
            new, self._new = self._new, {}
            for slot, (ids, tries) in new.items():
                await connection.execute(_MARK, self._worker, slot, ids, tries)
