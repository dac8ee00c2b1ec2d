"""What a story may choose about its desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class House:
    """A desk as a story wants it; what a messenger does not have makes no difference there."""

    forum: bool = True
    supergroup: bool = True
    paced: bool = False  # with the sending rates of a real desk, enforced on the other side too
    measured: bool = False  # with a measure of turns for everybody: in a story people do in a moment what takes minutes
    digest: bool = False  # a report comes into the team's channel each Monday, as at a real desk
    windows: bool = True  # forms open as windows where there are windows; else they are asked question by question
    team_language: str = "en"
    settings: Mapping[str, Any] = field(default_factory=dict)
    recalled: bool = False  # agents are reminded of requests that nobody has written on for a day
