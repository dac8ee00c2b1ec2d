"""Every refusal that the messengers name, in a team place and in a private one: what waits, what is final, and by which word."""

import json
from pathlib import Path
from typing import ClassVar

from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import SendMessage
from slack_sdk.errors import SlackApiError
from sqlalchemy import select

from bot.delivery import resolve
from bot.delivery.settle import Result, settle_results
from bot.messengers.protocol import Rejected
from bot.sandbox.slack.tables import COMMON_ERRORS, METHODS, SEEN_ERRORS
from bot.sandbox.telegram.errors import Refusal
from bot.slack import errors as slack
from bot.telegram import errors as telegram
from bot.telegram.adapter import Telegram
from handlers.system.admin_alerts import fix_of
from handlers.vocabulary.messages import EVENT, Chat, Kind, phrase
from handlers.vocabulary.translations import LANGUAGES, Locale, Translator
from storage.models import Sending, inbox, outgoing
from storage.queues import outbox, tries
from tests.clock import MONDAY
from tests.desk.test_prepare import promise
from tests.storage.rows import SOURCE, transact
from tests.storage.undone import undone

SAYING = ("chat.postMessage", "chat.update", "files.getUploadURLExternal", "files.completeUploadExternal")
# On no list, and seen all the same, or not seen yet.
UNLISTED = ("ekm_access_denied", "team_access_not_granted", "restricted_action_of_next_year", "something_new")
LISTED = {code for method in SAYING for code in (*METHODS[method].errors, *SEEN_ERRORS.get(method, ()))}
CODES = sorted({*LISTED, *COMMON_ERRORS, *UNLISTED})
# What is wrong with the message or the file, whoever gets it; whatever else Slack says, somebody can mend.
OF_MESSAGE = {
    "alt_txt_too_large", "attachment_payload_limit_exceeded", "block_mismatch", "blocked_file_type", "file_share_limit_reached",
    "file_type_not_allowed", "file_update_failed", "file_upload_size_restricted", "file_uploads_disabled",
    "file_uploads_except_images_disabled", "invalid_arg_name", "invalid_arguments", "invalid_array_arg", "invalid_attachments",
    "invalid_blocks", "invalid_blocks_format", "invalid_charset", "invalid_form_data", "invalid_json",
    "invalid_metadata_format", "invalid_metadata_schema", "invalid_post_type", "json_not_object", "markdown_text_conflict",
    "max_file_sharing_exceeded", "metadata_too_large", "missing_argument", "missing_file_data", "missing_post_type",
    "msg_blocks_too_long", "msg_too_long", "no_text", "slack_connect_blocked_file_type", "slack_connect_clip_sharing_blocked",
    "slack_connect_file_link_sharing_blocked", "slack_connect_file_upload_sharing_blocked", "snippet_too_large",
    "storage_limit_reached", "too_many_attachments", "too_many_contact_cards", "unable_to_share_files", "unknown_snippet_type",
    "unknown_subtype",
}  # fmt: skip
# The same of Telegram's, by words in them.
OF_TELEGRAMS_MESSAGE = (
    "empty", "too long", "too big", "too large", "parse", "quote", "button", "file", "mixed", "group must include", "parameter",
    "replied not found", "topic_title", "unsupported",
)  # fmt: skip
PRIVATE = ("blocked by the user", "user is deactivated", "initiate conversation", "VOICE_MESSAGES")
UNASKED = Telegram.__new__(Telegram)  # nobody asks it anything here
MORE = (
    "Bad Request: CHAT_WRITE_FORBIDDEN",
    "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN",
    "Bad Request: CHAT_RESTRICTED",
    "Bad Request: have no rights to send a message",
    "Bad Request: not enough rights to send text messages to the chat",
    "Bad Request: need administrator rights in the channel chat",
    "Bad Request: chat not found",
    "Bad Request: something of next year",
    "Forbidden: bot was kicked from the supergroup chat",
    "Forbidden: bot is not a member of the supergroup chat",
    "Forbidden: the group chat was deleted",
    "Forbidden: something of next year",
)
SENDING = {  # of Telegram's own list, what a send may be refused with
    refusal
    for refusal in Refusal
    if refusal.value[0] in (400, 403)
    and not any(
        word in refusal.name for word in ("WEBHOOK", "SECRET", "QUERY", "PIN", "REACT", "COPY", "FORWARD", "UPGRADED")
    )
}
TELEGRAMS = sorted({*(refusal.value[1] for refusal in SENDING), *MORE})


class Answer(dict[str, object]):
    """An answer as Slack's library holds one."""

    status_code = 200
    headers: ClassVar[dict[str, str]] = {}


def of_slack(code: str) -> Exception:
    """Return the desk's word for a refusal of Slack's."""
    return slack.translate_slack_error(SlackApiError("", Answer(ok=False, error=code)))


def of_telegram(description: str) -> Exception:
    """Return the desk's word for a refusal of Telegram's."""
    kind = TelegramForbiddenError if description.startswith("Forbidden") else TelegramBadRequest
    return telegram.translate_telegram_error(kind(SendMessage(chat_id=1, text="x"), description))


def refused(tx, refusal: Rejected, *, team: bool):
    """Return what becomes of a message that is refused so, and of what an admin hears."""
    with undone(tx.connection):
        promise(tx, "words", to=Chat(SOURCE, "-5" if team else "7"))
        [rows] = outbox.lease_addresses(tx.connection, [SOURCE], MONDAY, MONDAY, 16)
        delivery = resolve.Places(tx.connection, [rows]).delivery(tries.mark_sending(tx.connection, rows, MONDAY))
        assert delivery is not None
        settle_results(tx.connection, [Result(delivery, (), refusal)], MONDAY, {SOURCE: UNASKED})
        [fate] = tx.connection.execute(select(outgoing.c.state, outgoing.c.error)).all()
        events = [EVENT.validate_json(payload) for payload in tx.connection.scalars(select(inbox.c.payload))]
        return fate.state, fate.error, [event for event in events if event.kind is Kind.STANDSTILL]


def in_the_team(tx, refusal: Rejected, *, final: bool) -> None:
    """See that what is of the message is final, and that anything else waits; the admins hear the messenger's own word."""
    state, error, [event] = refused(tx, refusal, team=True)
    told = (state, event.name, event.refusal.word)
    assert told == (Sending.FAILED if final else Sending.QUEUED, "unshown" if final else "stands", refusal.word), (
        refusal.word
    )
    assert refusal.word in error
    assert all(Translator().say(fix_of(refusal.reason), Locale(language)) for language in LANGUAGES)


def in_private(tx, refusal: Rejected) -> None:
    """See that it is final, keeps its name, and can be told."""
    state, error, events = refused(tx, refusal, team=False)
    assert (state, events) == (Sending.FAILED, [])
    assert refusal.word in error
    for language in LANGUAGES:
        assert Translator().say(phrase(f"undelivered.{refusal.reason}", word=refusal.word), Locale(language))


async def test_whatever_slack_says(database):
    def story(tx):
        tx.channels.ensure(SOURCE, "-5", language="en", threads=True)
        for code in CODES:
            meant = of_slack(code)
            assert not isinstance(meant, SlackApiError), code
            assert isinstance(meant, Rejected) or code not in OF_MESSAGE, code
            if isinstance(meant, Rejected):
                assert meant.word == code
                in_the_team(tx, meant, final=code in OF_MESSAGE)
                in_private(tx, meant)

    await transact(database, story)


async def test_whatever_telegram_says(database):
    def story(tx):
        tx.channels.ensure(SOURCE, "-5", language="en", threads=True)
        for text in TELEGRAMS:
            meant = of_telegram(text)
            assert not isinstance(meant, TelegramAPIError), text
            if not isinstance(meant, Rejected):
                continue
            assert meant.word
            assert meant.word in text
            if not any(word in text for word in PRIVATE):
                final = any(word in text.lower() for word in OF_TELEGRAMS_MESSAGE)
                in_the_team(tx, meant, final=final)
            in_private(tx, meant)

    await transact(database, story)


def test_the_lists_are_those_of_the_messengers(shared: Path):
    specs = shared / "specs"
    methods = json.loads((specs / "slack" / "web_api_methods.json").read_text())
    named = {code for method in SAYING for code in methods[method].get("doc", {}).get("errors", {})}
    assert named - set(CODES) == set()
    said = {error["description"] for error in json.loads((specs / "telegram" / "error_responses.json").read_text())}
    assert {text for text in said if "message" in text and text.startswith("Bad")} - {r.value[1] for r in Refusal} == {
        text for text in said if "can't parse entities" in text and "message" in text
    }


def test_no_word_holds_what_somebody_wrote():
    text = 'Bad Request: can\'t parse entities: Unsupported start tag "secret" at byte offset 0'
    meant = of_telegram(text)
    assert isinstance(meant, Rejected)
    assert "secret" not in meant.why
    assert meant.reason == "malformed"
