"""Changing and deleting what is already in a chat."""

from datetime import timedelta

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.content import CAPTIONED, KINDS, kind_of
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.methods.access import text_of, writable
from bot.sandbox.telegram.methods.markups import keyboard
from bot.sandbox.telegram.methods.media import input_media
from bot.sandbox.telegram.methods.registry import serves
from bot.sandbox.telegram.model import Chat, Json, Post
from bot.sandbox.telegram.posting import change, erase
from bot.sandbox.telegram.tables import LIMITS
from bot.sandbox.telegram.world import World

TEXT = ("text", "entities")
CAPTION = ("caption", "caption_entities")
MARKUP = ("reply_markup",)
MEDIA = (*KINDS, *CAPTION, "has_media_spoiler", "show_caption_above_media")


def _editable(world: World, args: Args) -> Post:
    """Return the bot's own message that a call wants to change."""
    for name in ("chat_id", "message_id"):
        if name not in args:
            world.violate(args.method, "missing argument", name)
            raise ApiError(Refusal.PARAMETER_REQUIRED, name=name)
    message = writable(world, args["chat_id"]).posts.get(args["message_id"])
    if message is None:
        raise ApiError(Refusal.EDIT_NOT_FOUND)
    if message.author != world.bot.id or kind_of(message.data) in ("unknown", "forum_topic_created"):
        raise ApiError(Refusal.CANT_EDIT)
    return message


def _apply(world: World, args: Args, message: Post, replaced: tuple[str, ...], content: Json) -> Json:
    """Put new content and markup in the place of the old, or say that nothing is new."""
    inline, _ = keyboard(world, args)
    if inline is not None:
        content = content | {"reply_markup": inline}
    dropped = (*replaced, *MARKUP)
    if {name: message.data[name] for name in dropped if name in message.data} == content:
        raise ApiError(Refusal.NOT_MODIFIED)
    world.meter.take_edit(world.chats[message.chat_id])
    change(world, message, dropped, **content)
    return message.data


@serves("editMessageText")
def edit_message_text(world: World, args: Args) -> Json:
    """Give a text message another text and keyboard."""
    message = _editable(world, args)
    if "text" not in message.data:
        raise ApiError(Refusal.NO_TEXT)
    return _apply(world, args, message, TEXT, text_of(world, args))


@serves("editMessageCaption")
def edit_message_caption(world: World, args: Args) -> Json:
    """Give a file another caption and keyboard."""
    message = _editable(world, args)
    if kind_of(message.data) not in CAPTIONED:
        raise ApiError(Refusal.NO_CAPTION)
    return _apply(world, args, message, CAPTION, text_of(world, args, "caption", "caption_entities"))


@serves("editMessageMedia")
def edit_message_media(world: World, args: Args) -> Json:
    """Put another file, caption and keyboard in the place of the old."""
    message = _editable(world, args)
    return _apply(world, args, message, (*MEDIA, *TEXT), input_media(world, args, args["media"]))


@serves("editMessageReplyMarkup")
def edit_message_reply_markup(world: World, args: Args) -> Json:
    """Give a message another keyboard, or none."""
    return _apply(world, args, _editable(world, args), (), {})


def _may_delete(world: World, chat: Chat, message: Post) -> None:
    if "forum_topic_created" in message.data:
        raise ApiError(Refusal.CANT_DELETE)
    if chat.type == "supergroup" and chat.member(world.bot.id).may("can_delete_messages"):
        return
    foreign = chat.type != "private" and message.author != world.bot.id
    if foreign and not chat.member(world.bot.id).may("can_delete_messages"):
        raise ApiError(Refusal.CANT_DELETE)
    if world.clock.now() - message.at > timedelta(hours=LIMITS["delete_message_hours"]):
        raise ApiError(Refusal.CANT_DELETE_FOR_EVERYONE)


@serves("deleteMessage")
def delete_message(world: World, args: Args) -> bool:
    """Delete one message."""
    chat = writable(world, args["chat_id"])
    message = chat.posts.get(args["message_id"])
    if message is None:
        raise ApiError(Refusal.DELETE_NOT_FOUND)
    _may_delete(world, chat, message)
    erase(world, chat, message)
    return True


@serves("deleteMessages")
def delete_messages(world: World, args: Args) -> bool:
    """Delete up to a hundred messages; those that are gone are passed over."""
    chat = writable(world, args["chat_id"])
    if not 1 <= len(args["message_ids"]) <= 100:
        world.violate(args.method, "message_ids", f"{len(args['message_ids'])} ids")
        raise ApiError(Refusal.WRONG_VALUE, what="too many message identifiers specified")
    found = [chat.posts[number] for number in args["message_ids"] if number in chat.posts]
    for message in found:
        _may_delete(world, chat, message)
    for message in found:
        erase(world, chat, message)
    return True
