"""The whole state of one workspace: people, conversations, files, views. It decides nothing."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.model import (
    HOME,
    Channel,
    Kind,
    Post,
    ResponseUrl,
    StoredFile,
    Trigger,
    User,
    View,
    Violation,
)
from bot.sandbox.slack.tables import SCOPES

TEAM, APP, BOT, BOT_USER = HOME, "A0SANDBOX01", "B0SANDBOX01", "U0SANDBOX00"
SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True)
class Keep:
    """How much of the past is remembered; None is all of it."""

    calls: int | None = None
    deliveries: int | None = None
    messages: int | None = None


class World:
    """Everything there is, by id; every change goes on to ``changes``."""

    def __init__(self, clock: Clock, changes: Changes, *, keep: Keep, username: str) -> None:
        self.clock, self.changes, self.keep = clock, changes, keep
        self.bot = User(BOT_USER, username, username.capitalize(), TEAM, is_bot=True)
        self.scopes: frozenset[str] = SCOPES
        self.token_error: str | None = None
        self.url = ""
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.direct: dict[str, Channel] = {}
        self.groups: dict[str, list[str]] = {}  # members of user groups
        self.groups_open = True  # everyone may change them, as the workspace is set up; else its admins alone
        self.files: dict[str, StoredFile] = {}
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.home_open: set[str] = set()
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.violations: list[Violation] = []
        self._counts: dict[str, int] = {}
        self._last_ts = 0

    # Names and numbers

    def number(self, kind: str) -> int:
        """Return the next number of a kind."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def id(self, letter: str) -> str:
        """Return a new id; its first letter tells its kind."""
        return f"{letter}0SB{self.number(letter):07d}"

    def ts(self) -> str:
        """Return a new message time, later than every one before."""
        moment = int(self.clock.now().timestamp() * 1_000_000)
        self._last_ts = max(moment, self._last_ts + 1)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def now(self) -> datetime:
        """Return the present moment."""
        return self.clock.now()

    # People and conversations

    def add_user(self, real_name: str, **more: str | bool | None) -> User:
        """Let somebody be in the workspace."""
        name = "".join(letter for letter in real_name.lower().replace(" ", ".") if letter.isalnum() or letter in "._-")
        home = str(more.pop("team", TEAM))
        user = User(self.id("U"), name or "someone", real_name, home, **more)  # type: ignore[arg-type]
        self.users[user.id] = user
        self.changes.touch()
        return user

    def slackbot(self) -> User:
        """Return Slack's own voice, which its directory does not call a bot."""
        return self.users.setdefault(SLACKBOT, User(SLACKBOT, "slackbot", "Slackbot", TEAM))

    def add_channel(self, name: str, kind: Kind, members: list[str]) -> Channel:
        """Make a conversation; the first member has created it."""
        creator = members[0] if members else self.bot.id
        channel = Channel(self.id("D" if kind == "im" else "C"), kind, name, self.now(), creator, members)
        self.channels[channel.id] = channel
        self.changes.touch()
        return channel

    def change_id(self, channel: Channel) -> str:
        """Give a channel another id, as when it begins to be shared; return the old one, which nobody knows any more."""
        old = channel.id
        del self.channels[old]
        channel.id = self.id("C")
        self.channels[channel.id] = channel
        for post in (*channel.posts.values(), *channel.ephemerals):
            post.channel = channel.id
        self.changes.touch()
        return old

    def dm(self, user: str) -> Channel:
        """Return the direct message of the bot and a person, making it if need be."""
        if user not in self.direct:
            self.direct[user] = self.add_channel("", "im", [user, self.bot.id])
        return self.direct[user]

    def user(self, user_id: str) -> User:
        """Return somebody or the bot, or refuse."""
        found = self.bot if user_id == self.bot.id else self.users.get(user_id)
        if found is None:
            raise ApiError("user_not_found")
        return found

    def channel(self, ref: str) -> Channel:
        """Return a conversation the bot may know of, by id or #name, or refuse."""
        found = self.channels.get(ref)
        if found is None and not ref.startswith(("C", "D", "G")):
            name = ref.removeprefix("#")
            found = next((channel for channel in self.channels.values() if channel.name == name != ""), None)
        if found is None or (found.kind != "channel" and self.bot.id not in found.members):
            raise ApiError("channel_not_found")
        return found

    # Messages

    def store(self, post: Post) -> None:
        """Put a message into its conversation, forgetting the oldest when there are too many."""
        channel = self.channels[post.channel]
        if post.only_for is not None:
            channel.ephemerals.append(post)
        else:
            channel.posts[post.ts] = post
            if post.thread is not None and post.thread in channel.posts:
                channel.posts[post.thread].replies.append(post.ts)
        if self.keep.messages is not None and len(channel.posts) > self.keep.messages:
            del channel.posts[next(iter(channel.posts))]
        self.changes.touch()

    # Rights that come with an interaction

    def trigger(self, user: str, *, from_modal: bool = False) -> Trigger:
        """Give the right to open a modal."""
        trigger = Trigger(f"{self.number('trigger')}.{TEAM}.{secrets.token_hex(8)}", user, self.now(), from_modal)
        self.triggers[trigger.id] = trigger
        if len(self.triggers) > 1000:
            del self.triggers[next(iter(self.triggers))]
        return trigger

    def response_url(self, user: str, channel: str, post: Post | None = None, thread: str | None = None) -> str:
        """Give the right to answer without a token."""
        right = ResponseUrl(secrets.token_hex(12), user, channel, self.now(), post, thread)
        self.response_urls[right.token] = right
        if len(self.response_urls) > 1000:
            del self.response_urls[next(iter(self.response_urls))]
        return f"{self.url}/respond/{right.token}"

    def violate(self, method: str, rule: str, detail: str) -> None:
        """Note what a careful bot never does."""
        self.violations.append(Violation(method, rule, detail, self.now()))
        self.changes.touch()

    def top(self, user: str) -> View | None:
        """Return the modal a person looks at."""
        stack = self.modals.get(user)
        return stack[-1] if stack else None

    def name_of(self, object_id: str) -> str:
        """Return what people read in the place of an id."""
        if object_id in self.channels:
            return self.channels[object_id].name
        user = self.users.get(object_id)
        return self.bot.real_name if object_id == self.bot.id else user.real_name if user else object_id
