"""A conversation as a test holds it: what is in it, and what happens to it."""

from collections.abc import Iterable

from bot.sandbox.slack import posting
from bot.sandbox.slack.control.view import Seen, seen
from bot.sandbox.slack.model import Channel, Post
from bot.sandbox.slack.workspace import Workspace


class Room:
    """Any conversation: a channel, a private channel, a direct message."""

    def __init__(self, space: Workspace, channel: Channel) -> None:
        self._space, self._channel = space, channel

    @property
    def id(self) -> str:
        """The conversation's id."""
        return self._channel.id

    @property
    def kind(self) -> str:
        """channel, group (private), im or mpim."""
        return self._channel.kind

    @property
    def name(self) -> str:
        """The channel's name, or the person's."""
        return self._channel.name or self._space.world.name_of(self._channel.other)

    @property
    def archived(self) -> bool:
        """Whether nobody can write here any more."""
        return self._channel.archived

    @property
    def members(self) -> list[str]:
        """The ids of everybody here."""
        return list(self._channel.members)

    @property
    def messages(self) -> list[Seen]:
        """All messages as they look now, threads included, oldest first; deleted ones are gone."""
        return self._seen(self._channel.posts.values())

    @property
    def outside(self) -> list[Seen]:
        """The messages outside every thread."""
        posts = self._channel.posts.values()
        return self._seen([p for p in posts if p.thread is None or p.native.get("subtype") == "thread_broadcast"])

    @property
    def texts(self) -> list[str]:
        """What the bot has said here, oldest first."""
        return [message.text for message in self.messages if message.from_bot]

    @property
    def last(self) -> Seen:
        """The newest message."""
        return seen(self._space.world, next(reversed(self._channel.posts.values())))

    def thread(self, root: Seen | str) -> list[Seen]:
        """Return the thread of a message, its root first."""
        ts = root if isinstance(root, str) else root.thread or root.ts
        return self._seen([post for post in self._channel.posts.values() if ts in (post.ts, post.thread)])

    def find(self, text: str) -> Seen | None:
        """Return the newest message that shows these words."""
        for post in reversed(self._channel.posts.values()):
            found = seen(self._space.world, post)
            if text in found.text or text in found.fallback:
                return found
        return None

    def seen_by(self, person_id: str) -> list[Seen]:
        """Return what one person sees here, in their own time zone, with what only they see."""
        world = self._space.world
        own = [post for post in self._channel.ephemerals if post.only_for == person_id]
        posts = sorted([*self._channel.posts.values(), *own], key=lambda post: post.ts)
        return [seen(world, post, world.users[person_id].tz) for post in posts]

    def archive(self, *, on: bool = True) -> None:
        """Archive the channel, or open it again."""
        self._channel.archived = on
        kind = "channel_archive" if on else "channel_unarchive"
        if self._channel.kind == "group":
            kind = kind.replace("channel", "group")
        self._space.events.channel(kind, self._channel, self._channel.members[0])
        self._space.changes.touch()

    def change_id(self, *, told: bool = True) -> str:
        """Let the channel have another id, as when it begins to be shared; return the old one."""
        old = self._space.world.change_id(self._channel)
        if told:
            self._space.events.renamed(self._channel, old)
        return old

    def notices(self, subtype: str, text: str, by: str) -> Seen:
        """Let Slack itself write a line in somebody's name: a reminder, a huddle, a new topic."""
        return seen(self._space.world, posting.post(self._space, self._channel, by, {"subtype": subtype, "text": text}))

    def share(self, *, on: bool = True) -> None:
        """Share the channel with another organisation, or no more."""
        self._channel.shared = on
        self._space.changes.touch()

    def invite_bot(self, by: str | None = None) -> None:
        """Bring the bot in."""
        posting.join(self._space, self._channel, self._space.world.bot.id, inviter=by or self._channel.creator)

    def kick_bot(self) -> None:
        """Throw the bot out."""
        posting.leave(self._space, self._channel, self._space.world.bot.id)

    def delete(self, message: Seen | str) -> None:
        """Let an admin delete any message."""
        posting.erase(self._space, self._channel.posts[message if isinstance(message, str) else message.ts])

    def _seen(self, posts: Iterable[Post]) -> list[Seen]:
        return [seen(self._space.world, post) for post in posts if not post.gone]
