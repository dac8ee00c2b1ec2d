"""PostgreSQL: any number of processes on one database, woken by LISTEN/NOTIFY, one leader by an advisory lock."""

import asyncio
import contextlib
import logging
import socket
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import ExceptionContext, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.engine import schema, storable
from storage.engine.begun_turns import Marks, TableMarks
from storage.engine.database import (
    CHANNEL,
    WORDS,
    DatabaseUnavailable,
    DatabaseUnusable,
    Work,
    database_failure,
    is_insert_race,
)
from storage.engine.memo import watch_writes

log = logging.getLogger("frontdesk.database")

T = TypeVar("T")

_LOCK = "SELECT pg_try_advisory_lock($1)"
TRIES = 3  # whoever gave way may meet the other one again at once
_CROSSED = ("40001", "40P01")  # serialization failure, deadlock
_AGAIN = 1.0  # seconds until a lost connection apart is tried again

KEPT = (
    ("SO_KEEPALIVE", 1),
    ("TCP_KEEPIDLE", 15),
    ("TCP_KEEPINTVL", 5),
    ("TCP_KEEPCNT", 3),
    ("TCP_USER_TIMEOUT", 30_000),
)

# What a server says to whoever will not be let in, however often they come: wrong password, unknown role or no entry for this
# host, no such database, no right to connect to it.
_REFUSED = ("28P01", "28000", "3D000", "42501")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that may be waited: every wait on a socket has an end, for a host gone silent does not even say that it is gone."""

    connect: float = 5.0  # to make a connection
    statement: float | None = 30.0  # that the server may take for a statement, None: any time
    answer: float = 5.0  # beyond that until the answer must be here
    free: float = 10.0  # until one of the pool must be free
    aside: float = 5.0  # that the connection apart may take for what it is asked
    asked: float = 15.0  # after which it is asked whether it is still there


PATIENT = Limits(statement=None)


class Crossed(DatabaseUnavailable):
    """Two transactions held what the other wanted, and this one gave way."""


class PostgresDatabase:
    """A pool for transactions, and one connection apart for listening and leading."""

    shared = True

    def __init__(self, url: str, limits: Limits | None = None) -> None:
        self._url = url
        self._limits = limits or Limits()
        self._engine = _engine(url, self._limits)
        self._snapshots = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._side: asyncpg.Connection[asyncpg.Record] | None = None
        self._turns = asyncio.Lock()  # one statement at a time on the connection apart
        self._leads: set[str] = set()
        self._heard: Callable[[str], None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()
        self._unfit = ""  # why this version cannot serve the schema as it is now
        self._looking: asyncio.Task[None] | None = None

    async def reach(self) -> None:
        """Connect once: raise DatabaseUnusable where the server will never let us in,
        DatabaseUnavailable where it does not serve now."""
        try:
            async with self._engine.connect():
                pass
        except (OSError, DBAPIError, PoolTimeout, asyncpg.PostgresError, asyncpg.InterfaceError, TypeError) as error:
            told = getattr(error, "orig", None) or error
            state, name = getattr(told, "sqlstate", None), type(told).__name__
            if state in _REFUSED or isinstance(
                told, TypeError | ValueError
            ):  # the latter: nothing the driver understands
                raise DatabaseUnusable(
                    f"DATABASE_URL: PostgreSQL refuses it: {name}; check user, password, database and options"
                ) from None
            raise DatabaseUnavailable(
                f"PostgreSQL does not answer: {name}; check host, port, user and that it runs"
            ) from error

    async def run(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction of its own; again where it and another one got in each other's way."""
        if self._unfit:
            raise DatabaseUnavailable(self._unfit)
        for _ in range(TRIES - 1):
            try:
                return await self._once(work)
            except Crossed:
                continue
            except DBAPIError as error:
                if not is_insert_race(error):
                    raise
        return await self._once(work)

    async def _once(self, work: Work[T], engine: AsyncEngine | None = None) -> T:
        try:
            async with (engine or self._engine).begin() as connection:
                return await connection.run_sync(work)
        except (OSError, DBAPIError, PoolTimeout, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            state = _state(error)
            if state is None:
                raise
            raise state from error

    async def read(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction that only reads, and sees one moment."""
        if self._unfit:
            raise DatabaseUnavailable(self._unfit)
        return await self._once(work, self._snapshots)

    async def look(self, work: Work[T]) -> T:
        """Read: here a short read costs what it costs."""
        return await self.read(work)

    async def scrub(self) -> None:
        """Leave it to the server's own vacuum, which makes an end of rows that nobody sees any more."""

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Call ``heard`` for each NOTIFY of any process."""
        self._heard = heard
        try:
            async with self._turns:
                await self._aside()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._lost.set()
        self._listening = asyncio.create_task(self._listen_on())

    def alone(self) -> None:
        """Any number of processes may serve it."""

    def marks(self) -> Marks:
        """Return a table that a connection of its own writes."""
        return TableMarks(_dsn(self._url))

    def interrupt(self) -> None:
        """Whoever waits for the work ends it."""

    def calm(self) -> None:
        """Nothing is to be taken back."""

    async def lead(self, name: str) -> bool:
        """Hold or take the advisory lock ``name``; losing the connection is losing the lead."""
        try:
            async with self._turns:
                side = await self._aside()
                if name not in self._leads and await side.fetchval(_LOCK, zlib.crc32(name.encode())):
                    self._leads.add(name)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._let_go()
        return name in self._leads

    async def close(self) -> None:
        """Let go of every connection."""
        for task in (self._listening, self._looking):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        self._let_go()
        with contextlib.suppress(OSError):  # a goodbye that nobody answers
            async with asyncio.timeout(self._limits.connect):
                await self._engine.dispose()

    async def _aside(self) -> "asyncpg.Connection[asyncpg.Record]":
        """Return the connection apart, made anew when it was lost; whatever it held is lost with it."""
        if self._side is None or self._side.is_closed():
            self._leads.clear()
            self._side = await asyncpg.connect(
                _dsn(self._url), timeout=self._limits.connect, command_timeout=self._limits.aside
            )
            _keep_alive(self._side)
            self._side.add_termination_listener(self._parted)
            await self._side.add_listener(CHANNEL, self._notified)
        return self._side

    def _parted(self, _connection: object) -> None:
        self._leads.clear()
        self._lost.set()

    def _let_go(self) -> None:
        """Hold nothing by a connection that does not answer."""
        self._leads.clear()
        if self._side is not None and not self._side.is_closed():
            self._side.terminate()

    async def _listen_on(self) -> None:
        """Listen anew whenever the connection is lost, or has fallen silent; what was missed meanwhile is looked for."""
        while True:
            try:
                async with asyncio.timeout(self._limits.asked):
                    await self._lost.wait()
            except TimeoutError:
                if await self._still_there():
                    continue
            try:
                async with self._turns:
                    await self._aside()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                self._lost.set()
                await asyncio.sleep(_AGAIN)
                continue
            self._lost.clear()
            for word in WORDS:
                self._notified(None, 0, CHANNEL, word)

    async def _still_there(self) -> bool:
        """Return whether the connection apart answers; let go of one that does not."""
        try:
            async with self._turns:
                await (await self._aside()).fetchval("SELECT 1")
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._let_go()
            return False
        return True

    def _notified(self, _connection: object, _pid: int, _channel: str, word: object) -> None:
        if word == "schema":
            self._looking = asyncio.create_task(self._look_at_schema())
        if self._heard is not None:
            self._heard(str(word))

    async def _look_at_schema(self) -> None:
        """See whether this version may serve the schema, after each migration and each time the connection was lost.

        Where it may not, nothing more is taken: all of it waits, as while the database is away, for a version that may.
        """
        with contextlib.suppress(DatabaseUnavailable):  # the connection is lost again, and will be made again
            fits = await self._once(schema.schema_fits)
            if not fits and not self._unfit:
                log.error("%s; until then this process takes nothing", schema.NEWER, extra={"event": "schema_newer"})
            self._unfit = "" if fits else "its schema is of a newer version"


def _engine(url: str, limits: Limits) -> AsyncEngine:
    """Return the pool. What waits longer than it may is told as DatabaseUnavailable at once, wherever it waited."""
    waits = {"timeout": limits.connect}
    if limits.statement is not None:
        waits["command_timeout"] = limits.statement + limits.answer
    engine = create_async_engine(
        url,
        pool_size=8,
        max_overflow=8,
        pool_timeout=limits.free,
        connect_args=waits,
        json_serializer=storable.storable_json_text,
    )
    storable.clean_statement_parameters(engine.sync_engine)
    watch_writes(engine.sync_engine)

    @event.listens_for(engine.sync_engine, "connect")
    def configure(raw: Any, _record: object) -> None:
        """Told as a statement: what stands between us and the server may not let a setting through with the first word."""
        _keep_alive(raw.driver_connection)
        if limits.statement is not None:
            allowed = f"SET statement_timeout = {limits.statement * 1000:.0f}"
            raw.run_async(lambda connection: connection.execute(allowed))

    @event.listens_for(engine.sync_engine, "handle_error")
    def silent(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, OSError):  # a time-out is one
            context.is_disconnect = True  # else it would be asked to undo, and not answer that either
            raise DatabaseUnavailable(type(context.original_exception).__name__) from context.original_exception

    return engine


def _keep_alive(connection: Any) -> None:
    """Let the system ask a silent host whether it is there, and give up what it does not take."""
    raw = connection._transport.get_extra_info("socket")
    if raw is None or raw.family not in (socket.AF_INET, socket.AF_INET6):
        return
    for name, value in KEPT:
        level = socket.SOL_SOCKET if name.startswith("SO_") else socket.IPPROTO_TCP
        if hasattr(socket, name):  # not every system has all of them
            raw.setsockopt(level, getattr(socket, name), value)


def _dsn(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _state(error: Exception) -> DatabaseUnavailable | None:
    """Return what an error says of the database; None where it is the fault of what was asked."""
    if isinstance(error, (OSError, PoolTimeout)):
        return DatabaseUnavailable(type(error).__name__)
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return Crossed(type(error).__name__) if state in _CROSSED else database_failure(error)
