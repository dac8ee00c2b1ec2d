"""Forum topics: opened, renamed, closed, reopened, deleted, each with its service line."""

from bot.sandbox.telegram import events
from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.methods.access import need, writable
from bot.sandbox.telegram.methods.registry import serves
from bot.sandbox.telegram.model import Chat, Json, Topic
from bot.sandbox.telegram.posting import erase, open_topic, post
from bot.sandbox.telegram.tables import LIMITS, TOPIC_COLOURS
from bot.sandbox.telegram.world import World

# Telegram's own set has over a hundred; these are enough to tell one status from another.
ICONS = ("💬", "❗", "✅", "⏳", "❓", "🔥", "📝", "⭐", "🔒", "👀")


def icon_id(emoji: str) -> str:
    """Return the custom emoji id of one of the topic icons."""
    return str(5310000000000000000 + ICONS.index(emoji))


EMOJI = {icon_id(emoji): emoji for emoji in ICONS}


def _forum(world: World, args: Args) -> Chat:
    chat = writable(world, args["chat_id"])
    if not chat.is_forum:
        raise ApiError(Refusal.NOT_A_FORUM)
    need(world, chat, "can_manage_topics", Refusal.NO_RIGHT_TOPICS)
    return chat


def _topic(chat: Chat, args: Args) -> Topic:
    topic = chat.topics.get(args["message_thread_id"])
    if topic is None or topic.gone:
        raise ApiError(Refusal.TOPIC_INVALID)
    return topic


def _check_look(world: World, args: Args) -> None:
    """Refuse a name, colour or icon that Telegram does not know."""
    if "name" in args and not 1 <= len(args["name"].strip()) <= LIMITS["forum_topic_name_chars"]:
        world.violate(args.method, "name", f"{len(args['name'])} characters")
        raise ApiError(Refusal.TOPIC_TITLE)
    if args.get("icon_color", TOPIC_COLOURS[0]) not in TOPIC_COLOURS:
        world.violate(args.method, "icon_color", str(args["icon_color"]))
        raise ApiError(Refusal.WRONG_VALUE, what="wrong icon_color specified")
    icon = args.get("icon_custom_emoji_id")
    if icon and icon not in EMOJI:
        world.violate(args.method, "icon_custom_emoji_id", icon)
        raise ApiError(Refusal.WRONG_VALUE, what="DOCUMENT_INVALID")


def say(world: World, chat: Chat, topic: Topic, content: Json) -> None:
    """Write the bot's service line into a topic; the bot hears of its own service lines."""
    world.meter.take(chat)
    events.message(world, chat, post(world, chat, world.bot, content, thread=topic.id))


@serves("createForumTopic")
def create_forum_topic(world: World, args: Args) -> Json:
    """Open a topic."""
    chat = _forum(world, args)
    _check_look(world, args)
    world.meter.take(chat)
    color, icon = args.get("icon_color", TOPIC_COLOURS[0]), args.get("icon_custom_emoji_id")
    topic, opening = open_topic(world, chat, world.bot, args["name"].strip(), color, icon)
    events.message(world, chat, opening)
    body: Json = {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}
    return body | ({"icon_custom_emoji_id": icon} if icon else {})


@serves("editForumTopic")
def edit_forum_topic(world: World, args: Args) -> bool:
    """Rename a topic or change its icon; an icon of "" takes it away."""
    chat = _forum(world, args)
    _check_look(world, args)
    topic = _topic(chat, args)
    icon = args.get("icon_custom_emoji_id", topic.icon)
    change: Json = {}
    if "name" in args and args["name"].strip() != topic.name:
        change["name"] = args["name"].strip()
    if icon != topic.icon:
        change["icon_custom_emoji_id"] = icon or ""
    if not change:
        raise ApiError(Refusal.TOPIC_NOT_MODIFIED)
    say(world, chat, topic, {"forum_topic_edited": change})
    topic.name, topic.icon = change.get("name", topic.name), icon
    return True


@serves("closeForumTopic")
def close_forum_topic(world: World, args: Args) -> bool:
    """Close a topic."""
    return _toggle(world, args, closed=True)


@serves("reopenForumTopic")
def reopen_forum_topic(world: World, args: Args) -> bool:
    """Open a closed topic again."""
    return _toggle(world, args, closed=False)


def _toggle(world: World, args: Args, *, closed: bool) -> bool:
    chat = _forum(world, args)
    topic = _topic(chat, args)
    if topic.closed is closed:
        raise ApiError(Refusal.TOPIC_NOT_MODIFIED)
    say(world, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    topic.closed = closed
    return True


@serves("deleteForumTopic")
def delete_forum_topic(world: World, args: Args) -> bool:
    """Delete a topic with all its messages."""
    chat = _forum(world, args)
    need(world, chat, "can_delete_messages", Refusal.NO_RIGHT_TOPICS)
    topic = _topic(chat, args)
    topic.gone = "error"
    for message in [message for message in chat.posts.values() if message.thread == topic.id]:
        erase(world, chat, message)
    return True


@serves("getForumTopicIconStickers")
def get_forum_topic_icon_stickers(world: World, args: Args) -> list[Json]:
    """Return the emoji that any bot may put on a topic."""
    return [
        {
            "file_id": f"CAACicon{number}",
            "file_unique_id": f"icon{number}",
            "type": "custom_emoji",
            "width": 100,
            "height": 100,
            "is_animated": True,
            "is_video": False,
            "emoji": emoji,
            "set_name": "Topics",
            "custom_emoji_id": icon_id(emoji),
        }
        for number, emoji in enumerate(ICONS)
    ]
