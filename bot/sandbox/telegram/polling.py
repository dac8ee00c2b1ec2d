"""getUpdates: one long poll at a time, with the real server's habits."""

import asyncio

from bot.sandbox.changes import Changes
from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.model import Json
from bot.sandbox.telegram.tables import LIMITS
from bot.sandbox.telegram.updates import Update, Updates


class Polling:
    """The door of a bot that asks; a later asker turns the earlier away."""

    def __init__(self, updates: Updates, changes: Changes) -> None:
        self.count = 0
        self._updates, self._changes = updates, changes
        self._waiting: asyncio.Future[Refusal | None] | None = None
        self._last = (-1, float("-inf"))
        updates.arrived.append(self._wake)

    async def poll(self, args: Args) -> list[Json]:
        """Confirm what is before the offset, and return what comes next, waiting for it if asked."""
        self.count += 1
        self.abort(Refusal.OTHER_POLLER)
        offset, now = args.get("offset", 0), asyncio.get_running_loop().time()
        limit = min(max(args.get("limit", LIMITS["get_updates_limit"]), 1), LIMITS["get_updates_limit"])
        timeout = min(max(args.get("timeout", 0), 0), LIMITS["get_updates_timeout_s"])
        if offset == self._last[0] and now < self._last[1] + 3:
            timeout = max(timeout, 3)
            limit = 1 if now < self._last[1] + 0.5 else limit
        self._last = (offset, now)
        if "allowed_updates" in args:
            self._updates.allowed = frozenset(args["allowed_updates"]) or None
        if offset:
            self._updates.confirm(offset)
        batch = self._updates.head(limit)
        if not batch and timeout:
            await self._wait(timeout)
            batch = self._updates.head(limit)
        return [update.native() for update in batch]

    def abort(self, refusal: Refusal | None) -> None:
        """End the waiting poll: with a refusal, or with nothing."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(refusal)

    @property
    def waits(self) -> bool:
        """Whether a poller stands at the door now."""
        return self._waiting is not None

    async def _wait(self, seconds: float) -> None:
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        self._changes.touch()
        try:
            async with asyncio.timeout(seconds):
                refusal = await waiting
        except TimeoutError:
            return
        finally:
            if self._waiting is waiting:
                self._waiting = None
                self._changes.touch()
        if refusal is not None:
            raise ApiError(refusal)

    def _wake(self, _: Update) -> None:
        self.abort(None)
