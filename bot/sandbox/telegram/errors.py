"""What the Bot API answers when it refuses, word for word."""

from enum import Enum
from typing import Any


class Refusal(Enum):
    """A refusal: its code and its words, with places for facts in braces."""

    TEXT_EMPTY = (400, "Bad Request: message text is empty")
    TOO_LONG = (400, "Bad Request: message is too long")
    CAPTION_TOO_LONG = (400, "Bad Request: message caption is too long")
    CHAT_NOT_FOUND = (400, "Bad Request: chat not found")
    USER_NOT_FOUND = (400, "Bad Request: user not found")
    EDIT_NOT_FOUND = (400, "Bad Request: message to edit not found")
    DELETE_NOT_FOUND = (400, "Bad Request: message to delete not found")
    COPY_NOT_FOUND = (400, "Bad Request: message to copy not found")
    FORWARD_NOT_FOUND = (400, "Bad Request: message to forward not found")
    PIN_NOT_FOUND = (400, "Bad Request: message to pin not found")
    REACT_NOT_FOUND = (400, "Bad Request: message to react not found")
    REPLY_NOT_FOUND = (400, "Bad Request: message to be replied not found")
    THREAD_NOT_FOUND = (400, "Bad Request: message thread not found")
    CANT_EDIT = (400, "Bad Request: message can't be edited")
    CANT_COPY = (400, "Bad Request: message can't be copied")
    CANT_DELETE = (400, "Bad Request: message can't be deleted")
    CANT_DELETE_FOR_EVERYONE = (400, "Bad Request: message can't be deleted for everyone")
    NO_TEXT = (400, "Bad Request: there is no text in the message to edit")
    NO_CAPTION = (400, "Bad Request: there is no caption in the message to edit")
    NOT_MODIFIED = (
        400,
        (
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        ),
    )
    QUOTE_INVALID = (400, "Bad Request: QUOTE_TEXT_INVALID")
    QUERY_TOO_OLD = (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    CANT_PARSE = (400, "Bad Request: can't parse entities: {reason}")
    UNSUPPORTED_PARSE_MODE = (400, "Bad Request: unsupported parse_mode")
    WRONG_FILE = (400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    WRONG_FILE_KIND = (400, "Bad Request: can't use file of type {had} as {wanted}")
    FILE_TOO_BIG = (400, "Bad Request: file is too big")
    FILE_EMPTY = (400, "Bad Request: file must be non-empty")
    MARKUP_TOO_LONG = (400, "Bad Request: reply markup is too long")
    BUTTON_DATA_INVALID = (400, "Bad Request: BUTTON_DATA_INVALID")
    BUTTON_TYPE = (
        400,
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    )
    UPGRADED = (400, "Bad Request: group chat was upgraded to a supergroup chat")
    NO_RIGHT_TOPICS = (400, "Bad Request: not enough rights to manage topics")
    NO_RIGHT_PIN = (400, "Bad Request: not enough rights to manage pinned messages in the chat")
    NOT_A_FORUM = (400, "Bad Request: the chat is not a forum")
    TOPIC_CLOSED = (400, "Bad Request: TOPIC_CLOSED")
    TOPIC_INVALID = (400, "Bad Request: TOPIC_ID_INVALID")
    TOPIC_NOT_MODIFIED = (400, "Bad Request: TOPIC_NOT_MODIFIED")
    TOPIC_TITLE = (400, "Bad Request: TOPIC_TITLE_EMPTY")
    REACTION_INVALID = (400, "Bad Request: REACTION_INVALID")
    GROUP_SIZE = (400, "Bad Request: group must include 2-10 messages")
    GROUP_MIX = (400, "Bad Request: {kind} can't be mixed with other media types")
    WEBHOOK_URL = (400, "Bad Request: invalid webhook URL specified")
    SECRET_CHARS = (400, "Bad Request: secret token contains unallowed characters")
    SECRET_LONG = (400, "Bad Request: secret token is too long")
    PARAMETER_REQUIRED = (400, 'Bad Request: parameter "{name}" is required')
    PARAMETER_WRONG = (400, 'Bad Request: can\'t parse parameter "{name}": expected {kind}')
    CHAT_ID_EMPTY = (400, "Bad Request: chat_id is empty")
    WRONG_VALUE = (400, "Bad Request: {what}")
    UNAUTHORIZED = (401, "Unauthorized")
    BLOCKED = (403, "Forbidden: bot was blocked by the user")
    DEACTIVATED = (403, "Forbidden: user is deactivated")
    KICKED_SUPERGROUP = (403, "Forbidden: bot was kicked from the supergroup chat")
    KICKED_GROUP = (403, "Forbidden: bot was kicked from the group chat")
    CANT_INITIATE = (403, "Forbidden: bot can't initiate conversation with a user")
    NOT_MEMBER_SUPERGROUP = (403, "Forbidden: bot is not a member of the supergroup chat")
    NOT_MEMBER_GROUP = (403, "Forbidden: bot is not a member of the group chat")
    NOT_FOUND = (404, "Not Found")
    WEBHOOK_ACTIVE = (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    OTHER_POLLER = (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    WEBHOOK_SET = (409, "Conflict: terminated by setWebhook request")
    TOO_LARGE = (413, "Request Entity Too Large")
    TOO_MANY = (429, "Too Many Requests: retry after {seconds}")
    INTERNAL = (500, "Internal Server Error")
    BAD_GATEWAY = (502, "Bad Gateway")


class ApiError(Exception):
    """The Bot API refuses a call."""

    def __init__(self, refusal: Refusal, *, parameters: dict[str, Any] | None = None, **facts: object) -> None:
        self.refusal = refusal
        self.code, text = refusal.value
        self.description = text.format(**facts) if facts else text
        self.parameters = parameters
        super().__init__(self.description)

    def answer(self) -> dict[str, Any]:
        """Return the whole answer as the server sends it."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def too_many(seconds: int) -> ApiError:
    """Return the 429 that asks to wait so long."""
    return ApiError(Refusal.TOO_MANY, parameters={"retry_after": seconds}, seconds=seconds)
