"""A call as the log keeps it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.slack.model import Json


@dataclass(eq=False, slots=True)
class Call:
    """A call that came in: what was asked, what was answered. ``method`` is ``respond`` for a response URL."""

    method: str
    args: Json
    at: datetime
    token: str = ""
    ok: bool = False
    result: Any = None
    error: str = ""
    status: int = 0
    retry_after: int | None = None

    @property
    def channel(self) -> str | None:
        """The conversation, or else the person, that the call names."""
        for name in ("channel", "channel_id", "user_id", "user"):
            if isinstance(found := self.args.get(name), str):
                return found
        return None
