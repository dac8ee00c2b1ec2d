"""Finding what a call is about, with Slack's refusals."""

import re
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.model import Channel, Json, Post
from bot.sandbox.slack.scopes import require
from bot.sandbox.slack.tables import FAMILY
from bot.sandbox.slack.workspace import Workspace

T = TypeVar("T")
TS = re.compile(r"\d{9,}\.\d{6}")


def target(space: Workspace, ref: str) -> Channel:
    """Return the conversation a post is for; a person stands for the direct message with them."""
    world = space.world
    if ref.startswith(("U", "W")):
        if ref not in world.users or world.users[ref].deactivated:
            raise ApiError("channel_not_found")
        return world.dm(ref)
    return reachable(space, ref)


def reachable(space: Workspace, ref: str) -> Channel:
    """Return a conversation that may be written to: nobody reads the direct message of somebody who has left."""
    channel = space.world.channel(ref)
    if channel.archived:
        raise ApiError("is_archived")
    if channel.kind == "im" and space.world.users[channel.other].deactivated:
        raise ApiError("channel_not_found")
    return channel


def inside(space: Workspace, channel: Channel, *, public: bool = False) -> None:
    """Refuse a channel that the bot is not in; ``public`` ones may be open to it all the same."""
    if space.world.bot.id in channel.members:
        return
    if not (public and "chat:write.public" in space.world.scopes and channel.kind == "channel"):
        raise ApiError("not_in_channel")


def root_of(space: Workspace, channel: Channel, args: Args) -> str | None:
    """Return the thread a post goes to. A root that is gone silently leaves the post outside every thread."""
    ts = args.get("thread_ts")
    if not ts:
        return None
    if not TS.fullmatch(ts):
        raise ApiError("invalid_thread_ts", f"[ERROR] {ts} is not a valid thread_ts")
    root = channel.posts.get(ts)
    if root is not None and root.thread is not None:
        space.world.violate(args.method, "reply to a reply", f"{ts}: use the root's ts")
        root = channel.posts.get(root.thread)
    return root.ts if root is not None else None


def message(channel: Channel, ts: str) -> Post:
    """Return a message that is there."""
    found = channel.posts.get(ts)
    if found is None or found.gone:
        raise ApiError("message_not_found")
    return found


def may_read(space: Workspace, channel: Channel, right: str) -> None:
    """Refuse unless the app may read this kind of conversation."""
    require(space, f"{FAMILY[channel.kind]}:{right}")


def page(items: Sequence[T], args: Args, *, most: int = 1000, usual: int = 100) -> tuple[Sequence[T], Json]:
    """Return one page of a list, and where the next begins."""
    cursor = args.get("cursor") or "0"
    if not cursor.isdigit():
        raise ApiError("invalid_cursor")
    start = int(cursor)
    end = start + min(max(args.get("limit", usual), 1), most)
    return items[start:end], {"response_metadata": {"next_cursor": str(end) if end < len(items) else ""}}
