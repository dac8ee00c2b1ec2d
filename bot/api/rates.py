"""How much programs may ask for: each token so many calls a minute, all of them together a few at a time.

Both are kept in memory by each process: they are about now.
"""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from bot.api.problems import Problem
from storage.people.tokens import Token

MINUTE = timedelta(minutes=1)
WAITING = 100  # calls that wait for a place; further ones are asked to come again


@dataclass(slots=True)
class _Measure:
    left: float
    at: datetime


class Rates:
    """The measures of tokens that have lately called."""

    def __init__(self) -> None:
        self._measures: dict[int, _Measure] = {}

    def take(self, token: Token, now: datetime) -> None:
        """Take one call from a token's measure; raise a Problem that says when there is one again."""
        measure = self._measures.setdefault(token.id, _Measure(float(token.per_minute), now))
        passed = max(now - measure.at, timedelta(0))  # a clock that was set back gives nothing, and takes nothing
        measure.left = min(float(token.per_minute), measure.left + token.per_minute * (passed / MINUTE))
        measure.at = now
        if measure.left < 1:
            wait = max(1, math.ceil((1 - measure.left) * 60 / token.per_minute))
            said = f"This token may call {token.per_minute} times a minute; try again in {wait} s."
            raise Problem(HTTPStatus.TOO_MANY_REQUESTS, said, headers={"Retry-After": str(wait)})
        measure.left -= 1


class Queue:
    """A few places: whoever talks to the desk never waits for more programs than have one."""

    def __init__(self, places: int) -> None:
        self._places, self._waiting = asyncio.Semaphore(places), 0

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Have a place; raise a Problem where too many wait for one."""
        if self._waiting >= WAITING:
            said = "Too many calls are waiting to be answered; try again."
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, said, headers={"Retry-After": "2"})
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()
