"""Telling the bot: what of the workspace becomes an event, and what it looks like."""

from bot.sandbox.slack.deliveries import Deliveries
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.model import Channel, Json, Post, View
from bot.sandbox.slack.tables import EVENT_SCOPES, FAMILY
from bot.sandbox.slack.world import APP, TEAM, World


class Events:
    """The Events API: every event goes through ``tell``, which knows what the app may and wants to hear."""

    def __init__(self, world: World, deliveries: Deliveries) -> None:
        self.wanted: frozenset[str] | None = None
        self._world, self._deliveries = world, deliveries

    def tell(self, event: Json, channel: Channel | None = None) -> Delivery | None:
        """Send one event, if the app has subscribed to it, may hear it, and is there."""
        kind, bot = event["type"], self._world.bot.id
        if self.wanted is not None and kind not in self.wanted:
            return None
        if channel is not None and bot not in channel.members and event.get("user") != bot:
            return None
        family = FAMILY[channel.kind] if channel is not None else "channels"
        scope = EVENT_SCOPES.get(kind, "").format(family=family)
        if self._world.token_error is not None or (scope and scope not in self._world.scopes):
            return None
        subtype = f".{event['subtype']}" if "subtype" in event else ""
        return self._deliveries.send("events_api", f"{kind}{subtype}", self._wrapped(event))

    def _wrapped(self, event: Json) -> Json:
        world = self._world
        return {
            "token": "sandbox",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev0SB{world.number('event'):07d}",
            "event_time": int(world.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM,
                    "user_id": world.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-sandbox-{world.number('context')}",
        }

    def message(self, channel: Channel, post: Post) -> None:
        """Tell of a new message; a mention of the bot in a channel is told twice, with one ``ts``."""
        body = {**post.native, "channel": channel.id, "event_ts": post.ts}
        bot, text = self._world.bot.id, post.native.get("text", "")
        if f"<@{bot}>" in text and not channel.is_direct and post.author != bot and "subtype" not in post.native:
            self.tell(body | {"type": "app_mention"}, channel)
        self.tell(body | {"channel_type": channel.kind}, channel)

    def changed(self, channel: Channel, post: Post, before: Json, ts: str) -> None:
        """Tell of an edited message."""
        body = {"type": "message", "subtype": "message_changed", "message": post.native, "previous_message": before}
        where = {"channel": channel.id, "hidden": True, "ts": ts, "event_ts": ts, "channel_type": channel.kind}
        self.tell(body | where, channel)

    def deleted(self, channel: Channel, before: Json, ts: str) -> None:
        """Tell of a deleted message."""
        body = {"type": "message", "subtype": "message_deleted", "previous_message": before, "deleted_ts": before["ts"]}
        where = {"channel": channel.id, "hidden": True, "ts": ts, "event_ts": ts, "channel_type": channel.kind}
        self.tell(body | where, channel)

    def reacted(self, channel: Channel, post: Post, user: str, name: str, *, added: bool) -> None:
        """Tell of a reaction put on or taken back."""
        item = {"type": "message", "channel": channel.id, "ts": post.ts}
        kind = "reaction_added" if added else "reaction_removed"
        body = {"type": kind, "user": user, "reaction": name, "item": item, "item_user": post.author}
        self.tell(body | {"event_ts": self._world.ts()}, channel)

    def shared(self, channel: Channel, file_id: str, user: str) -> None:
        """Tell of a file shared in a conversation."""
        body = {"type": "file_shared", "file_id": file_id, "user_id": user, "file": {"id": file_id}}
        self.tell(body | {"channel_id": channel.id, "event_ts": self._world.ts()}, channel)

    def member(self, channel: Channel, user: str, *, joined: bool, inviter: str | None = None) -> None:
        """Tell of somebody who has come or gone; of the bot itself too."""
        letter = "C" if channel.kind == "channel" else "G"
        body = {"type": "member_joined_channel" if joined else "member_left_channel", "user": user}
        body |= {"channel": channel.id, "channel_type": letter, "team": TEAM, "event_ts": self._world.ts()}
        self.tell(body | ({"inviter": inviter} if inviter else {}), channel)

    def home(self, user: str, tab: str, view: View | None) -> None:
        """Tell of somebody who has opened the app's home."""
        channel = self._world.dm(user)
        body = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": tab}
        body |= {"event_ts": self._world.ts()}
        self.tell(body | ({"view": native_view(view)} if view else {}))

    def renamed(self, channel: Channel, old: str) -> None:
        """Tell of a channel that has another id now."""
        body = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": channel.id}
        self.tell(body | {"event_ts": self._world.ts()}, channel)

    def channel(self, kind: str, channel: Channel, user: str) -> None:
        """Tell of a channel archived, opened again, or left by the bot's removal."""
        body = {"type": kind, "channel": channel.id, "user": user, "event_ts": self._world.ts()}
        self.tell(body, None if kind.endswith("_left") else channel)


def native_view(view: View) -> Json:
    """Return a view as it travels, with its state."""
    native = {**view.native, "id": view.id, "team_id": TEAM, "hash": view.hash, "state": {"values": view.values}}
    native |= {"root_view_id": view.root, "previous_view_id": view.previous, "app_id": APP}
    return native | {"app_installed_team_id": TEAM, "bot_id": "B0SANDBOX01"}
