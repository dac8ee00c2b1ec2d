"""The desk's own SQLite, with its writer in the town's one thread, so that a kill can strike between any two of its steps."""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from storage.engine import sqlite_writer
from storage.engine.database import Work
from storage.engine.sqlite_writer import TOGETHER, SqliteDatabase, _deliver, _Job
from tests.town.clock import micros


class Killed(BaseException):
    """The process is gone: no handler of its own may hear of it."""


class TownDatabase(Protocol):
    """A database of a process that may be killed."""

    dead: bool

    def die(self) -> None:
        """Let go of everything; what was not committed never was."""
        ...

    def let_go(self) -> None:
        """Close what is open, as the system does for a process that is gone."""
        ...


OPENED: list[TownDatabase] = []  # the one place where a run finds what its desk has opened


class TownSqlite(SqliteDatabase):
    """Transactions, savepoints, shared commits and errors as in the real one; only the thread is not there."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._waiting: list[_Job] = []
        self.dead = self.reached = False
        OPENED.append(self)

    async def reach(self) -> None:
        """Open the file, if that is not done yet; nobody else in this one thread could let go of it meanwhile."""
        if not self.reached:
            patience, vars(sqlite_writer)["BUSY_MS"] = sqlite_writer.BUSY_MS, 0
            try:
                self._open()
            finally:
                vars(sqlite_writer)["BUSY_MS"] = patience
            self.reached = True

    def _begin(self) -> None:
        for pragma in ("synchronous=OFF", "busy_timeout=0"):  # a kill of the town's kind leaves what is not on the disk
            self._raw.execute(f"PRAGMA {pragma}")

    async def run(self, work: Work[Any]) -> Any:
        """Run ``work`` when its turn comes, perhaps sharing its commit with others."""
        if self.dead:
            raise Killed
        if self._closed or not self.reached:
            return await super().run(work)
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future())
        if not self._waiting:
            loop.call_soon(self._turn)
        self._waiting.append(job)
        return await job.future

    async def read(self, work: Work[Any]) -> Any:
        """Read in the writer's place: the town has one thread."""
        return await self.run(work)

    async def look(self, work: Work[Any]) -> Any:
        """Look in the writer's place too."""
        return await self.run(work)

    def _turn(self) -> None:
        while self._waiting and not self.dead:
            batch, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
            self._commit(batch)
            if not self.dead:
                _deliver(batch)

    async def close(self) -> None:
        """Finish what waits, close the file, release its lock."""
        self._closed = True
        if self.reached:
            self._turn()
            self.let_go()

    def die(self) -> None:
        """Let go of everything; what was not committed never was."""
        self.dead = True
        self._waiting.clear()

    def let_go(self) -> None:
        """Close the file and release its lock, as the system does for a process that is gone."""
        if self.reached:
            if self._raw.in_transaction:
                self._raw.rollback()
            self._connection.close()
            self._connection.engine.dispose()
        if self._lock is not None:
            self._lock.close()


class Reader(Protocol):
    """A look into the database from outside: plain SQL, plain rows, nothing of the desk's own words."""

    def rows(self, query: str, *values: object) -> list[Any]:
        """Return what a query finds; parameters are ``?``, or ``?1`` where one stands twice."""
        ...

    def one(self, query: str, *values: object) -> Any:
        """Return the first column of the first row; None where there is none."""
        ...

    def moment(self, moment: datetime) -> object:
        """Return a moment as the rows have it."""
        ...

    def time(self, kept: Any) -> datetime:
        """Return the moment that rows have."""
        ...

    def holds(self) -> Callable[[], None]:
        """Make the database serve nobody; return how to let it serve again."""
        ...

    def close(self) -> None:
        """Look no more."""
        ...


class SqliteReader:
    """A look into the file."""

    def __init__(self, path: Path) -> None:
        self._raw = sqlite3.connect(path, isolation_level=None, timeout=0)
        self._raw.row_factory = sqlite3.Row

    def rows(self, query: str, *values: object) -> list[Any]:
        """Return what a query finds."""
        return self._raw.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> Any:
        """Return the first column of the first row; None where there is none."""
        found = self._raw.execute(query, values).fetchone()
        return None if found is None else found[0]

    @staticmethod
    def moment(moment: datetime) -> object:
        """Return a moment in microseconds since 1970."""
        return micros(moment)

    @staticmethod
    def time(kept: Any) -> datetime:
        """Return the moment of so many microseconds since 1970."""
        return datetime.fromtimestamp(kept / 1_000_000, UTC)

    def holds(self) -> Callable[[], None]:
        """Hold the file's write lock, as a command beside the desk may; return how to let go of it."""
        self._raw.execute("BEGIN IMMEDIATE")
        return lambda: None if not self._raw.in_transaction else self._raw.rollback()

    def close(self) -> None:
        """Close the file."""
        self._raw.close()


class Home(Protocol):
    """Where one seed's desk keeps its rows."""

    url: str

    def reader(self) -> Reader:
        """Return a look into it."""
        ...

    def drop(self) -> None:
        """Take it away."""
        ...


class Homes(Protocol):
    """Makes a home for each seed; ``opens`` is what the desk opens there."""

    opens: Callable[..., TownDatabase]

    def fresh(self, name: str) -> Home:
        """Return a new home, with the current schema and nothing in it."""
        ...

    def close(self) -> None:
        """End what serves all of them."""
        ...


class FileHome:
    """A file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.url = f"sqlite+aiosqlite:///{path}"

    def reader(self) -> SqliteReader:
        """Return a look into it."""
        return SqliteReader(self._path)

    def drop(self) -> None:
        """Take it away, and what lies beside it."""
        for each in self._path.parent.glob(f"{self._path.name}*"):
            each.unlink()


class FileHomes:
    """Copies of one file with the current schema."""

    def __init__(self, template: Path) -> None:
        self.opens: Callable[..., TownDatabase] = TownSqlite
        self._template = template

    def fresh(self, name: str) -> FileHome:
        """Return a copy."""
        return FileHome(Path(shutil.copy(self._template, self._template.with_name(f"{name}.db"))))

    def close(self) -> None:
        """Nothing serves files."""
