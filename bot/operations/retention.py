"""Nothing is kept for ever: once an hour what has had its time is emptied or deleted, a little in each transaction."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock
from bot.monitoring.health import Health
from bot.retry import retry_until_served
from handlers.rules.book import RulesCache
from storage.desk.rules import RulesRevisions
from storage.engine.database import Connection, Database
from storage.retention.forgetting import Mark, forget_expired_rows

EVERY = timedelta(hours=1)
LEAD = "retention"  # of several processes on one database, one forgets for all


class Retention:
    """Forgets what is not needed any more, once an hour."""

    def __init__(self, database: Database, clock: Clock, book: RulesCache, health: Health | None = None) -> None:
        self._health = health or Health(clock.now)
        self._book = book
        self._database = database
        self._clock = clock
        self._marks: Mapping[str, Mark] = {}
        self._never = asyncio.Event()

    async def serve(self) -> None:
        """Forget for ever."""
        while True:
            await retry_until_served(self.forget, self._health, "retention")
            due = self._clock.now() + EVERY
            while timedelta(0) < due - self._clock.now() <= EVERY:
                await self._clock.wait(self._never, due)

    async def forget(self) -> None:
        """Forget all whose time has come by now; whatever else waits for the database comes in between."""
        now, more = self._clock.now(), await self._database.lead(LEAD)
        while more:
            self._marks, more = await self._database.run(partial(self._forget, now=now))

    def _forget(self, connection: Connection, now: datetime) -> tuple[dict[str, Mark], bool]:
        """Forget as much as one transaction may, by the rules that are in force in it."""
        rules = self._book.follow(RulesRevisions(connection))
        return forget_expired_rows(connection, now, self._marks, rules.privacy)
