"""What the bot is to hear: updates in order, kept until it confirms them or a day has passed."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock
from bot.sandbox.telegram.model import Json
from bot.sandbox.telegram.tables import ASKED_ONLY, LIMITS

RETENTION = timedelta(seconds=LIMITS["update_retention_s"])


@dataclass(eq=False, slots=True)
class Update:
    """One update and its fate."""

    id: int
    kind: str
    chat: int
    payload: Json
    at: datetime
    delivered: int = 0
    confirmed: bool = False
    lost: bool = False

    @property
    def queue(self) -> tuple[str, int]:
        """What a webhook is sent in order: a chat's updates, but presses by whoever presses (tdlib/telegram-bot-api)."""
        return ("press", self.payload["from"]["id"]) if self.kind == "callback_query" else ("chat", self.chat)

    def native(self) -> Json:
        """Return the ``Update`` object."""
        return {"update_id": self.id, self.kind: self.payload}


class Updates:
    """The queue of updates, and a log of those that have left it."""

    def __init__(self, clock: Clock, changes: Changes, *, first: int, keep: int | None) -> None:
        self.allowed: frozenset[str] | None = None
        self.arrived: list[Callable[[Update], None]] = []
        self._clock, self._changes, self._next = clock, changes, first
        self._pending: deque[Update] = deque()
        self._log: deque[Update] = deque(maxlen=keep)

    def wants(self, kind: str) -> bool:
        """Return whether the bot has asked for updates of this kind."""
        return kind in self.allowed if self.allowed else kind not in ASKED_ONLY

    def add(self, kind: str, payload: Json, chat: int) -> Update | None:
        """Queue an update, unless the bot did not ask for its kind."""
        if not self.wants(kind):
            return None
        update = Update(self._next, kind, chat, payload, self._clock.now())
        self._next += 1
        self._pending.append(update)
        self._log.append(update)
        for wake in self.arrived:
            wake(update)
        self._changes.touch()
        return update

    def confirm(self, offset: int) -> None:
        """Forget all updates before ``offset``; a negative one keeps only so many of the newest."""
        self._expire()
        if offset < 0:
            offset = self._pending[max(len(self._pending) + offset, 0)].id if self._pending else 0
        while self._pending and self._pending[0].id < offset:
            self._pending.popleft().confirmed = True
            self._changes.touch()

    def confirm_one(self, update: Update) -> None:
        """Forget one update that a webhook has taken."""
        if self._pending and self._pending[0] is update:
            self._pending.popleft()
        else:
            self._pending.remove(update)
        update.confirmed = True
        self._changes.touch()

    def drop_all(self) -> None:
        """Throw the waiting updates away."""
        for update in self._pending:
            update.lost = True
        self._pending.clear()
        self._changes.touch()

    def head(self, limit: int) -> list[Update]:
        """Return the oldest waiting updates and count their delivery."""
        self._expire()
        batch = list(islice(self._pending, limit))
        for update in batch:
            update.delivered += 1
        if batch:
            self._changes.touch()
        return batch

    def waiting(self) -> Iterator[Update]:
        """Return the unconfirmed updates, oldest first."""
        self._expire()
        return iter(tuple(self._pending))

    def log(self) -> list[Update]:
        """Return the updates of late, whatever became of them."""
        return list(self._log)

    def __len__(self) -> int:
        return len(self._pending)

    def _expire(self) -> None:
        oldest = self._clock.now() - RETENTION
        while self._pending and self._pending[0].at < oldest:
            self._pending.popleft().lost = True
