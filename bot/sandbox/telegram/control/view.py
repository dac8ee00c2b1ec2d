"""What people see: messages, keyboards, topics, toasts, as they are now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.telegram.content import file_id_of, kind_of
from bot.sandbox.telegram.methods.topics import EMOJI
from bot.sandbox.telegram.model import Chat, Json, Post, Topic
from bot.sandbox.telegram.world import World


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message."""

    text: str
    data: str | None = None
    url: str | None = None
    style: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as the members of its chat see it now."""

    id: int
    chat: int
    author: str
    from_bot: bool
    kind: str
    text: str
    entities: tuple[Json, ...]
    rows: tuple[tuple[Button, ...], ...]
    keyboard: tuple[tuple[str, ...], ...]
    reply_to: int | None
    thread: int | None
    media_group: str | None
    file_id: str | None
    edited: bool
    pinned: bool
    reactions: tuple[str, ...]
    at: datetime
    native: Json

    @property
    def buttons(self) -> list[str]:
        """The texts of the inline buttons, in reading order."""
        return [button.text for row in self.rows for button in row]


@dataclass(frozen=True, slots=True)
class Toast:
    """What a press of a button brought: ``answered`` tells whether it stopped spinning."""

    text: str
    alert: bool
    url: str | None
    answered: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class SeenTopic:
    """A forum topic as it is listed now."""

    id: int
    chat: int
    name: str
    icon: str | None
    emoji: str | None
    closed: bool
    messages: tuple[Seen, ...]


def seen(world: World, chat: Chat, post: Post) -> Seen:
    """Return a message as it looks now."""
    data = post.data
    reply = data.get("reply_to_message")
    if reply is not None and "forum_topic_created" in reply and reply["message_id"] == post.thread:
        reply = None
    markup = data.get("reply_markup", {}).get("inline_keyboard", [])
    keyboard = (post.keyboard or {}).get("keyboard", [])
    return Seen(
        id=post.id,
        chat=chat.id,
        author=world.anonymous.name if "sender_chat" in data else world.account(post.author).name,
        from_bot=post.author == world.bot.id,
        kind=kind_of(data),
        text=data.get("text") or data.get("caption") or "",
        entities=tuple(data.get("entities") or data.get("caption_entities") or ()),
        rows=tuple(tuple(map(_button, row)) for row in markup),
        keyboard=tuple(tuple(_label(button) for button in row) for row in keyboard),
        reply_to=reply["message_id"] if reply else None,
        thread=post.thread,
        media_group=data.get("media_group_id"),
        file_id=file_id_of(data),
        edited="edit_date" in data,
        pinned=post.id in chat.pinned,
        reactions=tuple(item.get("emoji", "") for items in post.reactions.values() for item in items),
        at=post.at,
        native=data,
    )


def _button(raw: Json) -> Button:
    return Button(raw["text"], raw.get("callback_data"), raw.get("url"), raw.get("style"))


def _label(raw: Json | str) -> str:
    return raw if isinstance(raw, str) else str(raw["text"])


def listed(world: World, chat: Chat, posts: Iterable[Post]) -> list[Seen]:
    """Return messages as they look now, oldest first."""
    return [seen(world, chat, post) for post in posts]


def topic(world: World, chat: Chat, found: Topic) -> SeenTopic:
    """Return a topic with its messages."""
    inside = listed(world, chat, [post for post in chat.posts.values() if post.thread == found.id])
    return SeenTopic(
        found.id, chat.id, found.name, found.icon, EMOJI.get(found.icon or ""), found.closed, tuple(inside)
    )
