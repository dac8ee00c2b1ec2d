"""Whoever waits for a file that takes long reads how far it is, on one message that is gone once the file is there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial

from bot.messengers.protocol import Delivery
from handlers.vocabulary.deferred import FILES
from handlers.vocabulary.messages import RENDERED_MESSAGE, Operation, RenderedMessage, RichText
from storage.engine.database import Connection, Database, DatabaseUnavailable
from storage.queues import outbox
from storage.types import Columns

FIRST, AGAIN = 3.0, 5.0  # seconds until it is told how far it is, and between two times


class Progress:
    """How far one file is."""

    def __init__(self, database: Database, now: Callable[[], datetime], delivery: Delivery, waiting: str) -> None:
        self._database, self._now = database, now
        self._delivery, self._waiting = delivery, waiting
        self._done, self._of = 0, 0
        self._message: int | None = None

    def tell(self, done: int, of: int) -> None:
        """Remember how far it is."""
        self._done, self._of = done, of

    @contextlib.asynccontextmanager
    async def shown(self) -> AsyncIterator[None]:
        """Show how far it is while this lasts, from the third second on."""
        telling = asyncio.create_task(self._tell_for_ever()) if self._waiting else None
        try:
            yield
        finally:
            if telling is not None:
                telling.cancel()
                await asyncio.gather(telling, return_exceptions=True)
            if self._message is not None:
                with contextlib.suppress(DatabaseUnavailable):
                    await self._database.run(self._take_back)

    async def _tell_for_ever(self) -> None:
        pause, told = FIRST, ""
        while True:
            await asyncio.sleep(pause)
            pause = AGAIN
            said = self._waiting.replace("{percent}", str(self._done * 100 // self._of if self._of else 0))
            if said != told:
                told = said
                with contextlib.suppress(DatabaseUnavailable):
                    await asyncio.shield(self._database.run(partial(self._say, said=said)))

    def _say(self, connection: Connection, said: str) -> None:
        payload = RENDERED_MESSAGE.dump_json(
            RenderedMessage(RichText(said), silent=True), exclude_defaults=True
        ).decode()
        if self._message is None:
            self._message = self._promise(connection, {"operation": Operation.SEND, "payload": payload})
        elif not outbox.replace_waiting(connection, self._message, payload):
            edit = {"operation": Operation.EDIT, "payload": payload, "edits": self._message}
            self._promise(connection, edit)

    def _take_back(self, connection: Connection) -> None:
        self._promise(connection, {"operation": Operation.DELETE, "edits": self._message})

    def _promise(self, connection: Connection, values: Columns) -> int:
        row, now = self._delivery.rows[0], self._now()
        columns = {"payload": "", "lane": row.lane.removesuffix(FILES), "ready_at": now, **values}
        return outbox.enqueue(connection, self._delivery.source, columns, now)
