"""How fast a bot may speak: over all chats, to one person, in one group."""

import math
from collections import deque
from dataclasses import dataclass, field

from bot.sandbox.clock import Clock
from bot.sandbox.telegram.errors import too_many
from bot.sandbox.telegram.model import Chat
from bot.sandbox.telegram.tables import LIMITS


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates in force; the defaults are Telegram's own, and a burst is its patience."""

    per_second: float = LIMITS["bulk_messages_per_second"]
    per_private_chat: float = LIMITS["messages_per_second_per_chat"]
    private_burst: int = 5
    per_group_minute: int = LIMITS["messages_per_minute_per_group"]
    count_edits: bool = False


@dataclass(slots=True)
class Bucket:
    """A token bucket that starts full."""

    rate: float
    size: float
    tokens: float
    at: float

    def wait(self, count: int, now: float) -> float:
        """Return how long until so many tokens are there."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return max(0.0, (min(count, self.size) - self.tokens) / self.rate)


@dataclass(slots=True)
class Meter:
    """Counts what the bot sends and refuses what is too fast."""

    clock: Clock
    rates: Rates | None = None
    _overall: Bucket | None = None
    _chats: dict[int, Bucket] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=dict)

    def set(self, rates: Rates | None) -> None:
        """Put other rates in force (None: none), and forget what was counted."""
        self.rates, self._overall = rates, None
        self._chats.clear()
        self._groups.clear()

    def take_edit(self, chat: Chat) -> None:
        """Count an edit like a message, where the rates say so."""
        if self.rates is not None and self.rates.count_edits:
            self.take(chat)

    def take(self, chat: Chat, count: int = 1) -> None:
        """Count messages into a chat, or refuse them with the time to wait."""
        if self.rates is None:
            return
        now = self.clock.now().timestamp()
        overall = self._overall = self._overall or self._bucket(self.rates.per_second, self.rates.per_second, now)
        wait = overall.wait(count, now)
        if chat.type == "private":
            wait = max(wait, self._private(chat.id, now).wait(count, now))
        else:
            wait = max(wait, self._group_wait(chat.id, count, now))
        if wait > 0:
            raise too_many(max(1, math.ceil(wait)))
        overall.tokens -= count
        if chat.type == "private":
            self._private(chat.id, now).tokens -= count
        else:
            self._groups[chat.id].extend([now] * count)

    @staticmethod
    def _bucket(rate: float, size: float, now: float) -> Bucket:
        return Bucket(rate, size, size, now)

    def _private(self, chat: int, now: float) -> Bucket:
        assert self.rates is not None
        if chat not in self._chats:
            self._chats[chat] = self._bucket(self.rates.per_private_chat, self.rates.private_burst, now)
        return self._chats[chat]

    def _group_wait(self, chat: int, count: int, now: float) -> float:
        assert self.rates is not None
        sent = self._groups.setdefault(chat, deque())
        while sent and sent[0] <= now - 60:
            sent.popleft()
        over = len(sent) + count - self.rates.per_group_minute
        return sent[min(over, len(sent)) - 1] + 60 - now if over > 0 and sent else 0.0
