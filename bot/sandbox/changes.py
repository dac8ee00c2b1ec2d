"""Waiting for something to become true, without sleeping."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0  # real seconds after which what has not happened never will, however busy the machine is


class Changes:
    """A counter that grows at every change and wakes those who wait."""

    def __init__(self) -> None:
        self.count = 0
        self._waiters: list[asyncio.Future[None]] = []

    def touch(self) -> None:
        """Say that something has changed."""
        self.count += 1
        if self._waiters:
            waiters, self._waiters = self._waiters, []
            for waiter in waiters:
                if not waiter.done():
                    waiter.set_result(None)

    def next(self) -> asyncio.Future[None]:
        """Return what is done at the next change from now on, whenever somebody begins to wait for it."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        return waiter

    async def wait(self) -> None:
        """Return at the next change."""
        await self.next()

    async def until(
        self, predicate: Callable[[], T | None], within: float = PATIENCE, *, story: Callable[[], str] = str
    ) -> T:
        """Return the predicate's first true value, or raise ``TimeoutError`` with the story so far."""
        value = predicate()
        if value:
            return value
        try:
            async with asyncio.timeout(within):
                while not (value := predicate()):
                    await self.wait()
        except TimeoutError:
            raise TimeoutError(f"still not true after {within} s; {story()}") from None
        return value
