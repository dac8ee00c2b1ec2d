"""The whole state of one bot's Telegram: people, chats, messages, updates. It decides nothing."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.sandbox.changes import Changes
from bot.sandbox.clock import Clock
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.model import Account, Chat, Json, Post, Press, Violation
from bot.sandbox.telegram.rates import Meter
from bot.sandbox.telegram.storage import Files
from bot.sandbox.telegram.tables import CALLBACK_S
from bot.sandbox.telegram.updates import Updates

ANONYMOUS = Account(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)
SUPERGROUP_BASE = -1001000000000


@dataclass(frozen=True, slots=True)
class Keep:
    """How much of the past is remembered; None is all of it."""

    calls: int | None = None
    updates: int | None = None
    messages: int | None = None


@dataclass(slots=True)
class Profile:
    """What the bot says of itself, by language and scope."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})


class World:
    """Everything there is, by id; every change goes on to ``changes``."""

    def __init__(self, token: str, clock: Clock, changes: Changes, *, keep: Keep, username: str) -> None:
        self.bot = Account(int(token.partition(":")[0]), "Frontdesk", username=username, is_bot=True)
        self.clock, self.changes, self.keep = clock, changes, keep
        self.privacy = True
        self.updates = Updates(clock, changes, first=900001, keep=keep.updates)
        self.files = Files(clock)
        self.meter = Meter(clock)
        self.profile = Profile()
        self.violations: list[Violation] = []
        self.people: dict[int, Account] = {}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.anonymous = ANONYMOUS
        self._last = {"person": 7000, "group": -5000, "supergroup": SUPERGROUP_BASE, "message": 0, "other": 0}

    def number(self, kind: str, step: int = 1) -> int:
        """Return the next number of a kind."""
        self._last[kind] += step
        return self._last[kind]

    def add_person(self, name: str, *, username: str | None, language: str | None) -> Account:
        """Let somebody exist, with a private chat that nobody has written in."""
        first, _, last = name.partition(" ")
        account = Account(self.number("person"), first, last or None, username, language)
        self.people[account.id] = account
        self.chats[account.id] = Chat(account.id, "private", person=account)
        return account

    def add_group(self, title: str, *, supergroup: bool, forum: bool) -> Chat:
        """Make an empty group."""
        kind = "supergroup" if supergroup else "group"
        chat = Chat(self.number(kind, -1), "supergroup" if supergroup else "group", title=title, is_forum=forum)
        chat.last_id = 1  # the line that says the group was created; in forums 1 is also General's number
        self.chats[chat.id] = chat
        return chat

    def chat(self, ref: int | str) -> Chat:
        """Return a chat by id or @name, or refuse."""
        if isinstance(ref, str):
            name = ref.removeprefix("@").lower()
            for chat in self.chats.values():
                if chat.person is not None and (chat.person.username or "").lower() == name:
                    return chat
            raise ApiError(Refusal.CHAT_NOT_FOUND)
        found = self.chats.get(ref)
        if found is None:
            raise ApiError(Refusal.CHAT_NOT_FOUND)
        return found

    def account(self, account_id: int) -> Account:
        """Return a person, or the bot."""
        if account_id == self.bot.id:
            return self.bot
        if account_id == self.anonymous.id:
            return self.anonymous
        return self.people[account_id]

    def message_id(self, chat: Chat) -> int:
        """Return the next message id: supergroups count by themselves, all else shares one count."""
        if chat.type == "supergroup":
            chat.last_id += 1
        else:
            chat.last_id = self.number("message")
        return chat.last_id

    def store(self, chat: Chat, post: Post) -> None:
        """Put a message into its chat, forgetting the oldest when there are too many."""
        chat.posts[post.id] = post
        if self.keep.messages is not None and len(chat.posts) > self.keep.messages:
            del chat.posts[next(iter(chat.posts))]
        self.changes.touch()

    def press(self, person: int, chat: int, message: int, data: str) -> Press:
        """Remember a press of a button."""
        number = self.number("other")
        press = Press(f"43{number:016d}", person, chat, message, data, self.clock.now())
        self.presses[press.id] = press
        if self.keep.updates is not None and len(self.presses) > self.keep.updates:
            del self.presses[next(iter(self.presses))]
        return press

    def fresh(self, press: Press) -> bool:
        """Return whether the bot may still answer a press."""
        return self.clock.now() - press.at <= timedelta(seconds=CALLBACK_S)

    def violate(self, method: str, rule: str, detail: str) -> None:
        """Note what a careful bot never does."""
        self.violations.append(Violation(method, rule, detail, self.clock.now()))
        self.changes.touch()
