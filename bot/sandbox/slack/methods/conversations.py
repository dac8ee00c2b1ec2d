"""Conversations: opening, joining, describing."""

from bot.sandbox.slack import natives, posting
from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.methods.registry import serves
from bot.sandbox.slack.methods.where import may_read, page
from bot.sandbox.slack.model import Channel, Json
from bot.sandbox.slack.scopes import require
from bot.sandbox.slack.tables import LIMITS
from bot.sandbox.slack.workspace import Workspace

TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


@serves("conversations.open")
def open_direct(space: Workspace, args: Args) -> Json:
    """Open a direct message with one person or several."""
    if "channel" in args:
        channel = space.world.channel(args["channel"])
        if not channel.is_direct:
            raise ApiError("method_not_supported_for_channel_type")
        return {"no_op": True, "already_open": True, "channel": _described(space, channel, args)}
    users = [user for user in args.get("users", "").split(",") if user]
    if not users:
        raise ApiError("users_list_not_supplied")
    if len(users) > LIMITS["conversations_open_users"]:
        raise ApiError("too_many_users")
    for user in users:
        if user not in space.world.users:
            raise ApiError("user_not_found")
        if space.world.users[user].deactivated:
            raise ApiError("user_disabled")
    require(space, "im:write" if len(users) == 1 else "mpim:write")
    if len(users) > 1:
        return {"channel": _described(space, _group(space, users), args)}
    return {"channel": _described(space, space.world.dm(users[0]), args)}


def _group(space: Workspace, users: list[str]) -> Channel:
    wanted = {*users, space.world.bot.id}
    found = (c for c in space.world.channels.values() if c.kind == "mpim" and set(c.members) == wanted)
    names = "--".join(space.world.users[user].name for user in users)
    return next(found, None) or space.world.add_channel(f"mpdm-{names}-1", "mpim", [*users, space.world.bot.id])


def _described(space: Workspace, channel: Channel, args: Args) -> Json:
    return natives.channel(channel, space.world.bot.id) if args.get("return_im") else {"id": channel.id}


@serves("conversations.info")
def info(space: Workspace, args: Args) -> Json:
    """Describe a conversation."""
    channel = space.world.channel(args["channel"])
    may_read(space, channel, "read")
    about = natives.channel(channel, space.world.bot.id)
    if args.get("include_num_members"):
        about["num_members"] = len(channel.members)
    return {"channel": about | ({"locale": "en-US"} if args.get("include_locale") else {})}


@serves("conversations.members")
def members(space: Workspace, args: Args) -> Json:
    """List who is in a conversation."""
    channel = space.world.channel(args["channel"])
    may_read(space, channel, "read")
    found, more = page(channel.members, args)
    return {"members": list(found), **more}


@serves("conversations.list")
def listed(space: Workspace, args: Args) -> Json:
    """List the conversations the bot may know of."""
    types = args.get("types", "public_channel").split(",")
    if not all(kind in TYPES for kind in types):
        raise ApiError("invalid_types")
    kinds, bot = {TYPES[kind] for kind in types}, space.world.bot.id
    known = [c for c in space.world.channels.values() if c.kind in kinds and (c.kind == "channel" or bot in c.members)]
    if args.get("exclude_archived"):
        known = [channel for channel in known if not channel.archived]
    for channel in known:
        may_read(space, channel, "read")
    found, more = page(known, args)
    return {"channels": [natives.channel(channel, bot) for channel in found], **more}


@serves("conversations.join")
def join(space: Workspace, args: Args) -> Json:
    """Join a public channel."""
    channel = space.world.channel(args["channel"])
    if channel.kind != "channel":
        raise ApiError("method_not_supported_for_channel_type")
    if channel.archived:
        raise ApiError("is_archived")
    already = space.world.bot.id in channel.members
    posting.join(space, channel, space.world.bot.id)
    answer: Json = {"channel": natives.channel(channel, space.world.bot.id)}
    return answer | ({"warning": "already_in_channel"} if already else {})
