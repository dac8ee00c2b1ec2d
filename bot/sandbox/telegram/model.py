"""The things a Telegram world is made of, as plain records."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from bot.sandbox.telegram.tables import RIGHTS

Json = dict[str, Any]


@dataclass(slots=True)
class Account:
    """A person or a bot, as Telegram knows them."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language: str | None = None
    is_bot: bool = False
    deactivated: bool = False

    def user(self) -> Json:
        """Return the ``User`` object that travels in messages."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name, value in (("last_name", self.last_name), ("username", self.username)):
            if value:
                user[name] = value
        if self.language:
            user["language_code"] = self.language
        return user

    @property
    def name(self) -> str:
        """The name as others read it."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name


@dataclass(frozen=True, slots=True)
class Member:
    """What an account is in one chat."""

    status: Literal["creator", "administrator", "member", "left", "kicked"]
    rights: frozenset[str] = frozenset()
    anonymous: bool = False
    title: str | None = None

    @property
    def is_admin(self) -> bool:
        """Whether they run the chat."""
        return self.status in ("creator", "administrator")

    @property
    def is_here(self) -> bool:
        """Whether they are in the chat now."""
        return self.status not in ("left", "kicked")

    def may(self, right: str) -> bool:
        """Return whether they hold a right."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def native(self, user: Json) -> Json:
        """Return the ``ChatMember`` object."""
        body: Json = {"user": user, "status": self.status}
        if self.status == "kicked":
            body["until_date"] = 0
        if self.is_admin:
            body["is_anonymous"] = self.anonymous
        if self.status == "administrator":
            body["can_be_edited"] = False
            body |= {right: right in self.rights for right in sorted(RIGHTS)}
        if self.title:
            body["custom_title"] = self.title
        return body


ABSENT = Member("left")


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of the service message that opened it."""

    id: int
    name: str
    icon_color: int
    icon: str | None
    opening: Json
    closed: bool = False
    gone: Literal["", "error", "silent"] = ""


@dataclass(slots=True)
class Post:
    """A message in a chat. ``data`` is its ``Message`` object and is replaced, never changed in place."""

    id: int
    chat_id: int
    author: int
    at: datetime
    data: Json
    thread: int | None = None
    keyboard: Json | None = None
    reactions: dict[int, list[Json]] = field(default_factory=dict)


@dataclass(slots=True)
class Chat:
    """A private chat, a group or a supergroup, with everything in it."""

    id: int
    type: Literal["private", "group", "supergroup"]
    title: str | None = None
    person: Account | None = None
    is_forum: bool = False
    username: str | None = None  # anybody can find and read it
    linked: int | None = None  # the channel whose posts are discussed here
    joins_to_write: bool = False
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    general_closed: bool = False  # of a forum: only admins with the right to manage topics write outside topics
    last_id: int = 0
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    actions: list[tuple[datetime, str, int | None]] = field(default_factory=list)
    menu_button: Json | None = None

    def native(self) -> Json:
        """Return the ``Chat`` object that travels in messages."""
        body: Json = {"id": self.id, "type": self.type}
        if self.person is not None:
            body["first_name"] = self.person.first_name
            for name, value in (("last_name", self.person.last_name), ("username", self.person.username)):
                if value:
                    body[name] = value
        if self.title is not None:
            body["title"] = self.title
        if self.is_forum:
            body["is_forum"] = True
        if self.username is not None:
            body["username"] = self.username
        return body

    def member(self, account_id: int) -> Member:
        """Return what an account is here; a stranger has left."""
        return self.members.get(account_id, ABSENT)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on the server, with what was said about it."""

    id: str
    unique_id: str
    kind: str
    size: int
    name: str
    mime: str
    data: bytes | None
    path: str


@dataclass(slots=True)
class Press:
    """One press of an inline button, and how the bot answered it."""

    id: str
    person: int
    chat: int
    message: int
    data: str
    at: datetime
    answered: bool = False
    text: str = ""
    alert: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """Something in a call that a careful bot never does."""

    method: str
    rule: str
    detail: str
    at: datetime
