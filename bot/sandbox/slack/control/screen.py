"""What a person's app shows them: their conversations, the messages of one, their home tab and the modals before them."""

from bot.sandbox.slack.control.person import Person
from bot.sandbox.slack.kit.paint import Painter
from bot.sandbox.slack.model import Channel, Json, Post, View
from bot.sandbox.slack.tables import COMMANDS, SHORTCUTS
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import World

SHOWN = 300  # messages of one conversation, the newest


class Screen:
    """One person's app."""

    def __init__(self, space: Workspace, person: Person) -> None:
        self._space, self._world, self._person = space, space.world, person
        self._user = space.world.users[person.id]

    def whole(self) -> Json:
        """Return all but the messages."""
        home = self._world.homes.get(self._user.id)
        failures = self._person.failures
        return {
            "person": {"id": self._user.id, "name": self._user.real_name, "tz": self._user.tz, "here": self._here},
            "bot": {"id": self._world.bot.id, "name": self._world.bot.real_name},
            "team": [{"id": user.id, "name": user.real_name} for user in self._world.users.values()],
            "rooms": [self._room(channel) for channel in self._channels()],
            "home": self._view(home) if home else None,
            "modals": [self._view(view) for view in self._world.modals.get(self._user.id, ())],
            "failures": {"count": len(failures), "last": failures[-1].name if failures else ""},
            "shortcuts": SHORTCUTS,
            "commands": COMMANDS,
        }

    def messages(self, channel_id: str) -> list[Json]:
        """Return a conversation's newest messages as this person sees them, oldest first, threads included."""
        channel = self._world.channels[channel_id]
        if self._user.id not in channel.members:
            raise ValueError(f"{self._user.real_name} is not in {channel.name}")
        return [self._message(channel, post) for post in self._posts(channel)[-SHOWN:]]

    @property
    def _here(self) -> bool:
        return not self._user.deactivated

    def _channels(self) -> list[Channel]:
        own = self._world.dm(self._user.id)
        inside = [channel for channel in self._world.channels.values() if self._user.id in channel.members]
        return [own, *(channel for channel in inside if channel is not own)]

    def _posts(self, channel: Channel) -> list[Post]:
        own = [post for post in channel.ephemerals if post.only_for == self._user.id]
        return sorted([*channel.posts.values(), *own], key=lambda post: post.ts)

    def _room(self, channel: Channel) -> Json:
        others = [post.ts for post in self._posts(channel) if post.author != self._user.id]
        name = self._world.bot.real_name if channel is self._world.direct.get(self._user.id) else channel.name
        about = {"id": channel.id, "name": name, "kind": channel.kind, "archived": channel.archived}
        return {**about, "members": channel.members, "latest": others[-1] if others else ""}

    def _message(self, channel: Channel, post: Post) -> Json:
        native, world = post.native, self._world
        painter = Painter(world.name_of, self._user.tz, link_names=post.parsed[1])
        replies = [channel.posts[ts] for ts in post.replies if ts in channel.posts]
        return {
            "ts": post.ts,
            "at": post.at,
            "author": native.get("username") or world.name_of(post.author),
            "author_id": post.author,
            "app": post.author == world.bot.id,
            "subtype": native.get("subtype", ""),
            "said": native.get("text", ""),
            "blocks": painter.message(native, typed=post.author != world.bot.id),
            "files": [_file(world, file["id"]) for file in native.get("files", ())],
            "thread": post.thread,
            "replies": len(replies),
            "latest_reply": replies[-1].at if replies else None,
            "edited": "edited" in native,
            "reactions": [
                {"name": name, "by": [world.name_of(user) for user in users], "mine": self._user.id in users}
                for name, users in post.reactions.items()
            ],
            "only_you": post.only_for is not None,
            "gone": post.gone,
        }

    def _view(self, view: View) -> Json:
        native, painter = view.native, Painter(self._world.name_of, self._user.tz)
        words = {name: (native.get(name) or {}).get("text", "") for name in ("title", "submit", "close")}
        about: Json = {"id": view.id, "hash": view.hash, "errors": view.errors, "values": view.values}
        return {**about, **words, "blocks": painter.blocks(native["blocks"])}


def _file(world: World, file_id: str) -> Json:
    file = world.files[file_id]
    about = {"id": file.id, "name": file.name, "title": file.title, "mimetype": file.mimetype, "size": file.size}
    return {**about, "gone": file.deleted}
