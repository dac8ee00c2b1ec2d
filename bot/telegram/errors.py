"""What Telegram's refusals mean to the desk, told apart by its own words (tdlib/telegram-bot-api)."""

import asyncio
from collections.abc import Sequence

from aiogram import exceptions as api
from aiohttp import ClientConnectorError, ClientError

from bot.messenger import Moved, Rejected, Revoked, ThreadLost, Undelivered, Unreachable, Wait

NOT_MODIFIED = "message is not modified"
GONE = (
    "message to edit not found",
    "message can't be edited",
    "message to delete not found",
    "message can't be deleted",
)
MISSHAPEN = ("there is no text in the message to edit", "there is no caption in the message to edit")
THREAD = ("message thread not found", "topic_deleted", "topic_id_invalid")
REMOVED = ("bot was kicked", "bot is not a member")  # of a group: what is promised waits until it is back
REASONS = {  # what a person is told, as phrase keys after "undelivered."
    "bot was blocked by the user": "blocked",
    "user is deactivated": "deactivated",
    "bot can't initiate conversation": "never_wrote",
    "chat not found": "no_chat",
    "file is too big": "too_big",
    "Request Entity Too Large": "too_big",
    "wrong file": "no_file",
    "not enough rights": "no_rights",
    "voice_messages_forbidden": "no_voice",
}


class Gone(Undelivered):
    """The message that was to be changed is not there, or cannot be changed any more."""


class Misshapen(Gone):
    """The message that was to be changed is of another kind: it has no text, or no caption."""


def translated(error: BaseException, natives: Sequence[str] = ()) -> Exception:
    """Return the desk's word for what a call raised."""
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
            return Unreachable(
                type(error).__name__, natives, doubt=not isinstance(error.__cause__, ClientConnectorError)
            )
        case api.TelegramConflictError():
            return Unreachable("another program uses this bot's token", natives)
        case api.TelegramAPIError():
            return _refused(error.message, natives)
        case ClientError() | asyncio.TimeoutError() | OSError():
            return Unreachable(type(error).__name__, natives)
    return error if isinstance(error, Exception) else Unreachable(type(error).__name__, natives)


def _refused(message: str, natives: Sequence[str]) -> Undelivered:
    said = message.lower()
    if any(words in said for words in REMOVED):
        return Unreachable("the bot is not in the group any more", natives, doubt=False)
    if any(words in said for words in THREAD):
        return ThreadLost(message, natives)
    if any(words in said for words in MISSHAPEN):
        return Misshapen(message, natives)
    if any(words in said for words in GONE):
        return Gone(message, natives)
    reason = next((reason for words, reason in REASONS.items() if words.lower() in said), "refused")
    return Rejected(reason, natives)
