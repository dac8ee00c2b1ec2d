"""How a person's words come into a chat."""

from collections.abc import Iterable
from typing import TypedDict

from bot.sandbox.telegram import events
from bot.sandbox.telegram.control.room import Room
from bot.sandbox.telegram.control.view import Seen, SeenTopic, seen
from bot.sandbox.telegram.entities import formatted
from bot.sandbox.telegram.markup import units
from bot.sandbox.telegram.model import Account, Chat, Json, Post
from bot.sandbox.telegram.posting import post
from bot.sandbox.telegram.tables import LIMITS
from bot.sandbox.telegram.world import World

Where = Room | SeenTopic | int | None


class Spot(TypedDict, total=False):
    """Where exactly a message goes, as keyword arguments."""

    at: Where
    topic: int | None
    reply_to: Seen | int | None


class Writing:
    """What every message of a person shares."""

    def __init__(self, world: World, account: Account) -> None:
        self._world, self._account = world, account

    @property
    def id(self) -> int:
        """The account's id, which is also the id of the private chat."""
        return self._account.id

    @property
    def name(self) -> str:
        """The name as others read it."""
        return self._account.name

    @property
    def username(self) -> str | None:
        """The @name, without the @."""
        return self._account.username

    def says(
        self,
        text: str,
        *,
        at: Where = None,
        topic: int | None = None,
        reply_to: Seen | int | None = None,
        entities: Iterable[Json] = (),
        forwarded: str = "",
    ) -> Seen:
        """Write a text: in the private chat, a group, a topic, as a reply; ``forwarded`` is whose words are passed on."""
        if units(text) > LIMITS["message_text_chars"]:
            raise ValueError("Telegram's apps cut a text over 4096 units in pieces: say the pieces")
        words, marked = formatted(text, None, list(entities))
        content: Json = {"text": words} | ({"entities": marked} if marked else {})
        if forwarded:
            date = int(self._world.clock.now().timestamp())
            content["forward_origin"] = {"type": "hidden_user", "sender_user_name": forwarded, "date": date}
        return self._send(content, at=at, topic=topic, reply_to=reply_to)

    def _send(
        self, content: Json, *, at: Where = None, topic: int | None = None, reply_to: Seen | int | None = None
    ) -> Seen:
        """Write any message and tell the bot of it."""
        chat, thread = self._where(at)
        thread = topic if topic is not None else thread
        replied = None
        if reply_to is not None:
            replied = chat.posts[reply_to.id if isinstance(reply_to, Seen) else reply_to]
            thread = replied.thread if thread is None else thread
        self._may_write(chat, thread)
        anonymous = chat.member(self.id).anonymous
        message = post(self._world, chat, self._account, content, thread=thread, reply=replied, anonymous=anonymous)
        events.message(self._world, chat, message)
        return seen(self._world, chat, message)

    def _may_write(self, chat: Chat, thread: int | None) -> None:
        """Refuse what Telegram's apps do not offer."""
        if chat.type == "private":
            if chat.id != self.id:
                raise ValueError(f"{self.name} cannot write in another's private chat")
            if chat.blocked:
                raise ValueError(f"{self.name} has blocked the bot: unblock it first")
            chat.started = True
            return
        member = chat.member(self.id)
        anybody = (chat.username or chat.linked) and not chat.joins_to_write
        if not (member.is_here or anybody) or chat.migrated_to is not None:
            raise ValueError(f"{self.name} is not in this group")
        if thread is not None:
            topic = chat.topics.get(thread)
            if topic is None or topic.gone:
                raise ValueError(f"there is no topic {thread}")
            if topic.closed and not member.may("can_manage_topics"):
                raise ValueError(f"topic {topic.name!r} is closed")

    def _where(self, at: Where) -> tuple[Chat, int | None]:
        if isinstance(at, SeenTopic):
            return self._world.chats[at.chat], at.id
        number = self.id if at is None else at if isinstance(at, int) else at.id
        return self._world.chats[number], None

    def _message(self, message: Seen | int, at: Where) -> tuple[Chat, Post]:
        if isinstance(message, Seen):
            chat = self._world.chats[message.chat]
            return chat, chat.posts[message.id]
        chat, _ = self._where(at)
        return chat, chat.posts[message]
