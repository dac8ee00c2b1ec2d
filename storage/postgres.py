"""PostgreSQL: any number of processes on one database, woken by LISTEN/NOTIFY, one leader by an advisory lock."""

import asyncio
import zlib
from collections.abc import Callable
from typing import TypeVar

import asyncpg
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage import storable
from storage.database import CHANNEL, WORDS, Trouble, Unusable, Work, raced, trouble

T = TypeVar("T")

_LOCK = "SELECT pg_try_advisory_lock($1)"
TRIES = 3  # whoever gave way may meet the other one again at once
_CROSSED = ("40001", "40P01")  # serialization failure, deadlock
_AGAIN = 1.0  # seconds until a lost connection apart is tried again


class Crossed(Trouble):
    """Two transactions held what the other wanted, and this one gave way."""


class PostgresDatabase:
    """A pool for transactions, and one connection apart for listening and leading."""

    shared = True

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        self._engine = engine
        self._url = url
        self._side: asyncpg.Connection[asyncpg.Record] | None = None
        self._turns = asyncio.Lock()  # one statement at a time on the connection apart
        self._leads: set[str] = set()
        self._heard: Callable[[str], None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._lost = asyncio.Event()

    @classmethod
    async def open(cls, url: str) -> "PostgresDatabase":
        """Connect once to see that it answers."""
        engine = create_async_engine(url, pool_size=8, max_overflow=8, json_serializer=storable.dumps)
        storable.watch(engine.sync_engine)
        try:
            async with engine.connect():
                pass
        except (OSError, DBAPIError, asyncpg.PostgresError) as error:
            await engine.dispose()
            raise Unusable(
                f"DATABASE_URL: PostgreSQL does not answer: {type(error).__name__}; check host, port, user and that it runs"
            ) from None
        return cls(engine, url)

    async def run(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction of its own; again where it and another one got in each other's way."""
        for _ in range(TRIES - 1):
            try:
                return await self._once(work)
            except Crossed:
                continue
            except DBAPIError as error:
                if not raced(error):
                    raise
        return await self._once(work)

    async def _once(self, work: Work[T]) -> T:
        try:
            async with self._engine.begin() as connection:
                return await connection.run_sync(work)
        except (OSError, DBAPIError, PoolTimeout, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            state = _state(error)
            if state is None:
                raise
            raise state from error

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Call ``heard`` for each NOTIFY of any process."""
        self._heard = heard
        async with self._turns:
            await self._aside()
        self._listening = asyncio.create_task(self._listen_on())

    def alone(self) -> None:
        """Any number of processes may serve it."""

    async def lead(self, name: str) -> bool:
        """Hold or take the advisory lock ``name``; losing the connection is losing the lead."""
        try:
            async with self._turns:
                side = await self._aside()
                if name not in self._leads and await side.fetchval(_LOCK, zlib.crc32(name.encode())):
                    self._leads.add(name)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            self._leads.clear()
        return name in self._leads

    async def close(self) -> None:
        """Let go of every connection."""
        if self._listening is not None:
            self._listening.cancel()
        if self._side is not None and not self._side.is_closed():
            self._side.terminate()
        await self._engine.dispose()

    async def _aside(self) -> "asyncpg.Connection[asyncpg.Record]":
        """Return the connection apart, made anew when it was lost; whatever it held is lost with it."""
        if self._side is None or self._side.is_closed():
            self._leads.clear()
            dsn = make_url(self._url).set(drivername="postgresql").render_as_string(hide_password=False)
            self._side = await asyncpg.connect(dsn)
            self._side.add_termination_listener(self._parted)
            await self._side.add_listener(CHANNEL, self._notified)
        return self._side

    def _parted(self, _connection: object) -> None:
        self._leads.clear()
        self._lost.set()

    async def _listen_on(self) -> None:
        """Listen anew whenever the connection is lost; what was missed meanwhile is looked for."""
        while True:
            await self._lost.wait()
            try:
                async with self._turns:
                    await self._aside()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(_AGAIN)
                continue
            self._lost.clear()
            for word in WORDS:
                self._notified(None, 0, CHANNEL, word)

    def _notified(self, _connection: object, _pid: int, _channel: str, word: object) -> None:
        if self._heard is not None:
            self._heard(str(word))


def _state(error: Exception) -> Trouble | None:
    """Return what an error says of the database; None where it is the fault of what was asked."""
    if isinstance(error, (OSError, PoolTimeout)):
        return Trouble(type(error).__name__)
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return Crossed(type(error).__name__) if state in _CROSSED else trouble(error)
