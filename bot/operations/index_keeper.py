"""The index of answers is built beside the turns and put in its place when it is ready: until then the one before it answers."""

import asyncio

from bot.clock import Clock
from bot.delivery.article_import import all_articles
from bot.monitoring.health import Health
from bot.retry import retry_until_served
from handlers.turns.knowledge import Knowledge, index_of
from storage.engine.database import Database


class IndexKeeper:
    """Builds a whole index whenever more has changed than a turn takes in by itself."""

    def __init__(self, database: Database, clock: Clock, knowledge: Knowledge, health: Health | None = None) -> None:
        self.bell = asyncio.Event()
        self._database = database
        self._clock = clock
        self._knowledge = knowledge
        self._health = health or Health(clock.now)
        loop = asyncio.get_running_loop()
        knowledge.behind = lambda: loop.call_soon_threadsafe(self.bell.set)  # a turn is had in the writer's thread

    async def start(self) -> None:
        """Build the first index; a start waits for it."""
        await retry_until_served(self._build, self._health, "knowledge")

    async def serve(self) -> None:
        """Build anew for ever, whenever the bell rings."""
        while True:
            await self._clock.wait(self.bell, None)
            await self.start()

    async def _build(self) -> None:
        revision, rows = await all_articles(self._database)
        index = await asyncio.to_thread(index_of, rows)
        await self._database.run(lambda _: self._knowledge.swap(index, revision))  # where no turn is asking it
