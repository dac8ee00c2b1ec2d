"""Messages that already exist, once more: copied without a trace, or forwarded with their origin."""

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.content import CAPTIONED, KINDS, kind_of
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.methods.access import place, readable, text_of, writable
from bot.sandbox.telegram.methods.registry import serves
from bot.sandbox.telegram.methods.sending import deliver
from bot.sandbox.telegram.model import Json, Post
from bot.sandbox.telegram.posting import post
from bot.sandbox.telegram.world import World

CONTENT = (
    *KINDS,
    "text",
    "entities",
    "caption",
    "caption_entities",
    "has_media_spoiler",
    "show_caption_above_media",
    "location",
    "venue",
    "contact",
    "dice",
    "poll",
)


def _content(message: Post, refusal: Refusal) -> Json:
    """Return what can be said again; service messages and protected ones cannot."""
    content = {name: message.data[name] for name in CONTENT if name in message.data}
    if not content or message.data.get("has_protected_content"):
        raise ApiError(refusal)
    return content


def _origin(world: World, message: Post) -> Json:
    date = message.data["date"]
    if "sender_chat" in message.data:
        return {"type": "chat", "date": date, "sender_chat": message.data["sender_chat"]}
    return {"type": "user", "date": date, "sender_user": world.account(message.author).user()}


@serves("copyMessage")
def copy_message(world: World, args: Args) -> Json:
    """Say a message again, perhaps with another caption; only its id comes back."""
    source = readable(world, args["from_chat_id"]).posts.get(args["message_id"])
    if source is None:
        raise ApiError(Refusal.COPY_NOT_FOUND)
    content = _content(source, Refusal.CANT_COPY)
    if "caption" in args and kind_of(content) in CAPTIONED:
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= text_of(world, args, "caption", "caption_entities")
    return {"message_id": deliver(world, args, content).id}


@serves("forwardMessage")
def forward_message(world: World, args: Args) -> Json:
    """Pass a message on with its author's name."""
    source = readable(world, args["from_chat_id"]).posts.get(args["message_id"])
    if source is None:
        raise ApiError(Refusal.FORWARD_NOT_FOUND)
    content = _content(source, Refusal.CANT_COPY)
    return deliver(world, args, {"forward_origin": _origin(world, source)} | content).data


@serves("copyMessages", "forwardMessages")
def pass_messages(world: World, args: Args) -> list[Json]:
    """Copy or forward up to a hundred messages in order; albums stay albums, what is gone is passed over."""
    numbers: list[int] = args["message_ids"]
    if not 1 <= len(numbers) <= 100 or numbers != sorted(set(numbers)):
        world.violate(args.method, "message_ids", "1-100 ids, strictly increasing")
        raise ApiError(Refusal.WRONG_VALUE, what="message identifiers must be in a strictly increasing order")
    source = readable(world, args["from_chat_id"])
    chat = writable(world, args["chat_id"])
    spot = place(world, chat, args)
    contents = [_again(world, args, source.posts[number]) for number in numbers if number in source.posts]
    if not contents:
        raise ApiError(Refusal.COPY_NOT_FOUND)
    world.meter.take(chat, len(contents))
    groups: dict[str, str] = {}
    ids = []
    for content in contents:
        if (old := content.get("media_group_id")) is not None:
            new = groups.setdefault(old, str(13500000 + world.number("other")))
            content = content | {"media_group_id": new}
        ids.append({"message_id": post(world, chat, world.bot, content, thread=spot.thread).id})
    return ids


def _again(world: World, args: Args, source: Post) -> Json:
    content = _content(source, Refusal.CANT_COPY)
    if "media_group_id" in source.data:
        content = {"media_group_id": source.data["media_group_id"]} | content
    if args.get("remove_caption"):
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
    if args.method == "forwardMessages":
        content = {"forward_origin": _origin(world, source)} | content
    return content
