"""How fast an app may call: each method by its tier, posts by the channel."""

import math
from collections import deque
from dataclasses import dataclass, field

from bot.sandbox.clock import Clock
from bot.sandbox.slack.errors import too_fast
from bot.sandbox.slack.tables import LIMITS, METHODS, POST_BURST, POST_PER_SECOND, SPECIAL_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates in force; the defaults are Slack's own, and a burst is its patience."""

    tier1: int = LIMITS["tiers"]["Tier1"]
    tier2: int = LIMITS["tiers"]["Tier2"]
    tier3: int = LIMITS["tiers"]["Tier3"]
    tier4: int = LIMITS["tiers"]["Tier4"]
    special: int = SPECIAL_PER_MINUTE
    posts_per_second: float = POST_PER_SECOND
    post_burst: int = POST_BURST

    def per_minute(self, method: str) -> int:
        """Return how many calls of a method are allowed in a minute."""
        return (self.special, self.tier1, self.tier2, self.tier3, self.tier4)[METHODS[method].tier]


@dataclass(slots=True)
class Meter:
    """Counts calls and refuses what is too fast."""

    clock: Clock
    rates: Rates | None = None
    _calls: dict[str, deque[float]] = field(default_factory=dict)
    _posts: dict[str, tuple[float, float]] = field(default_factory=dict)

    def set(self, rates: Rates | None) -> None:
        """Put other rates in force (None: none), and forget what was counted."""
        self.rates = rates
        self._calls.clear()
        self._posts.clear()

    def take(self, method: str, channel: str) -> None:
        """Count a call, or refuse it with the time to wait."""
        if self.rates is None:
            return
        now, calls = self.clock.now().timestamp(), self._calls.setdefault(method, deque())
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= self.rates.per_minute(method):
            raise too_fast(max(1, math.ceil(calls[0] + 60 - now)))
        if method == "chat.postMessage":
            self._take_post(self.rates, channel, now)
        calls.append(now)

    def _take_post(self, rates: Rates, channel: str, now: float) -> None:
        tokens, at = self._posts.get(channel, (float(rates.post_burst), now))
        tokens = min(rates.post_burst, tokens + (now - at) * rates.posts_per_second)
        self._posts[channel] = (tokens, now)
        if tokens < 1:
            raise too_fast(max(1, math.ceil((1 - tokens) / rates.posts_per_second)))
        self._posts[channel] = (tokens - 1, now)
