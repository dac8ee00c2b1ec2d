"""Reactions of the bot's own."""

import re

from bot.sandbox.slack import natives, posting
from bot.sandbox.slack.arguments import Args
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.methods.registry import serves
from bot.sandbox.slack.methods.where import TS, message
from bot.sandbox.slack.model import Json, Post
from bot.sandbox.slack.workspace import Workspace


def _item(space: Workspace, args: Args) -> Post:
    if not args.get("channel") or not args.get("timestamp"):
        raise ApiError("no_item_specified")
    if not TS.fullmatch(args["timestamp"]):
        raise ApiError("bad_timestamp")
    return message(space.world.channel(args["channel"]), args["timestamp"])


def _name(args: Args) -> str:
    name: str = args["name"].strip(":")
    if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
        raise ApiError("invalid_name")
    return name


@serves("reactions.add")
def add(space: Workspace, args: Args) -> Json:
    """Put a reaction on a message."""
    post, name = _item(space, args), _name(args)
    channel = space.world.channels[post.channel]
    if channel.archived:
        raise ApiError("is_archived")
    if space.world.bot.id not in channel.members:
        raise ApiError("not_in_channel")
    if not posting.react(space, post, space.world.bot.id, name, added=True):
        raise ApiError("already_reacted")
    return {}


@serves("reactions.remove")
def remove(space: Workspace, args: Args) -> Json:
    """Take the bot's own reaction back; nobody else's."""
    if not posting.react(space, _item(space, args), space.world.bot.id, _name(args), added=False):
        raise ApiError("no_reaction")
    return {}


@serves("reactions.get")
def get(space: Workspace, args: Args) -> Json:
    """Return a message with its reactions."""
    post = _item(space, args)
    return {"type": "message", "channel": post.channel, "message": natives.message(post)}
