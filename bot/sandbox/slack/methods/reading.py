"""Reading what was written: history and threads."""

from collections.abc import Sequence

from bot.sandbox.slack import natives
from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.methods.registry import serves
from bot.sandbox.slack.methods.where import TS, inside, may_read, page
from bot.sandbox.slack.model import Channel, Json, Post
from bot.sandbox.slack.workspace import Workspace


def _moment(args: Args, name: str) -> str | None:
    value: str | None = args.get(name) or None
    if value is None or value == "0" or (value == "now" and name == "latest"):
        return None
    whole, _, part = value.partition(".")
    if not whole.isdigit() or not (part.isdigit() or not part):
        raise ApiError(f"invalid_ts_{name}")
    return f"{int(whole):010d}.{part:0<6}"


def _between(posts: Sequence[Post], args: Args) -> list[Post]:
    oldest, latest = _moment(args, "oldest"), _moment(args, "latest")
    inclusive = args.get("inclusive", False)
    return [
        post
        for post in posts
        if (oldest is None or post.ts > oldest or (inclusive and post.ts == oldest))
        and (latest is None or post.ts < latest or (inclusive and post.ts == latest))
    ]


def _readable(space: Workspace, args: Args) -> Channel:
    channel = space.world.channel(args["channel"])
    may_read(space, channel, "history")
    inside(space, channel)
    return channel


@serves("conversations.history")
def history(space: Workspace, args: Args) -> Json:
    """Return the messages outside threads, newest first."""
    channel = _readable(space, args)
    outside = [p for p in channel.posts.values() if p.thread is None or p.native.get("subtype") == "thread_broadcast"]
    found, more = page(_between(outside, args)[::-1], args, most=999)
    metadata = args.get("include_all_metadata", False)
    cursor = more["response_metadata"]["next_cursor"]
    messages = [natives.root(channel, post, metadata=metadata) for post in found]
    return {"messages": messages, "has_more": bool(cursor), "pin_count": 0, **(more if cursor else {})}


@serves("conversations.replies")
def replies(space: Workspace, args: Args) -> Json:
    """Return a thread, oldest first; its root is always there."""
    channel = _readable(space, args)
    if not TS.fullmatch(args["ts"]) or (asked := channel.posts.get(args["ts"])) is None:
        raise ApiError("thread_not_found")
    root = channel.posts[asked.thread] if asked.thread else asked
    inside_it = [channel.posts[ts] for ts in root.replies if ts in channel.posts]
    found, more = page(_between(inside_it, args), args, most=1000)
    metadata = args.get("include_all_metadata", False)
    cursor = more["response_metadata"]["next_cursor"]
    messages = [natives.root(channel, post, metadata=metadata) for post in (root, *found)]
    return {"messages": messages, "has_more": bool(cursor), **(more if cursor else {})}
