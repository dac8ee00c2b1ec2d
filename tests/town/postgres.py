"""The desk's own PostgreSQL database in the town: the real driver, in a loop of its own that knows real time.

The town's time stands still while the database works, as it does for a file: so a run of one process comes in one order, though
what a server does meanwhile takes as long as it takes.
"""

import asyncio
import contextlib
import re
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from contextvars import copy_context
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import asyncpg

from storage.engine.begun_turns import Begun, TableMarks
from storage.engine.database import Connection, Work
from storage.engine.migrate import migrate_database
from storage.engine.postgres import PostgresDatabase
from tests import postgres
from tests.town.database import OPENED, Killed, TownDatabase

T = TypeVar("T")

_NUMBERED = re.compile(r"\?(\d+)")
_PLAIN = re.compile(r"\?")
_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Aside:
    """A thread with a loop in real time; whoever asks it for something waits until that is done."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="postgres", daemon=True)
        self._thread.start()

    def do(self, work: Callable[[], Awaitable[T]]) -> T:
        """Return what ``work`` returns, or raise what it raises; it knows the contexts of whoever asks."""
        assert not self.here(), "it would wait for itself"
        context, done = copy_context(), threading.Event()
        made: list[asyncio.Task[T]] = []

        async def awaited() -> T:
            return await work()

        def begin() -> None:
            made.append(self.loop.create_task(awaited(), context=context))
            made[0].add_done_callback(lambda _: done.set())

        self.loop.call_soon_threadsafe(begin)
        done.wait()
        return made[0].result()

    def here(self) -> bool:
        """Return whether this is that thread."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        """End it."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


class TownMarks:
    """The marks of the real one: its rows are written by the thread apart."""

    def __init__(self, aside: Aside, real: TableMarks) -> None:
        self._aside, self._real = aside, real

    def begin(self, slot: int, ids: Sequence[int], tries: int) -> None:
        """Let the row be written while the turn makes its first steps."""
        if self._aside.here():
            self._real.begin(slot, ids, tries)
        else:
            self._aside.loop.call_soon_threadsafe(self._real.begin, slot, ids, tries)

    def clear(self, slot: int) -> None:
        """Leave the row."""

    def left(self, connection: Connection) -> list[Begun]:
        """Return the rows of workers whose lock is free."""
        return self._real.left(connection)

    def forget(self, connection: Connection, tries: int | None = None) -> None:
        """Delete the rows of the dead."""
        self._real.forget(connection, tries)

    async def open(self) -> None:
        """Begin to write."""
        self._aside.do(self._real.open)

    async def close(self) -> None:
        """Write no more."""
        self._aside.do(self._real.close)


class TownPostgres:
    """Transactions, locks, notices and errors as in the real one; only nobody does anything else meanwhile."""

    shared = True

    def __init__(self, url: str, limits: object = None, *, aside: Aside) -> None:
        self._aside = aside
        self._real = PostgresDatabase(url)
        self._marks: TownMarks | None = None
        self._words: list[str] = []  # that were heard and not told yet
        self._heard: Callable[[str], None] = lambda _: None
        self.dead = self._closed = False
        OPENED.append(self)

    def _do(self, work: Callable[[], Awaitable[T]]) -> T:
        if self.dead:
            raise Killed
        return self._aside.do(work)

    async def reach(self) -> None:
        """Connect once."""
        self._do(self._real.reach)

    async def run(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction of its own, and tell of what was said at its end."""
        try:
            return self._do(lambda: self._real.run(work))
        finally:
            self._tell()

    async def read(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction that only reads."""
        return self._do(lambda: self._real.read(work))

    async def look(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction that only reads."""
        return await self.read(work)

    async def scrub(self) -> None:
        """Leave it to the server's own vacuum."""

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Call ``heard`` for each NOTIFY, after the transaction that waited for it."""
        self._heard = heard
        self._do(lambda: self._real.listen(self._words.append))

    def _tell(self) -> None:
        """Let the server say what it has to say: that comes before its next answer."""
        if not self.dead and not self._closed:
            self._aside.do(self._real._still_there)
            words, self._words[:] = list(self._words), []
            for word in words:
                self._heard(word)

    def alone(self) -> None:
        """Any number of processes may serve it."""

    def marks(self) -> TownMarks:
        """Return a table that a connection of its own writes."""

        async def made() -> TableMarks:
            real = self._real.marks()
            assert isinstance(real, TableMarks)
            return real

        self._marks = TownMarks(self._aside, self._aside.do(made))
        return self._marks

    def interrupt(self) -> None:
        """Whoever waits for the work ends it."""

    def calm(self) -> None:
        """Nothing is to be taken back."""

    async def lead(self, name: str) -> bool:
        """Hold or take the advisory lock ``name``."""
        return self._do(lambda: self._real.lead(name))

    async def close(self) -> None:
        """Let go of every connection."""
        self.let_go()

    def die(self) -> None:
        """Say nothing more; what was not committed never was."""
        self.dead = True

    def let_go(self) -> None:
        """Close every connection, as the system does for a process that is gone."""
        if not self._closed:
            self._closed = True
            if self._marks is not None:
                self._aside.do(self._marks._real.close)
            self._aside.do(self._real.close)


class PostgresReader:
    """A look into the database from outside: plain SQL, plain rows, nothing of the desk's own words."""

    def __init__(self, aside: Aside, url: str) -> None:
        self._aside = aside
        dsn = url.replace("+asyncpg", "")
        self._connection: asyncpg.Connection[asyncpg.Record] = aside.do(partial(asyncpg.connect, dsn))

    def rows(self, query: str, *values: object) -> list[Any]:
        """Return what a query finds."""
        return self._aside.do(lambda: self._connection.fetch(_numbered(query), *values))

    def one(self, query: str, *values: object) -> Any:
        """Return the first column of the first row; None where there is none."""
        return self._aside.do(lambda: self._connection.fetchval(_numbered(query), *values))

    @staticmethod
    def moment(moment: datetime) -> object:
        """Return a moment as the rows have it."""
        return moment

    @staticmethod
    def time(kept: Any) -> datetime:
        """Return the moment that rows have."""
        assert isinstance(kept, datetime)
        return kept

    def holds(self) -> Callable[[], None]:
        """Cut every connection to the database, as a server does that is started again."""
        self.rows(_OTHERS)
        return lambda: None

    def close(self) -> None:
        """Look no more."""
        self._aside.do(self._connection.close)


def _numbered(query: str) -> str:
    if "?1" in query:
        return _NUMBERED.sub(r"$\1", query)
    numbers = iter(range(1, 100))
    return _PLAIN.sub(lambda _: f"${next(numbers)}", query)


class PostgresHome:
    """One seed's database."""

    def __init__(self, aside: Aside, server: postgres.Server) -> None:
        self._aside = aside
        self._fresh: AbstractAsyncContextManager[str] = server.fresh(migrate_database)
        self.url = aside.do(self._fresh.__aenter__)

    def reader(self) -> PostgresReader:
        """Return a look into it."""
        return PostgresReader(self._aside, self.url)

    def drop(self) -> None:
        """Take it away."""
        self._aside.do(lambda: self._fresh.__aexit__(None, None, None))


class PostgresHomes:
    """A server, and a database for each seed."""

    def __init__(self) -> None:
        self._ends = contextlib.ExitStack()
        self._server = self._ends.enter_context(postgres.server())
        self._aside = Aside()
        self._ends.callback(self._aside.close)
        PostgresHome(self._aside, self._server).drop()  # the template is made while the desk opens what it always does
        self.opens: Callable[..., TownDatabase] = partial(TownPostgres, aside=self._aside)

    def fresh(self, _name: str) -> PostgresHome:
        """Return a new database with the current schema."""
        return PostgresHome(self._aside, self._server)

    def close(self) -> None:
        """Stop the server."""
        self._ends.close()
