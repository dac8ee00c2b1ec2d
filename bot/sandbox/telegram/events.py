"""Telling the bot: what of the world becomes an update."""

from bot.sandbox.telegram.model import Account, Chat, Json, Member, Post, Press
from bot.sandbox.telegram.world import World

SERVICE = frozenset(
    [
        "new_chat_members",
        "left_chat_member",
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "pinned_message",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "new_chat_title",
    ]
)


def _hears(world: World, chat: Chat, message: Post) -> bool:
    """Return whether the bot may read a message, privacy mode considered."""
    if chat.type == "private":
        return True
    bot = chat.member(world.bot.id)
    if not bot.is_here:
        return False
    if bot.is_admin or not world.privacy or SERVICE & message.data.keys():
        return True
    replied = message.data.get("reply_to_message", {})
    if replied.get("from", {}).get("id") == world.bot.id and not SERVICE & replied.keys():
        return True
    text: str = message.data.get("text") or message.data.get("caption") or ""
    return text.startswith("/") or f"@{world.bot.username}".lower() in text.lower()


def message(world: World, chat: Chat, post: Post, *, edited: bool = False) -> None:
    """Tell the bot of a message, if it may read it."""
    if _hears(world, chat, post):
        world.updates.add("edited_message" if edited else "message", post.data, chat.id)


def pressed(world: World, chat: Chat, press: Press, message: Json) -> None:
    """Tell the bot that somebody has pressed a button."""
    query: Json = {
        "id": press.id,
        "from": world.account(press.person).user(),
        "message": message,
        "chat_instance": str(-chat.id),
        "data": press.data,
    }
    world.updates.add("callback_query", query, chat.id)


def member_changed(world: World, chat: Chat, actor: Account, who: Account, old: Member, new: Member) -> None:
    """Tell the bot that a membership has changed: its own always, another's if it is an admin and asked."""
    if who.id != world.bot.id and not chat.member(world.bot.id).is_admin:
        return
    user = who.user()
    change: Json = {
        "chat": chat.native(),
        "from": actor.user(),
        "date": int(world.clock.now().timestamp()),
        "old_chat_member": old.native(user),
        "new_chat_member": new.native(user),
    }
    world.updates.add("my_chat_member" if who.id == world.bot.id else "chat_member", change, chat.id)


def reacted(world: World, chat: Chat, post: Post, actor: Account, old: list[Json], new: list[Json]) -> None:
    """Tell the bot of a reaction, if it may know."""
    if chat.type != "private" and not chat.member(world.bot.id).is_admin:
        return
    body: Json = {"chat": chat.native(), "message_id": post.id, "date": int(world.clock.now().timestamp())}
    if chat.member(actor.id).anonymous:
        body["actor_chat"] = chat.native()
    else:
        body["user"] = actor.user()
    world.updates.add("message_reaction", body | {"old_reaction": old, "new_reaction": new}, chat.id)
