"""The door: what arrives is stored in the order it came in, many at once where many came, and only then acknowledged."""

import asyncio
from collections.abc import Awaitable, Callable
from weakref import WeakValueDictionary

from bot.messengers.protocol import Accept
from handlers.vocabulary.messages import Event
from storage.engine.database import DatabaseUnavailable

Made = Callable[[], Awaitable[Event | None]]


class OrderedIntake:
    """One line to the inbox. Who must first be looked up holds up their own conversation, and nobody else's."""

    def __init__(self, accept: Accept) -> None:
        self.failed = False  # something could not be stored: it is to be read back
        self._accept = accept
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._waiting: list[tuple[Event, asyncio.Future[None]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def pass_in(self, conversation: str, made: Made) -> None:
        """Store the event that ``made`` makes of an arrival; return when it is on the disk, raise when it is not."""
        turn = self._turns.setdefault(conversation, asyncio.Lock())
        async with turn:
            event = await made()
            stored = self._queue(event) if event is not None else None
        if stored is not None:
            await stored

    def _queue(self, event: Event) -> "asyncio.Future[None]":
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        return stored

    async def _store(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                await self._accept([event for event, _ in batch])
            except Exception as error:
                await self._apart(batch, error)
            else:
                _settle(batch, None)

    async def _apart(self, batch: list[tuple[Event, "asyncio.Future[None]"]], error: Exception) -> None:
        """A batch failed: where it was the database nobody is acknowledged; else each stands for itself."""
        self.failed = True
        if isinstance(error, DatabaseUnavailable) or len(batch) == 1:
            _settle(batch, error)
            return
        for one in batch:
            try:
                await self._accept([one[0]])
            except Exception as its_own:
                _settle([one], its_own)
            else:
                _settle([one], None)


def _settle(batch: list[tuple[Event, "asyncio.Future[None]"]], error: Exception | None) -> None:
    for _, stored in batch:
        if stored.cancelled():
            continue
        if error is None:
            stored.set_result(None)
        else:
            stored.set_exception(error)
