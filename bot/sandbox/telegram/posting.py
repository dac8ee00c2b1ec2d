"""Making messages: the one place where a ``Message`` object is put together."""

from bot.sandbox.telegram.model import Account, Chat, Json, Post, Topic
from bot.sandbox.telegram.world import World


def quoted(post: Post) -> Json:
    """Return a message as it travels inside a reply: without its own ``reply_to_message``."""
    return {name: value for name, value in post.data.items() if name != "reply_to_message"}


def post(
    world: World,
    chat: Chat,
    author: Account,
    content: Json,
    *,
    thread: int | None = None,
    reply: Post | None = None,
    anonymous: bool = False,
    keyboard: Json | None = None,
) -> Post:
    """Write a message into a chat and return it; nobody is told yet."""
    number, now = world.message_id(chat), world.clock.now()
    sender = world.anonymous if anonymous else author
    data: Json = {"message_id": number, "from": sender.user(), "chat": chat.native(), "date": int(now.timestamp())}
    if anonymous:
        data["sender_chat"] = chat.native()
    if thread is not None:
        data |= {"message_thread_id": thread, "is_topic_message": True}
    if reply is not None:
        data["reply_to_message"] = quoted(reply)
    elif thread is not None:
        data["reply_to_message"] = chat.topics[thread].opening
    data |= content
    message = Post(number, chat.id, author.id, now, data, thread, keyboard)
    world.store(chat, message)
    return message


def open_topic(
    world: World, chat: Chat, author: Account, name: str, color: int, icon: str | None
) -> tuple[Topic, Post]:
    """Write the service message that opens a topic, and the topic of the same id."""
    created: Json = {"name": name, "icon_color": color}
    if icon:
        created["icon_custom_emoji_id"] = icon
    opening = post(world, chat, author, {"forum_topic_created": created})
    opening.thread = opening.id
    opening.data = {**opening.data, "message_thread_id": opening.id, "is_topic_message": True}
    topic = Topic(opening.id, name, color, icon, opening.data)
    chat.topics[topic.id] = topic
    return topic, opening


def change(world: World, message: Post, drop: tuple[str, ...] = (), /, **fields: object) -> None:
    """Change a message in place, marked as edited."""
    data = {name: value for name, value in message.data.items() if name not in drop}
    message.data = {**data, "edit_date": int(world.clock.now().timestamp()), **fields}
    world.changes.touch()


def erase(world: World, chat: Chat, message: Post) -> None:
    """Take a message out of its chat."""
    chat.posts.pop(message.id, None)
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    world.changes.touch()
