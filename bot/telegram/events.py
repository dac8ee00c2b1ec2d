"""An update becomes an event. Pure: no call, no database, no clock."""

import re
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from aiogram.enums import ChatMemberStatus
from aiogram.types import (
    CallbackQuery,
    Chat,
    ChatMemberRestricted,
    ChatMemberUnion,
    ChatMemberUpdated,
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    MessageReactionUpdated,
    ReactionTypeEmoji,
    Update,
    User,
)

from bot.telegram.content import SERVICE, message_files, message_rich_text
from handlers.vocabulary.messages import Event, Kind, RichText, Sender, join_lines, passed_on
from handlers.vocabulary.payloads import Above, Among, ChatMoved, Reaction
from storage.people.names import readable_name

COMMAND = re.compile(r"[/!]([a-zA-Z][a-zA-Z0-9_]{0,31}\??)(?:@(\w+))?(?=\s|$)\s*")
NAMELESS = "…"  # who wrote what is passed on, and has no name that can be seen
PRESENT = (
    ChatMemberStatus.CREATOR,
    ChatMemberStatus.ADMINISTRATOR,
    ChatMemberStatus.MEMBER,
)


def event_from_update(update: Update, source: str, bot_name: str = "") -> Event | None:
    """Return the event of an update, or None where it is nobody's word: a service line, another bot, a kind not asked for."""
    match update:
        case Update(message=Message() as message):
            return _said(update, message, source, bot_name)
        case Update(edited_message=Message() as message):
            return _edited(update, message, source, bot_name)
        case Update(callback_query=CallbackQuery() as query):
            return _pressed(update, query, source)
        case Update(my_chat_member=ChatMemberUpdated() as change):
            return _about_bot(update, change, source)
        case Update(chat_member=ChatMemberUpdated() as change):
            return _about_member(update, change, source)
        case Update(message_reaction=MessageReactionUpdated() as change):
            return _reacted(update, change, source)
    return None


def _said(update: Update, message: Message, source: str, bot_name: str) -> Event | None:
    if message.migrate_to_chat_id:
        moved = ChatMoved(str(message.chat.id), str(message.migrate_to_chat_id))
        return _event(Kind.MEMBER, update, source, message.chat, message.date, name="moved", moved=moved)
    if message.content_type in SERVICE or (message.from_user and message.from_user.is_bot and not message.sender_chat):
        return None
    kind, name, value = _command(message_rich_text(message), message, bot_name)
    if kind is None:
        return None
    origin = _origin(message)
    among = _among_others(message, source, bot_name, kind) if message.chat.type != "private" else None
    if among is not None and among.mentioned and kind is Kind.TEXT:
        kind, name, value = _addressed(_without_mention(value, bot_name))
    if origin:  # what somebody wrote elsewhere is never obeyed here
        kind, name, value = Kind.TEXT, "", join_lines(passed_on(origin), message_rich_text(message))
    return _event(
        kind,
        update,
        source,
        message.chat,
        message.date,
        sender=_sender(message),
        thread=_thread(message),
        message=str(message.message_id),
        reply_to=_reply_to(message),
        words=value,
        files=tuple(replace(file, source=source) for file in message_files(message)),
        album=message.media_group_id or "",
        name=name,
        value="" if origin else value.text,
        conversation=_conversation(message),
        among=among,
        origin=origin,
        stray=_is_stray(message),
    )


def _addressed(heard: RichText) -> tuple[Kind, str, RichText]:
    """Return what somebody says to the bot by its name: words, or a command."""
    found = COMMAND.match(heard.text)
    if not found:
        return Kind.TEXT, "", heard
    return Kind.COMMAND, found[1].lower(), heard.cut(found.end(), len(heard.text))


def _among_others(message: Message, source: str, bot_name: str, kind: Kind) -> Among | None:
    """Return what matters where others read: whether the bot is named, what the place is called, what is replied to."""
    title = message.chat.title or "" if kind is Kind.COMMAND else ""
    forum = bool(message.chat.is_forum)
    if not _mentions(message, source, bot_name):
        return Among(title=title, forum=forum) if title else None
    above = message.reply_to_message
    if above is None or not _reply_to(message) or above.from_user is None or above.from_user.is_bot:
        return Among(mentioned=True, title=title)
    if above.sender_chat is not None:  # a channel's or an anonymous admin's: nobody's in particular
        return Among(mentioned=True, title=title)
    author = above.from_user
    quoted = Above(
        str(above.message_id),
        str(author.id),
        readable_name(author.full_name),
        author.username or "",
        author.language_code or "",
        asdict(_without_mention(message_rich_text(above), bot_name)),  # as it would stand if it had been heard itself
        tuple(asdict(replace(file, source=source)) for file in message_files(above)),
        above.date,
    )
    return Among(mentioned=True, title=title, above=quoted)


def _mentions(message: Message, source: str, bot_name: str) -> bool:
    """Return whether a message names the bot."""
    text, own = message.text or message.caption or "", source.partition(":")[2]
    for entity in message.entities or message.caption_entities or ():
        if entity.type == "mention" and entity.extract_from(text).lower() == f"@{bot_name}".lower():
            return True
        if entity.type == "text_mention" and entity.user is not None and str(entity.user.id) == own:
            return True
    return False


def _without_mention(value: RichText, bot_name: str) -> RichText:
    """Return words without the bot's name at their beginning."""
    name = f"@{bot_name}"
    starts = value.text.lower().startswith(name.lower())
    return value.cut(len(name), len(value.text)).strip() if starts else value


def _origin(message: Message) -> str:
    """Return whose words a forwarded message brings; nothing where it is not forwarded."""
    match message.forward_origin:
        case None:
            return ""
        case MessageOriginUser(sender_user=user):
            return readable_name(user.full_name) or NAMELESS
        case MessageOriginHiddenUser(sender_user_name=name):
            return readable_name(name) or NAMELESS
        case MessageOriginChat(sender_chat=chat) | MessageOriginChannel(chat=chat):
            return readable_name(chat.full_name) or NAMELESS


def _command(heard: RichText, message: Message, bot_name: str) -> tuple[Kind | None, str, RichText]:
    """Return the kind, the command's name and what follows it; no kind where another bot is meant."""
    found = COMMAND.match(heard.text)
    private = message.chat.type == "private"
    if not found or (heard.text[0] == "!" and private):
        return Kind.TEXT, "", heard
    if found[2] and bot_name and found[2].lower() != bot_name.lower():
        return None, "", heard
    return Kind.COMMAND, found[1].lower(), heard.cut(found.end(), len(heard.text))


def _edited(update: Update, message: Message, source: str, bot_name: str) -> Event | None:
    if message.location is not None:  # a live location moves on: the first point is what was said
        return None
    was = _said(update, message, source, bot_name)
    if was is None or was.kind is Kind.MEMBER:
        return None
    at = datetime.fromtimestamp(message.edit_date, UTC) if message.edit_date else message.date
    return Event(
        Kind.EDIT,
        source,
        was.key,
        was.conversation,
        at,
        was.chat,
        was.private,
        was.thread,
        was.sender,
        was.message,
        was.reply_to,
        was.words,
        was.files,
        name=was.name,
        value=was.value,
    )


def _pressed(update: Update, query: CallbackQuery, source: str) -> Event | None:
    message = query.message
    if message is None:  # a button of an inline message: we send none
        return None
    name, _, value = (query.data or "").partition(":")
    thread = _thread(message) if isinstance(message, Message) else ""
    private = message.chat.type == "private"
    chat = str(message.chat.id)
    at = message.date if isinstance(message, Message) else datetime.now(UTC)
    return _event(
        Kind.PRESS,
        update,
        source,
        message.chat,
        at,
        sender=_person(query.from_user, message.chat),
        thread=thread,
        message=str(message.message_id),
        name=name,
        value=value,
        interaction=query.id,
        conversation=chat if private else f"{chat}/{thread or message.message_id}",
    )


def _about_bot(update: Update, change: ChatMemberUpdated, source: str) -> Event:
    """The bot was stopped or let write again (private), put into a group or taken out of it."""
    names = ("blocked", "unblocked") if change.chat.type == "private" else ("bot_removed", "bot_added")
    name = names[is_chat_member(change.new_chat_member)]
    return _event(
        Kind.MEMBER, update, source, change.chat, change.date, sender=_person(change.from_user, change.chat), name=name
    )


def _about_member(update: Update, change: ChatMemberUpdated, source: str) -> Event | None:
    user = change.new_chat_member.user
    was, now = is_chat_member(change.old_chat_member), is_chat_member(change.new_chat_member)
    if user.is_bot or was == now:
        return None
    return _event(
        Kind.MEMBER,
        update,
        source,
        change.chat,
        change.date,
        sender=_person(user, change.chat),
        name="joined" if now else "left",
    )


def is_chat_member(member: ChatMemberUnion) -> bool:
    """Return whether somebody is in the chat; whoever is restricted may be or not."""
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in PRESENT


def _reacted(update: Update, change: MessageReactionUpdated, source: str) -> Event | None:
    if change.user is None or change.user.is_bot:
        return None
    return _event(
        Kind.REACTION,
        update,
        source,
        change.chat,
        change.date,
        sender=_person(change.user, change.chat),
        message=str(change.message_id),
        conversation=f"{change.chat.id}/{change.message_id}",
        reaction=_put(change),
    )


def _put(change: MessageReactionUpdated) -> Reaction | None:
    """Return the emoji that somebody has put on a message; None where they only took some away."""
    was = {each.emoji for each in change.old_reaction if isinstance(each, ReactionTypeEmoji)}
    now = [each.emoji for each in change.new_reaction if isinstance(each, ReactionTypeEmoji)]
    return next((Reaction("", emoji=emoji) for emoji in now if emoji not in was), None)


def _event(kind: Kind, update: Update, source: str, chat: Chat, at: datetime, **more: Any) -> Event:
    more.setdefault("conversation", str(chat.id))
    return Event(kind, source, str(update.update_id), at=at, chat=str(chat.id), private=chat.type == "private", **more)


def _sender(message: Message) -> Sender:
    user = message.from_user
    if message.sender_chat is not None or user is None:  # an anonymous admin, or a channel: nobody in particular
        return Sender("", message.sender_chat.title or "" if message.sender_chat else "", anonymous=True)
    return _person(user, message.chat)


def _person(user: User, chat: Chat) -> Sender:
    """Return the person; only a private chat shows that the bot may write to them."""
    home = str(chat.id) if chat.type == "private" else ""
    return Sender(str(user.id), user.full_name, user.username or "", user.language_code or "", home)


def _thread(message: Message) -> str:
    if message.is_topic_message and message.message_thread_id:
        return str(message.message_thread_id)
    return str(message.external_reply.message_id) if _is_stray(message) and message.external_reply else ""


def _is_stray(message: Message) -> bool:
    """Return whether somebody replied from another chat into a forum: only what it quotes says in which topic."""
    reply = message.external_reply
    return bool(message.chat.is_forum and reply is not None and reply.message_id and not message.is_topic_message)


def _reply_to(message: Message) -> str:
    """Return what the person replied to: not the topic's own service line, which Telegram puts there for every message."""
    reply = message.reply_to_message
    if reply is None or reply.forum_topic_created is not None or reply.message_id == message.message_thread_id:
        return ""
    return str(reply.message_id)


def _conversation(message: Message) -> str:
    chat = str(message.chat.id)
    if message.chat.type == "private":
        return chat
    return f"{chat}/{_thread(message) or _reply_to(message)}".removesuffix("/")
