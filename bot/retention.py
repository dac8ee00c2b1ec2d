"""Nothing is kept for ever: handled payloads and sent bodies are emptied after 48 hours, their rows deleted after 30 days."""

import asyncio
from datetime import timedelta

from bot.clock import Clock
from bot.health import Health
from storage import inbox, outbox
from storage.database import Connection, Database, Trouble

EMPTIED = timedelta(hours=48)
DELETED = timedelta(days=30)  # longer than any redelivery
EVERY = timedelta(hours=1)


class Retention:
    """Forgets what is not needed any more, once an hour."""

    def __init__(self, database: Database, clock: Clock, health: Health | None = None) -> None:
        self._health = health or Health(clock.now)
        self._database = database
        self._clock = clock
        self._never = asyncio.Event()

    async def serve(self) -> None:
        """Forget for ever."""
        while True:
            try:
                await self._database.run(self.forget)
                self._health.went("retention")
            except Trouble as trouble:
                self._health.failed("retention", trouble)
            await self._clock.wait(self._never, self._clock.now() + EVERY)

    def forget(self, connection: Connection) -> None:
        """Empty and delete what is old."""
        now = self._clock.now()
        for each in (inbox, outbox):
            each.forget(connection, emptied_before=now - EMPTIED, deleted_before=now - DELETED)
