"""The things a Slack workspace is made of, as plain records."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Json = dict[str, Any]
HOME, ELSEWHERE = "T0SANDBOX01", "T0ELSEWHERE"  # our workspace, and another organisation's
Kind = Literal["channel", "group", "im", "mpim"]


@dataclass(slots=True)
class User:
    """Somebody in the workspace, or the bot."""

    id: str
    name: str
    real_name: str
    team: str
    locale: str = "en-US"
    tz: str = "Europe/Kyiv"
    email: str | None = None
    is_bot: bool = False
    is_admin: bool = False
    guest: bool = False
    deactivated: bool = False
    display: str = ""  # what they chose to be called; left out, their short name

    @property
    def is_stranger(self) -> bool:
        """Whether they are of another organisation, seen through a shared channel."""
        return self.team != HOME

    def short(self) -> Json:
        """Return the object that travels in interactions."""
        return {"id": self.id, "username": self.name, "name": self.name, "team_id": self.team}


@dataclass(eq=False, slots=True)
class Post:
    """A message: ``native`` is its object as Slack stores it, without its reactions and counts."""

    ts: str
    channel: str
    author: str
    native: Json
    at: datetime
    thread: str | None = None
    parsed: tuple[str, bool] = ("none", False)
    only_for: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)
    gone: bool = False
    drawn: tuple[Json, Any] | None = None


@dataclass(eq=False, slots=True)
class Channel:
    """A channel, private channel or direct message."""

    id: str
    kind: Kind
    name: str
    created: datetime
    creator: str
    members: list[str] = field(default_factory=list)
    archived: bool = False
    shared: bool = False  # with another organisation
    posts: dict[str, Post] = field(default_factory=dict)
    ephemerals: list[Post] = field(default_factory=list)

    @property
    def is_direct(self) -> bool:
        """Whether it has people instead of a name."""
        return self.kind in ("im", "mpim")

    @property
    def other(self) -> str:
        """The person at the other end of a direct message with the bot."""
        return self.members[0]


@dataclass(eq=False, slots=True)
class StoredFile:
    """A file of the workspace."""

    id: str
    name: str
    title: str
    mimetype: str
    size: int
    owner: str
    created: datetime
    data: bytes | None = None
    mode: str = "hosted"
    remote: str = ""  # where it lies, if not on Slack
    shares: dict[str, list[str]] = field(default_factory=dict)
    deleted: bool = False
    uploaded: bool = False
    complete: bool = False


@dataclass(eq=False, slots=True)
class View:
    """A modal or a home tab, with what a person has put into it: block id → action id → value object."""

    id: str
    user: str
    native: Json
    hash: str
    root: str
    previous: str | None = None
    values: dict[str, Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Trigger:
    """The right to open a modal, for 3 seconds and once."""

    id: str
    user: str
    at: datetime
    from_modal: bool = False
    used: bool = False


@dataclass(eq=False, slots=True)
class ResponseUrl:
    """The right to answer an interaction, five times in half an hour."""

    token: str
    user: str
    channel: str
    at: datetime
    post: Post | None = None
    thread: str | None = None
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Violation:
    """Something a careful bot never does."""

    method: str
    rule: str
    detail: str
    at: datetime
