"""A person with Slack in their hands."""

from bot.sandbox.slack import interactions, natives, posting
from bot.sandbox.slack.control.acting import HOME, MODAL, Acting, Surface
from bot.sandbox.slack.control.room import Room
from bot.sandbox.slack.control.view import Seen, seen
from bot.sandbox.slack.control.writing import Where
from bot.sandbox.slack.delivery import Delivery

__all__ = ["HOME", "MODAL", "Person", "Surface", "Where"]


class Person(Acting):
    """Somebody in the workspace."""

    @property
    def chat(self) -> Room:
        """The direct message with the bot."""
        return Room(self._space, self._space.world.dm(self.id))

    @property
    def mention(self) -> str:
        """What stands for them in a ``raw`` text."""
        return f"<@{self.id}>"

    @property
    def locale(self) -> str:
        """Their language, as Slack says it: ``uk-UA``."""
        return self._user.locale

    @property
    def ephemerals(self) -> list[Seen]:
        """What only they see, in all conversations, oldest first."""
        world = self._space.world
        own = [post for channel in world.channels.values() for post in channel.ephemerals if post.only_for == self.id]
        return [seen(world, post, self._user.tz) for post in sorted(own, key=lambda post: post.ts)]

    @property
    def failures(self) -> list[Delivery]:
        """What they did and Slack told them that it failed."""
        return [
            delivery
            for delivery in self._space.deliveries.log
            if delivery.lost
            and not delivery.is_event
            and self.id in (delivery.payload.get("user_id"), delivery.payload.get("user", {}).get("id"))
        ]

    def runs(self, line: str, *, at: Where = None) -> Delivery:
        """Run a slash command; Slack offers none in threads."""
        if isinstance(at, Seen):
            raise ValueError("slash commands do not work in threads: name the room")
        channel, _ = self._where(at, None)
        name, _, text = line.partition(" ")
        return interactions.command(self._space, self._user, name, text.strip(), channel.id)

    def shortcut(self, callback_id: str) -> Delivery:
        """Use a global shortcut."""
        return interactions.shortcut(self._space, self._user, callback_id)

    def message_shortcut(self, callback_id: str, on: Seen) -> Delivery:
        """Use a shortcut from a message's menu."""
        return interactions.message_shortcut(self._space, self._user, callback_id, self._post(on))

    def opens_home(self) -> None:
        """Look at the app's home tab."""
        self._space.events.home(self.id, "home", self._space.world.homes.get(self.id))

    def opens_messages(self) -> None:
        """Look at the direct message with the bot."""
        self._space.events.home(self.id, "messages", self._space.world.homes.get(self.id))

    def dismisses(self, message: Seen) -> None:
        """Let an ephemeral message go, as a reload of the app does."""
        post = self._post(message)
        self._space.world.channels[post.channel].ephemerals.remove(post)
        self._space.changes.touch()

    def joins(self, room: Room) -> None:
        """Join a channel."""
        posting.join(self._space, self._channel(room), self.id)

    def leaves(self, room: Room, *, heard: bool = True) -> None:
        """Leave a channel; where it is not ``heard``, no event ever tells of it."""
        if heard:
            posting.leave(self._space, self._channel(room), self.id)
        else:
            self._channel(room).members.remove(self.id)
            self._space.changes.touch()

    def becomes_guest(self) -> None:
        """Be made a guest of the workspace."""
        self._user.guest = True
        self._changed()

    def invites_bot(self, room: Room) -> None:
        """Bring the bot into a channel."""
        posting.join(self._space, self._channel(room), self._space.world.bot.id, inviter=self.id)

    def changes(self, *, name: str | None = None, locale: str | None = None, tz: str | None = None) -> None:
        """Change their profile."""
        self._user.real_name = name or self._user.real_name
        self._user.locale = locale or self._user.locale
        self._user.tz = tz or self._user.tz
        self._changed()

    def vanishes(self) -> None:
        """Have the account deactivated."""
        self._user.deactivated = True
        self._changed()

    def returns(self) -> None:
        """Have the account activated again."""
        self._user.deactivated = False
        self._changed()

    def _changed(self) -> None:
        now = self._space.clock.now()
        body = {
            "type": "user_change",
            "user": natives.user(self._user, now, locale=True),
            "cache_ts": int(now.timestamp()),
        }
        self._space.events.tell(body | {"event_ts": self._space.world.ts()})
        self._space.changes.touch()
