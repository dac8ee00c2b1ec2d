"""The desk beside the terminal: an event loop in a thread of its own, so that reading a line stops nothing."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE = 15.0  # seconds for what was interrupted to put things in order


class Behind:
    """Runs coroutines for whoever waits at the terminal; Ctrl-C reaches the one who waits."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="desk", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what ``work`` comes to; interrupted, it is cancelled and has ended before this returns."""
        ended = threading.Event()
        future = asyncio.run_coroutine_threadsafe(_until_the_end(work, ended), self._loop)
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            ended.wait(PATIENCE)
            raise

    def close(self) -> None:
        """End the loop, and what was interrupted a second time while it ended."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        if left:
            self._loop.run_until_complete(asyncio.wait(left, timeout=PATIENCE))
        self._loop.close()


async def _until_the_end(work: Coroutine[Any, Any, T], ended: threading.Event) -> T:
    try:
        return await work
    finally:
        ended.set()
