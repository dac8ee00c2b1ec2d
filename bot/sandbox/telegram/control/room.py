"""A chat as a test holds it: what is in it, and for groups what the world does to it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

from bot.sandbox.telegram import events
from bot.sandbox.telegram.control import view
from bot.sandbox.telegram.model import Account, Chat, Json, Member
from bot.sandbox.telegram.posting import erase, open_topic, post
from bot.sandbox.telegram.tables import RIGHTS, TOPIC_COLOURS
from bot.sandbox.telegram.world import World

ACTION = timedelta(seconds=5)


class Room:
    """Any chat: read it."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world, self._chat = world, chat

    @property
    def id(self) -> int:
        """The chat's id."""
        return self._chat.id

    @property
    def title(self) -> str:
        """The group's title, or the person's name."""
        return self._chat.person.name if self._chat.person is not None else self._chat.title or ""

    @property
    def messages(self) -> list[view.Seen]:
        """All messages as they look now, oldest first; deleted ones are gone."""
        return view.listed(self._world, self._chat, list(self._chat.posts.values()))

    @property
    def texts(self) -> list[str]:
        """The texts and captions of what the bot has said here, oldest first."""
        return [message.text for message in self.messages if message.from_bot and message.text]

    @property
    def last(self) -> view.Seen:
        """The newest message."""
        return view.seen(self._world, self._chat, next(reversed(self._chat.posts.values())))

    @property
    def topics(self) -> list[view.SeenTopic]:
        """The forum topics that are there, oldest first."""
        return [view.topic(self._world, self._chat, topic) for topic in self._chat.topics.values() if not topic.gone]

    @property
    def general(self) -> list[view.Seen]:
        """The messages outside every topic."""
        posts = [post for post in self._chat.posts.values() if post.thread is None]
        return view.listed(self._world, self._chat, posts)

    @property
    def pinned(self) -> list[int]:
        """The ids of the pinned messages, oldest pin first."""
        return list(self._chat.pinned)

    @property
    def actions(self) -> list[str]:
        """The bot's chat actions of late."""
        return [action for _, action, _ in self._chat.actions]

    @property
    def doing(self) -> dict[str, object] | None:
        """What the bot is seen to do just now, and in which topic: "typing" and the like fade after five seconds."""
        if not self._chat.actions:
            return None
        at, action, thread = self._chat.actions[-1]
        last = next(reversed(self._chat.posts.values()), None)
        said = last is not None and last.author == self._world.bot.id and last.at >= at
        if said or self._world.clock.now() - at > ACTION:
            return None
        return {"action": action, "thread": thread}

    @property
    def forum(self) -> bool:
        """Whether it is a group of topics."""
        return self._chat.is_forum

    def topic(self, name: str) -> view.SeenTopic:
        """Return the newest topic whose name holds these words."""
        return next(topic for topic in reversed(self.topics) if name in topic.name)

    def find(self, text: str) -> view.Seen | None:
        """Return the newest message that holds these words."""
        return next((message for message in reversed(self.messages) if text in message.text), None)


class Group(Room):
    """A group: who is in it, what the bot may do, and what happens to it."""

    @property
    def members(self) -> dict[int, str]:
        """What everybody here is, by account id."""
        return {number: member.status for number, member in self._chat.members.items() if member.is_here}

    def rights(self, *, give: Iterable[str] = (), take: Iterable[str] = ()) -> None:
        """Give the bot rights or take them away; with none left it is a plain member."""
        old = self._chat.member(self._world.bot.id)
        kept = (old.rights | frozenset(give)) - frozenset(take)
        self.set_member(self._world.bot, Member("administrator", kept) if kept else Member("member"))

    def opens(self, *, username: str | None = None, channel: int | None = None, joins_to_write: bool = False) -> None:
        """Make it public under a name, or the place where a channel's posts are discussed."""
        self._chat.username, self._chat.linked, self._chat.joins_to_write = username, channel, joins_to_write
        self._world.changes.touch()

    def add_bot(self, *, admin: bool = True, rights: Iterable[str] = RIGHTS) -> None:
        """Bring the bot in."""
        self.set_member(self._world.bot, Member("administrator", frozenset(rights)) if admin else Member("member"))

    def remove_bot(self) -> None:
        """Throw the bot out."""
        self.set_member(self._world.bot, Member("kicked"))

    def set_member(self, who: Account, new: Member, *, actor: Account | None = None) -> None:
        """Change what somebody is here, and tell the bot what it may hear."""
        old = self._chat.member(who.id)
        here = self._chat.members
        actor = actor or next((self._world.people[n] for n in here if n in self._world.people), who)
        if old.is_here and not new.is_here and who is not self._world.bot:
            self._service(actor, {"left_chat_member": who.user()})
        here[who.id] = new
        if new.is_here and not old.is_here:
            self._service(actor, {"new_chat_members": [who.user()]})
        events.member_changed(self._world, self._chat, actor, who, old, new)
        self._world.changes.touch()

    def _service(self, actor: Account, content: Json) -> None:
        events.message(self._world, self._chat, post(self._world, self._chat, actor, content))

    def open_topic(self, name: str, *, by: Account | None = None) -> int:
        """Let a member open a topic; return its id."""
        author = by or next(self._world.people[number] for number in self._chat.members if number in self._world.people)
        topic, opening = open_topic(self._world, self._chat, author, name, TOPIC_COLOURS[0], None)
        events.message(self._world, self._chat, opening)
        return topic.id

    def close_topic(self, topic: int, *, closed: bool = True) -> None:
        """Let an admin close a topic, or open it again."""
        self._chat.topics[topic].closed = closed
        actor = next(self._world.people[number] for number in self._chat.members if number in self._world.people)
        content: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
        events.message(self._world, self._chat, post(self._world, self._chat, actor, content, thread=topic))

    def close_general(self, *, closed: bool = True) -> None:
        """Let an admin close the General topic, or open it again."""
        self._chat.general_closed = closed
        actor = next(self._world.people[number] for number in self._chat.members if number in self._world.people)
        content: Json = {"general_forum_topic_hidden" if closed else "general_forum_topic_unhidden": {}}
        events.message(self._world, self._chat, post(self._world, self._chat, actor, content))

    def delete_topic(self, topic: int, *, mode: Literal["error", "silent"] = "error") -> None:
        """Delete a topic; the bot hears nothing. Later sends are refused, or land silently in General."""
        for message in [message for message in self._chat.posts.values() if message.thread == topic]:
            erase(self._world, self._chat, message)
        self._chat.topics[topic].gone = mode
        self._world.changes.touch()

    def delete_message(self, message: view.Seen | int) -> None:
        """Let an admin delete a message; the bot hears nothing."""
        number = message if isinstance(message, int) else message.id
        erase(self._world, self._chat, self._chat.posts[number])

    def upgrade(self, *, forum: bool = False) -> "Group":
        """Turn a group into a supergroup of a new id; the old id only answers where it went."""
        old, world = self._chat, self._world
        new = world.add_group(old.title or "", supergroup=True, forum=forum)
        new.members = dict(old.members)
        actor = next(world.people[number] for number in old.members if number in world.people)
        events.message(world, old, post(world, old, actor, {"migrate_to_chat_id": new.id}))
        old.migrated_to = new.id
        moved = post(world, new, actor, {"migrate_from_chat_id": old.id}, anonymous=True)
        events.message(world, new, moved)
        return Group(world, new)
