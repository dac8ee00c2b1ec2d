"""What lies in the drawer: the desk's process, the switches for trouble, and the desk's own records, read and never written."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from bot.sandbox.changes import Changes
from bot.sandbox.page import records
from bot.sandbox.page.process import Desk
from bot.sandbox.page.switches import Switches
from storage.engine.database import DatabaseUnavailable
from storage.engine.sqlite_readers import SqliteReaders

GLANCE = 0.2  # seconds between two looks for something new in the records
LINES = 60  # of the desk's log that are shown


class Drawer:
    """Everything the page shows besides the messengers; without a desk of our own only the switches."""

    def __init__(self, switches: Switches, desk: Desk | None = None, database: Path | None = None) -> None:
        self.switches, self.desk = switches, desk
        self.changes = desk.changes if desk is not None else Changes()
        self._readers = SqliteReaders(database, most=1) if database is not None else None
        self._watchers = 0
        self._watching: asyncio.Task[None] | None = None

    async def state(self) -> dict[str, Any]:
        """Return what is in it now."""
        told: dict[str, Any] = {"desk": self._process(), "switches": self.switches.told(), "records": None}
        told |= {"away": self.switches.waiting(), "blocked": self.switches.blocked()}
        if self._readers is not None:
            with suppress(DatabaseUnavailable):  # the desk has not made its file yet
                told["records"] = await self._readers.read(records.records)
        return told

    async def ticket(self, number: int) -> dict[str, Any] | None:
        """Return one ticket with its history and what was said on it."""
        if self._readers is None:
            return None
        try:
            return await self._readers.read(lambda connection: records.ticket(connection, number))
        except DatabaseUnavailable:
            return None

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Notice what the desk writes as long as somebody watches."""
        self._watchers += 1
        if self._watchers == 1 and self._readers is not None:
            self._watching = asyncio.create_task(self._watch(self._readers))
        try:
            yield
        finally:
            self._watchers -= 1
            if self._watchers == 0 and self._watching is not None:
                self._watching.cancel()

    async def close(self) -> None:
        """Let go of the records."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        if self._readers is not None:
            await self._readers.close()

    async def _watch(self, readers: SqliteReaders) -> None:
        known = -1
        while True:
            version = await readers.version()
            if version != known:
                known = version
                self.changes.touch()
            await asyncio.sleep(GLANCE)

    def _process(self) -> dict[str, Any] | None:
        desk = self.desk
        if desk is None:
            return None
        about = {"state": desk.state, "pid": desk.pid, "starts": desk.starts, "since": desk.since.isoformat()}
        return {**about, "log": list(desk.log)[-LINES:]}
