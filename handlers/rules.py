"""The desk's rules: what an operator or an admin decides, as one frozen record."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from handlers.phrases import Texts


@dataclass(frozen=True, slots=True)
class Rules:
    """Windows, languages, and who is an admin from the start."""

    language: str = "en"
    zone: str = "UTC"
    team_language: str = "en"
    admins: frozenset[tuple[str, str]] = frozenset()  # (messenger, native id)
    conversation_window: timedelta = timedelta(hours=24)
    reopen_window: timedelta = timedelta(days=7)
    auto_close: timedelta = timedelta(days=3)
    reminder: timedelta = timedelta(days=2)  # after resolving; before auto_close
    first_response: timedelta = timedelta(hours=4)
    fold: timedelta = timedelta(seconds=2)  # a requester's messages within this are one post
    night: tuple[int, int] = (22, 7)  # hours of the reader between which a private message makes no sound
    taken_back: timedelta = timedelta(hours=48)  # how long a sent reply can be deleted
    texts: Mapping[str, Texts] = field(default_factory=dict)
