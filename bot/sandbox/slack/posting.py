"""Making messages: the one place where a message object is put together, changed or taken away."""

from typing import Any
from uuid import uuid4

from bot.sandbox.slack import natives
from bot.sandbox.slack.model import Channel, Json, Post
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.slack.world import APP, BOT, TEAM


def post(
    space: Workspace,
    channel: Channel,
    author: str,
    content: Json,
    *,
    thread: str | None = None,
    only_for: str | None = None,
    parsed: tuple[str, bool] = ("none", False),
) -> Post:
    """Write a message and tell the bot of it; ``only_for`` makes it ephemeral, and nobody is told."""
    world = space.world
    ts = world.ts()
    native: Json = {"type": "message", "user": author, "ts": ts, "team": TEAM}
    if (writer := world.users.get(author)) is not None and writer.is_stranger:
        native |= {"team": writer.team, "user_team": writer.team, "source_team": writer.team}
    if author == world.bot.id:
        native |= {"bot_id": BOT, "app_id": APP, "bot_profile": natives.bot_profile(world)}
    elif world.users[author].is_bot:
        native["bot_id"] = f"B{author[1:]}"
    elif only_for is None:
        native["client_msg_id"] = str(uuid4())
    if thread is not None:
        native["thread_ts"] = thread
        if thread in channel.posts and "root" not in content:
            native["parent_user_id"] = channel.posts[thread].author
    written = Post(ts, channel.id, author, native | content, world.now(), thread, parsed, only_for)
    world.store(written)
    if only_for is None:
        space.events.message(channel, written)
    return written


def change(space: Workspace, message: Post, content: Json, *, by: str, flag: bool = True) -> None:
    """Change a message in place and tell the bot; a message of blocks shows no ``edited`` flag."""
    before, ts, channel = message.native, space.world.ts(), space.world.channels[message.channel]
    message.native = {name: value for name, value in {**before, **content}.items() if value is not None}
    if flag:
        message.native["edited"] = {"user": by, "ts": ts}
    if message.only_for is None:
        space.events.changed(channel, message, before, ts)
    space.changes.touch()


def erase(space: Workspace, message: Post) -> None:
    """Take a message away and tell the bot; the root of a thread with replies leaves a stone in its place."""
    channel, before = space.world.channels[message.channel], message.native
    if message.only_for is not None:
        channel.ephemerals.remove(message)
        space.changes.touch()
        return
    if any(ts in channel.posts for ts in message.replies):
        stone: Json = {"type": "message", "subtype": "tombstone", "text": "This message was deleted.", "hidden": True}
        message.native = stone | {"user": "USLACKBOT", "ts": message.ts, "thread_ts": message.ts}
        message.gone = True
        message.reactions.clear()
    else:
        channel.posts.pop(message.ts, None)
    root = channel.posts.get(message.thread or "")
    if root is not None and message.ts in root.replies:
        root.replies.remove(message.ts)
    space.events.deleted(channel, before, space.world.ts())
    space.changes.touch()


def share(
    space: Workspace, channel: Channel, author: str, file_ids: list[str], text: str, thread: str | None = None
) -> Post:
    """Write the message that shows files in a conversation."""
    files = [space.world.files[number] for number in file_ids]
    listed = [natives.file(space.world, stored) for stored in files]
    content: Json = {"text": text, "files": listed, "upload": False, "display_as_bot": False, "subtype": "file_share"}
    for stored in files:
        stored.shares.setdefault(channel.id, [])
    written = post(space, channel, author, content, thread=thread)
    for stored in files:
        stored.shares[channel.id].append(written.ts)
        space.events.shared(channel, stored.id, author)
    return written


def react(space: Workspace, message: Post, user: str, name: str, *, added: bool) -> bool:
    """Put a reaction on a message or take it back; False when that changes nothing."""
    users = message.reactions.setdefault(name, [])
    if (user in users) == added:
        if not users:
            del message.reactions[name]
        return False
    if added:
        users.append(user)
    else:
        users.remove(user)
    if not users:
        del message.reactions[name]
    space.events.reacted(space.world.channels[message.channel], message, user, name, added=added)
    space.changes.touch()
    return True


def join(space: Workspace, channel: Channel, user: str, *, inviter: str | None = None) -> None:
    """Bring somebody, or the bot, into a channel."""
    if user in channel.members:
        return
    channel.members.append(user)
    space.events.member(channel, user, joined=True, inviter=inviter)
    content: Json = {"subtype": "channel_join", "text": f"<@{user}> has joined the channel"}
    post(space, channel, user, content | ({"inviter": inviter} if inviter else {}))


def leave(space: Workspace, channel: Channel, user: str) -> None:
    """Take somebody, or the bot, out of a channel."""
    if user not in channel.members:
        return
    if user != space.world.bot.id:
        post(space, channel, user, {"subtype": "channel_leave", "text": f"<@{user}> has left the channel"})
    channel.members.remove(user)
    space.events.member(channel, user, joined=False)
    if user == space.world.bot.id:
        space.events.channel("channel_left" if channel.kind == "channel" else "group_left", channel, user)
    space.changes.touch()


def extras(fields: dict[str, Any]) -> Json:
    """Return what of a call's fields was given at all."""
    return {name: value for name, value in fields.items() if value is not None}
