"""How a person's words, files and reactions come into a conversation."""

from collections.abc import Iterable

from bot.sandbox.slack import mrkdwn, natives, posting, richtext
from bot.sandbox.slack.control.room import Room
from bot.sandbox.slack.control.view import Seen, seen
from bot.sandbox.slack.model import Channel, Json, Post, User
from bot.sandbox.slack.storage import new_file
from bot.sandbox.slack.workspace import Workspace

Where = Room | Seen | str | None


class Writing:
    """What every message of a person shares. ``at`` is a room or its id; left out, it is the DM with the bot."""

    def __init__(self, space: Workspace, user: User) -> None:
        self._space, self._user = space, user

    @property
    def id(self) -> str:
        """The person's id."""
        return self._user.id

    @property
    def name(self) -> str:
        """The name as others read it."""
        return self._user.real_name

    def says(
        self,
        text: str,
        *,
        at: Where = None,
        thread: Seen | str | None = None,
        raw: bool = False,
        broadcast: bool = False,
        app: str = "",
        forwarded: str = "",
    ) -> Seen:
        """Write a text, as typed; ``raw`` is mrkdwn as Slack stores it, with ``<@U…>`` and the like; ``app`` is what posts it.

        ``forwarded`` is whose words are shared, said in another channel.
        """
        channel, root = self._where(at, thread)
        content = self._typed(text if raw else mrkdwn.escape(text))
        if forwarded:
            share = {"is_share": True, "is_msg_unfurl": True, "author_subname": forwarded, "channel_name": "elsewhere"}
            content = {"text": "", "attachments": [share | {"text": mrkdwn.escape(text)}]}
        if app:
            content |= {"bot_id": app, "app_id": "A0SOMEAPP01"}
        if broadcast and root is not None:
            content |= {"subtype": "thread_broadcast", "root": natives.root(channel, channel.posts[root])}
        return self._seen(posting.post(self._space, channel, self.id, content, thread=root))

    def mentions(self, text: str, *, at: Where, thread: Seen | str | None = None) -> Seen:
        """Write ``@bot text``."""
        return self.says(f"<@{self._space.world.bot.id}> {mrkdwn.escape(text)}", at=at, thread=thread, raw=True)

    def uploads(
        self,
        name: str = "report.pdf",
        data: bytes = b"document",
        *,
        text: str = "",
        size: int | None = None,
        more: Iterable[tuple[str, bytes]] = (),
        at: Where = None,
        thread: Seen | str | None = None,
    ) -> Seen:
        """Share a file, or several in one message; ``size`` may claim more bytes than are there."""
        channel, root = self._where(at, thread)
        stored = [new_file(self._space, self.id, name, data, size=size)]
        stored += [new_file(self._space, self.id, other, content) for other, content in more]
        numbers = [file.id for file in stored]
        return self._seen(posting.share(self._space, channel, self.id, numbers, mrkdwn.escape(text), root))

    def points(
        self,
        name: str,
        remote: str,
        *,
        mode: str = "external",
        text: str = "",
        size: int = 0,
        at: Where = None,
        thread: Seen | str | None = None,
    ) -> Seen:
        """Share a file that lies elsewhere, or what Slack calls a file and is none: a canvas, a post."""
        channel, root = self._where(at, thread)
        stored = new_file(self._space, self.id, name, None, size=size, mode=mode, remote=remote)
        return self._seen(posting.share(self._space, channel, self.id, [stored.id], mrkdwn.escape(text), root))

    def edits(self, message: Seen, text: str, *, raw: bool = False) -> Seen:
        """Change a message of their own."""
        post = self._own(message)
        posting.change(self._space, post, self._typed(text if raw else mrkdwn.escape(text)), by=self.id)
        return self._seen(post)

    def deletes(self, message: Seen) -> None:
        """Delete a message of their own."""
        posting.erase(self._space, self._own(message))

    def reacts(self, name: str, on: Seen) -> None:
        """Put a reaction on a message: ``eyes``, ``white_check_mark`` …"""
        posting.react(self._space, self._post(on), self.id, name, added=True)

    def unreacts(self, name: str, on: Seen) -> None:
        """Take a reaction back."""
        posting.react(self._space, self._post(on), self.id, name, added=False)

    def _typed(self, text: str) -> Json:
        runs = mrkdwn.parse(text, self._space.world.name_of)
        block = {"type": "rich_text", "block_id": f"b{self._space.world.number('block'):05x}"}
        linked = mrkdwn.BARE_URL.sub(lambda found: f"<{found[0]}>", text) if "<" not in text else text
        return {"text": linked, "blocks": [richtext.block(runs) | block]}

    def _where(self, at: Where, thread: Seen | str | None) -> tuple[Channel, str | None]:
        """Return the conversation and thread, refusing what Slack's apps do not offer."""
        world = self._space.world
        if self._user.deactivated:
            raise ValueError(f"{self.name} has left the workspace")
        if isinstance(at, Seen) and thread is None:
            thread = at
        if at is None and isinstance(thread, Seen):
            at = thread
        channel = self._channel(at)
        if self.id not in channel.members:
            raise ValueError(f"{self.name} is not in {channel.name}")
        if channel.archived:
            raise ValueError(f"{channel.name} is archived")
        root = (thread.thread or thread.ts) if isinstance(thread, Seen) else thread
        if root is not None and root not in channel.posts:
            raise ValueError(f"there is no message {root}")
        world.changes.touch()
        return channel, root

    def _channel(self, at: Where) -> Channel:
        world = self._space.world
        if at is None:
            return world.dm(self.id)
        return world.channels[at if isinstance(at, str) else at.channel if isinstance(at, Seen) else at.id]

    def _post(self, message: Seen) -> Post:
        channel = self._space.world.channels[message.channel]
        if message.only_for is not None:
            return next(post for post in channel.ephemerals if post.ts == message.ts)
        return channel.posts[message.ts]

    def _own(self, message: Seen) -> Post:
        post = self._post(message)
        if post.author != self.id:
            raise ValueError(f"this message is not {self.name}'s")
        return post

    def _seen(self, post: Post) -> Seen:
        return seen(self._space.world, post)
