"""Pushing updates to a bot that has set a webhook, again and again until it takes them."""

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock
from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.model import Json
from bot.sandbox.telegram.tables import LIMITS, SECRET_CHARS
from bot.sandbox.telegram.updates import Update, Updates

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
GONE_FOR = timedelta(hours=23)
LONGEST_WAIT = 60.0
LONGEST_RETRY_AFTER = 3600.0


@dataclass(slots=True)
class Hook:
    """A webhook as the bot has set it, and how it fares."""

    url: str
    secret: str
    connections: int
    error_at: datetime | None = None
    error: str = ""
    gone_since: datetime | None = None


def hook_of(args: Args) -> Hook | None:
    """Return the webhook that a call sets; an empty URL takes it away."""
    url: str = args.get("url", "")
    if not url:
        return None
    parts = urlsplit(url)
    port_wrong = parts.scheme == "https" and (parts.port or 443) not in LIMITS["webhook_ports"]
    if parts.scheme not in ("http", "https") or not parts.hostname or port_wrong:
        raise ApiError(Refusal.WEBHOOK_URL)
    secret: str = args.get("secret_token", "")
    if len(secret) > SECRET_CHARS:
        raise ApiError(Refusal.SECRET_LONG)
    if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
        raise ApiError(Refusal.SECRET_CHARS)
    least, most = LIMITS["webhook_max_connections"]
    return Hook(url, secret, min(max(args.get("max_connections", 40), least), most))


class Pusher:
    """Delivers the waiting updates: their queues side by side, each in order."""

    def __init__(self, updates: Updates, clock: Clock, changes: Changes) -> None:
        self.hook: Hook | None = None
        self.failures = 0
        self._updates, self._clock, self._changes = updates, clock, changes
        self._session: aiohttp.ClientSession | None = None
        self._queues: dict[tuple[str, int], asyncio.Task[None]] = {}
        updates.arrived.append(self._arrived)

    async def set(self, hook: Hook | None) -> None:
        """Push to this address from now on (None: to nobody)."""
        await self._stop()
        self.hook = hook
        self._start()

    async def close(self) -> None:
        """Stop pushing."""
        await self._stop()
        if self._session is not None:
            await self._session.close()

    def info(self) -> Json:
        """Return the ``WebhookInfo``."""
        hook = self.hook
        body: Json = {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if hook is not None:
            body["max_connections"] = hook.connections
            if hook.error_at is not None:
                body |= {"last_error_date": int(hook.error_at.timestamp()), "last_error_message": hook.error}
        if self._updates.allowed:
            body["allowed_updates"] = sorted(self._updates.allowed)
        return body

    async def _stop(self) -> None:
        tasks = list(self._queues.values())
        self._queues.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self) -> None:
        """Begin pushing from every queue that has something, within the permitted connections."""
        if self.hook is None:
            return
        for update in self._updates.waiting():
            if len(self._queues) >= self.hook.connections:
                return
            self._arrived(update)

    def _arrived(self, update: Update) -> None:
        """Begin pushing from a queue, if nobody does and a connection is free."""
        hook = self.hook
        if hook is not None and update.queue not in self._queues and len(self._queues) < hook.connections:
            self._queues[update.queue] = asyncio.create_task(self._serve(hook, update.queue))

    async def _serve(self, hook: Hook, queue: tuple[str, int]) -> None:
        """Push one queue's updates until none is left."""
        try:
            while update := next((u for u in self._updates.waiting() if u.queue == queue), None):
                if not await self._insist(hook, update):
                    return
        finally:
            if self._queues.get(queue) is asyncio.current_task():
                del self._queues[queue]
                self._start()

    async def _insist(self, hook: Hook, update: Update) -> bool:
        """Push one update until it is taken; False when it or the webhook has expired."""
        delay = 1.0
        while True:
            update.delivered += 1
            problem, after = await self._push(hook, update)
            if not problem:
                self._updates.confirm_one(update)
                return True
            hook.error, hook.error_at = problem, self._clock.now()
            self.failures += 1
            self._changes.touch()
            if self._is_gone(hook, problem):
                self.hook = None
                return False
            await self._clock.sleep(after or delay)
            delay = min(delay * 2, LONGEST_WAIT)
            if update not in self._updates.waiting():
                return True

    def _is_gone(self, hook: Hook, problem: str) -> bool:
        """Return whether the receiver has said 410 for most of a day."""
        if not problem.endswith("410 Gone"):
            hook.gone_since = None
            return False
        hook.gone_since = hook.gone_since or self._clock.now()
        return self._clock.now() - hook.gone_since >= GONE_FOR

    async def _push(self, hook: Hook, update: Update) -> tuple[str, float]:
        """Return what went wrong ("" for nothing), and how long the receiver asks to wait."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            async with self._session.post(hook.url, json=update.native(), headers=headers) as answer:
                await answer.read()
                if answer.status // 100 == 2:
                    return "", 0.0
                after = answer.headers.get("Retry-After", "")
                wait = min(float(after), LONGEST_RETRY_AFTER) if after.isdigit() else 0.0
                return f"Wrong response from the webhook: {answer.status} {answer.reason}", wait
        except (aiohttp.ClientError, TimeoutError) as error:
            return f"Connection failed: {type(error).__name__}", 0.0
