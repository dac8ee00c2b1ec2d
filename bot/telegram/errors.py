"""What Telegram's refusals mean to the desk, told apart by its own words (tdlib/telegram-bot-api)."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from aiogram import exceptions as api
from aiogram.methods import TelegramMethod
from aiohttp import ClientConnectorError, ClientError

from bot.messengers.protocol import Moved, Rejected, Revoked, ThreadLost, ThreadShut, Undelivered, Unreachable, Wait

NOT_MODIFIED = "message is not modified"
GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
)
MISSHAPEN = ("there is no text in the message to edit", "there is no caption in the message to edit")
THREAD = ("message thread not found", "topic_deleted", "topic_id_invalid")
QUOTED = re.compile(r"[\"“«]|: ")
SHUT = "topic_closed"  # a topic, or without one General
# What a refusal means, by words of Telegram's, the more special first: phrase keys after "undelivered.". What is not here is
# "refused", and goes by Telegram's own word.
REASONS = {
    "bot was blocked by the user": "blocked",
    "user is deactivated": "deactivated",
    "bot can't initiate conversation": "never_wrote",
    "bot was kicked": "removed",
    "bot is not a member": "removed",
    "not enough rights to manage topics": "no_topics",
    "not enough rights to create a topic": "no_topics",
    "chat not found": "no_chat",
    "peer_id_invalid": "no_chat",
    "group chat was deactivated": "no_chat",
    "chat was deleted": "no_chat",
    "channel_private": "removed",
    "voice_messages_forbidden": "no_voice",
    "file is too big": "too_big",
    "request entity too large": "too_big",
    "message is too long": "too_long",
    "message_too_long": "too_long",
    "caption is too long": "too_long",
    "reply markup is too long": "too_long",
    "file must be non-empty": "file",
    "wrong file": "no_file",
    "file_reference_": "no_file",
    "can't use file of type": "file",
    "photo_invalid": "file",
    "image_process_failed": "file",
    "failed to get http url": "file",
    "wrong type of the web page content": "file",
    "is empty": "malformed",
    "text must be non-empty": "malformed",
    "can't parse": "malformed",
    "entity_": "malformed",
    "entities_": "malformed",
    "button_": "malformed",
    "keyboard": "malformed",
    "parse_mode": "malformed",
    "quote_text_invalid": "malformed",
    "parameter": "malformed",
    "group must include": "malformed",
    "can't be mixed": "malformed",
    "must be encoded in utf-8": "malformed",
    "message to be replied not found": "malformed",
    "topic_title_empty": "malformed",
    "chat_write_forbidden": "no_rights",
    "chat_send_": "no_rights",
    "chat_restricted": "no_rights",
    "chat_admin_required": "no_rights",
    "not enough rights": "no_rights",
    "have no rights": "no_rights",
    "need administrator rights": "no_rights",
}


class Gone(Undelivered):
    """The message that was to be changed is not there, or cannot be changed any more."""


class Misshapen(Gone):
    """The message that was to be changed is of another kind: it has no text, or no caption."""


def is_non_idempotent(call: TelegramMethod[Any]) -> bool:
    """Return whether there would be one thing too many were a call made twice."""
    name = type(call).__name__
    return name.startswith(("Send", "Copy", "Create")) and name != "SendChatAction"


def translate_telegram_error(error: BaseException, natives: Sequence[str] = (), *, says: bool = True) -> Exception:
    """Return the desk's word for what a call raised; of one that ``says`` nothing there is no doubt: it is made again."""
    match error:
        case api.TelegramRetryAfter():
            return Wait(error.retry_after, natives)
        case api.TelegramMigrateToChat():
            return Moved(str(error.migrate_to_chat_id))
        case api.TelegramUnauthorizedError():
            return Revoked("telegram")
        case api.TelegramEntityTooLarge():  # to aiogram a trouble of the network
            return Rejected("too_big", natives)
        case (
            api.TelegramNetworkError() | api.TelegramServerError() | api.RestartingTelegram() | api.ClientDecodeError()
        ):
            doubt = says and not isinstance(error.__cause__, ClientConnectorError)
            return Unreachable(type(error).__name__, natives, doubt=doubt)
        case api.TelegramConflictError():
            return Unreachable("another program uses this bot's token", natives, doubt=False)
        case api.TelegramNotFound():  # there is no such method, or no such bot, where we ask
            return Unreachable("Not Found", natives, doubt=False)
        case api.TelegramAPIError():
            return _refused(error.message, natives)
        case ClientError() | asyncio.TimeoutError() | OSError():
            return Unreachable(type(error).__name__, natives, doubt=says)
    return error if isinstance(error, Exception) else Unreachable(type(error).__name__, natives, doubt=says)


def _refused(message: str, natives: Sequence[str]) -> Undelivered:
    said = message.lower()
    if any(words in said for words in THREAD):
        return ThreadLost(message, natives)
    if any(words in said for words in MISSHAPEN):
        return Misshapen(message, natives)
    if any(words in said for words in GONE):
        return Gone(message, natives)
    if SHUT in said:
        return ThreadShut(word_of(message), natives)
    reason = next((reason for words, reason in REASONS.items() if words in said), "refused")
    return Rejected(reason, natives, word=word_of(message))


def word_of(message: str) -> str:
    """Return what Telegram calls a refusal: without what it quotes, which may be somebody's words."""
    word = message.partition(": ")[2] or message
    return QUOTED.split(word, maxsplit=1)[0].strip()[:100]
