"""Several side by side, or one alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Gate:
    """Lets so many through at a time; whoever must be alone waits until nobody else is inside."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._places = asyncio.Semaphore(room)
        self._one = asyncio.Lock()  # two who want to be alone must not each hold a part of the places

    @asynccontextmanager
    async def inside(self, *, alone: bool) -> AsyncIterator[None]:
        """Be inside, perhaps alone."""
        taken = 0
        try:
            if alone:
                async with self._one:
                    for _ in range(self._room):
                        await self._places.acquire()
                        taken += 1
            else:
                await self._places.acquire()
                taken = 1
            yield
        finally:
            for _ in range(taken):
                self._places.release()
