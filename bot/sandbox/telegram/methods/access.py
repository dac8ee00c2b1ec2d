"""Who may do what where: the refusals that come before any effect."""

from dataclasses import dataclass

from bot.sandbox.telegram.arguments import Args
from bot.sandbox.telegram.entities import formatted
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.markup import units
from bot.sandbox.telegram.model import Chat, Json, Post
from bot.sandbox.telegram.tables import LIMITS
from bot.sandbox.telegram.world import World


@dataclass(frozen=True, slots=True)
class Place:
    """Where exactly a message lands: its topic, and what it replies to."""

    thread: int | None
    reply: Post | None


def readable(world: World, ref: int | str) -> Chat:
    """Return a chat that the bot may look at, or refuse."""
    chat = world.chat(ref)
    if chat.type == "private":
        return chat
    status = chat.member(world.bot.id).status
    if chat.migrated_to is not None:
        raise ApiError(Refusal.UPGRADED, parameters={"migrate_to_chat_id": chat.migrated_to})
    supergroup = chat.type == "supergroup"
    if status == "kicked":
        raise ApiError(Refusal.KICKED_SUPERGROUP if supergroup else Refusal.KICKED_GROUP)
    if status == "left":
        if world.bot.id not in chat.members:
            raise ApiError(Refusal.CHAT_NOT_FOUND)
        raise ApiError(Refusal.NOT_MEMBER_SUPERGROUP if supergroup else Refusal.NOT_MEMBER_GROUP)
    return chat


def writable(world: World, ref: int | str) -> Chat:
    """Return a chat that the bot may write in, or refuse."""
    chat = readable(world, ref)
    if chat.person is not None:
        if chat.person.deactivated:
            raise ApiError(Refusal.DEACTIVATED)
        if not chat.started:
            raise ApiError(Refusal.CANT_INITIATE)
        if chat.blocked:
            raise ApiError(Refusal.BLOCKED)
    return chat


def need(world: World, chat: Chat, right: str, refusal: Refusal) -> None:
    """Refuse unless the bot holds a right in the chat."""
    if not chat.member(world.bot.id).may(right):
        raise ApiError(refusal)


def place(world: World, chat: Chat, args: Args) -> Place:
    """Return where a message is to land; a topic deleted silently is General."""
    thread: int | None = args.get("message_thread_id") or None
    if thread == LIMITS["general_topic_id"]:
        world.violate(args.method, "general topic", "message_thread_id=1 is never sent")
        raise ApiError(Refusal.THREAD_NOT_FOUND)
    reply = _replied(world, chat, args)
    if thread is None and reply is not None:
        thread = reply.thread
    elif thread is not None:
        topic = chat.topics.get(thread)
        if topic is None or topic.gone == "error":
            raise ApiError(Refusal.THREAD_NOT_FOUND)
        if topic.gone == "silent":
            thread = None
    closed = chat.general_closed if thread is None else chat.topics[thread].closed
    if closed and not chat.member(world.bot.id).may("can_manage_topics"):
        raise ApiError(Refusal.TOPIC_CLOSED)
    return Place(thread, reply)


def _replied(world: World, chat: Chat, args: Args) -> Post | None:
    """Return the message replied to, when it is there and in the same topic."""
    asked: Json | None = args.get("reply_parameters")
    if not asked or asked.get("message_id") is None:
        return None
    source = chat
    if asked.get("chat_id") is not None:
        source = readable(world, asked["chat_id"])
    post = source.posts.get(asked["message_id"])
    thread = args.get("message_thread_id")
    if post is None or (source is chat and thread is not None and post.thread not in (thread, None)):
        if asked.get("allow_sending_without_reply"):
            return None
        raise ApiError(Refusal.REPLY_NOT_FOUND)
    quote, _ = formatted(asked.get("quote") or "", asked.get("quote_parse_mode"), asked.get("quote_entities"))
    if quote and quote not in (post.data.get("text") or post.data.get("caption") or ""):
        raise ApiError(Refusal.QUOTE_INVALID)
    return post


def text_of(world: World, args: Args, field: str = "text", entities: str = "entities") -> Json:
    """Return text or caption with its entities, as fields of a message; too long or ill formed is refused."""
    return formatted_fields(
        world, args.method, field, args.get(field) or "", args.get("parse_mode"), args.get(entities)
    )


def formatted_fields(
    world: World, method: str, field: str, source: str, parse_mode: str | None, entities: list[Json] | None
) -> Json:
    """Return ``text``/``caption`` and its entities as fields of a message."""
    try:
        text, marked = formatted(source, parse_mode, entities)
        if field == "text" and not text:
            raise ApiError(Refusal.TEXT_EMPTY)
        if units(text) > LIMITS["message_text_chars" if field == "text" else "caption_chars"]:
            raise ApiError(Refusal.TOO_LONG if field == "text" else Refusal.CAPTION_TOO_LONG)
    except ApiError as error:
        world.violate(method, "text", error.description)
        raise
    body: Json = {field: text} if text else {}
    marked = [_mention(world, entity) for entity in marked]
    if marked:
        body["entities" if field == "text" else "caption_entities"] = marked
    return body


def _mention(world: World, entity: Json) -> Json:
    """Return a link to a person as the mention it becomes when the bot has met them."""
    prefix = "tg://user?id="
    url: str = entity.get("url", "")
    if not url.startswith(prefix) or not url.removeprefix(prefix).isdigit():
        return entity
    person = world.people.get(int(url.removeprefix(prefix)))
    if person is None:
        return entity
    rest = {name: value for name, value in entity.items() if name != "url"}
    return rest | {"type": "text_mention", "user": person.user()}
