"""A program that reads requests at a steady rate, until its input ends: a process of its own, so that no bench pays for it.

Nine of ten calls read one request, the tenth a page of twenty. At the end it prints how many there were, and how long they took.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable

from tests.bench.path import quantile

CONNECTIONS = 16
PAGE, EACH = "/tickets?limit=20", "/tickets/{}"


class Caller:
    """One connection, and the calls made over it."""

    def __init__(self, port: int, secret: str, every: float, answered: Callable[[], None]) -> None:
        self._port, self._secret, self._every, self._answered = port, secret, every, answered
        self.took: list[float] = []

    async def calls(self, first: float, ended: asyncio.Event) -> None:
        """Call again and again, each at its time, or at once where that has passed."""
        reading, writing = await asyncio.open_connection("127.0.0.1", self._port)
        number = 0
        while not ended.is_set():
            await asyncio.sleep(first + number * self._every - time.monotonic())
            began = time.monotonic()
            path = PAGE if number % 10 == 9 else EACH.format(1 + number % 1000)
            head = f"GET /api/v1{path} HTTP/1.1\r\nHost: desk\r\nAuthorization: Bearer {self._secret}\r\n\r\n"
            writing.write(head.encode())
            await self._read_answer(reading)
            self.took.append((time.monotonic() - began) * 1000)
            self._answered()
            number += 1
        writing.close()

    async def _read_answer(self, reading: asyncio.StreamReader) -> None:
        head = (await reading.readuntil(b"\r\n\r\n")).decode()
        assert head.startswith("HTTP/1.1 200 "), head
        length = next(
            line.partition(":")[2] for line in head.splitlines() if line.lower().startswith("content-length:")
        )
        json.loads(await reading.readexactly(int(length)))


async def run(port: int, secret: str, rate: float) -> None:
    """Call so many times a second over a few connections, until the input ends."""
    ended, began = asyncio.Event(), time.monotonic()
    said = False

    def answered() -> None:
        nonlocal said
        if not said:
            print("begun", flush=True)  # noqa: T201 - whoever has started it waits for this
        said = True

    callers = [Caller(port, secret, CONNECTIONS / rate, answered) for _ in range(CONNECTIONS)]

    async def until_the_end() -> None:
        await asyncio.to_thread(sys.stdin.read)
        ended.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(until_the_end())
        for number, caller in enumerate(callers):
            group.create_task(caller.calls(began + number / rate, ended))
    took = sorted(each for caller in callers for each in caller.took)
    told = {
        "calls": len(took),
        "seconds": time.monotonic() - began,
        "p50": quantile(took, 0.5),
        "p99": quantile(took, 0.99),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(run(int(sys.argv[1]), sys.stdin.readline().strip(), float(sys.argv[2])))
