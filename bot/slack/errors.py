"""What Slack's refusals mean to the desk, by its own error codes."""

import asyncio
from collections.abc import Sequence

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.messengers.protocol import Rejected, Revoked, ThreadShut, Undelivered, Unreachable, Wait
from bot.messengers.wire import retry_after

REVOKED = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required")
REASONS = {  # what a refusal means, as phrase keys after "undelivered."; what is not here is "refused", by Slack's own word
    "channel_not_found": "no_chat",
    "channel_is_limited_access": "no_chat",
    "invalid_channel": "no_chat",
    "not_in_channel": "removed",
    "is_archived": "archived",
    "is_inactive": "archived",
    "user_not_found": "deactivated",
    "user_disabled": "deactivated",
    "user_not_visible": "deactivated",
    "cannot_dm_bot": "deactivated",
    "messages_tab_disabled": "no_rights",
    "missing_scope": "no_scope",
    "no_permission": "no_rights",
    "restricted_action": "no_rights",
    "restricted_action_read_only_channel": "no_rights",
    "restricted_action_thread_only_channel": "no_rights",
    "posting_to_channel_denied": "no_rights",
    "msg_too_long": "too_long",
    "msg_blocks_too_long": "too_long",
    "attachment_payload_limit_exceeded": "too_long",
    "metadata_too_large": "too_long",
    "view_too_large": "too_long",
    "alt_txt_too_large": "too_long",
    "too_many_attachments": "too_long",
    "too_many_contact_cards": "too_long",
    "file_upload_size_restricted": "too_big",
    "snippet_too_large": "too_big",
    "storage_limit_reached": "too_big",
    "expired_trigger_id": "too_late",
    "trigger_exchanged": "too_late",
    **dict.fromkeys(
        (
            "blocked_file_type", "file_share_limit_reached", "file_type_not_allowed", "file_update_failed",
            "file_uploads_disabled", "file_uploads_except_images_disabled", "max_file_sharing_exceeded", "missing_file_data",
            "slack_connect_blocked_file_type", "slack_connect_clip_sharing_blocked", "slack_connect_file_link_sharing_blocked",
            "slack_connect_file_upload_sharing_blocked", "unable_to_share_files", "unknown_snippet_type", "unknown_subtype",
        ),
        "file",
    ),
    **dict.fromkeys(
        (
            "block_mismatch", "duplicate_external_id", "invalid_arg_name", "invalid_array_arg", "invalid_arguments",
            "invalid_attachments", "invalid_blocks", "invalid_blocks_format", "invalid_charset", "invalid_form_data",
            "invalid_json", "invalid_metadata_format", "invalid_metadata_schema", "invalid_post_type", "json_not_object",
            "markdown_text_conflict", "missing_argument", "missing_post_type", "no_text",
        ),
        "malformed",
    ),
}  # fmt: skip
GONE = (
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "thread_not_found",
    "cant_delete_message",
    "cant_delete_file",
    "compliance_exports_prevent_deletion",
    "delete_not_allowed",
    "file_deleting_disabled",
    "file_not_found",
    "file_deleted",
    "file_is_deleted",
    "invalid_thread_ts",
)
OURS = (TimeoutError, SlackClientError, ClientError, OSError)  # what a call may raise
SHUT = ("cannot_reply_to_message", "restricted_action_non_threadable_channel", "restricted_action_thread_locked")
PASSING = (
    "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "update_failed",
    "external_channel_migrating", "streaming_state_conflict",
)  # fmt: skip
SLOWER = {"ratelimited": 1, "rate_limited": 1, "message_limit_exceeded": 60}  # seconds to wait where Slack names none


class Gone(Undelivered):
    """The message that was to be changed is not there, or cannot be changed any more."""


def translate_slack_error(error: BaseException, natives: Sequence[str] = (), *, says: bool = True) -> Exception:
    """Return the desk's word for what a call raised; of one that ``says`` nothing there is no doubt: it is made again."""
    if isinstance(error, SlackApiError):
        return _refused(error, natives, says=says)
    if isinstance(error, SlackClientError | ClientError | asyncio.TimeoutError | OSError):
        return Unreachable(type(error).__name__, natives, doubt=says and not isinstance(error, ClientConnectorError))
    return error if isinstance(error, Exception) else Unreachable(type(error).__name__, natives, doubt=says)


def slack_error_code(error: SlackApiError) -> str:
    """Return Slack's own word for what is wrong."""
    try:
        return str(error.response["error"])
    except (KeyError, TypeError):
        return "unknown"


def _refused(error: SlackApiError, natives: Sequence[str], *, says: bool) -> Exception:
    said, response = slack_error_code(error), error.response
    status = getattr(response, "status_code", 200)
    if said in SLOWER or status == 429:
        named = "Retry-After" in response.headers or said not in SLOWER
        return Wait(retry_after(response.headers) if named else SLOWER[said], natives)
    if said in REVOKED:
        return Revoked("slack")
    if said in GONE:
        return Gone(said, natives)
    if said in SHUT:
        return ThreadShut(said, natives)
    if status >= 500 or said in PASSING:
        return Unreachable(said, natives, doubt=says)
    return Rejected(REASONS.get(said, "refused"), natives, word=said)
