"""One payload that the bot is to hear, and each sending of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.slack.model import Json

Envelope = Literal["events_api", "interactive", "slash_commands"]
Heard = Callable[[Any], None]


@dataclass(eq=False, slots=True)
class Attempt:
    """One sending of a payload."""

    envelope_id: str
    at: datetime
    number: int
    reason: str = ""
    via: str = ""
    failed: str = ""
    latency: float | None = None
    _started: float = field(default_factory=time.perf_counter)

    def heard(self) -> None:
        """Note that the bot has acknowledged it now."""
        self.latency = time.perf_counter() - self._started


@dataclass(eq=False, slots=True)
class Delivery:
    """One payload and its fate: ``acked``, ``lost`` (given up), or still under way."""

    kind: Envelope
    name: str
    payload: Json
    at: datetime
    attempts: list[Attempt] = field(default_factory=list)
    acked: bool = False
    lost: bool = False
    answer: Any = None
    tried: int = 0
    heard: Heard | None = None
    given_up: Callable[[], None] | None = None

    @property
    def trigger_id(self) -> str:
        """The right to open a modal that came with it."""
        return str(self.payload.get("trigger_id", ""))

    @property
    def is_event(self) -> bool:
        """Whether it is sent again when nobody acknowledges it."""
        return self.kind == "events_api"

    @property
    def latency(self) -> float | None:
        """Seconds from the sending that was acknowledged to the acknowledgement."""
        return next((attempt.latency for attempt in self.attempts if attempt.latency is not None), None)

    @property
    def failed(self) -> str:
        """Why the person was told that it did not work; "" if it did, or may yet."""
        return (self.attempts[-1].failed if self.attempts else "no_connection") if self.lost else ""
