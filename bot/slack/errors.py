"""What Slack's refusals mean to the desk, by its own error codes."""

import asyncio
from collections.abc import Sequence

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.messenger import Rejected, Revoked, Undelivered, Unreachable, Wait
from bot.wire import retry_after

REVOKED = ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required")
REASONS = {  # what a person is told, as phrase keys after "undelivered."
    "channel_not_found": "no_chat",
    "not_in_channel": "removed",
    "is_archived": "archived",
    "user_not_found": "deactivated",
    "user_disabled": "deactivated",
    "cannot_dm_bot": "deactivated",
    "messages_tab_disabled": "no_rights",
    "missing_scope": "no_rights",
    "restricted_action": "no_rights",
    "msg_too_long": "too_long",
    "msg_blocks_too_long": "too_long",
    "file_upload_size_restricted": "too_big",
    "storage_limit_reached": "too_big",
    "expired_trigger_id": "too_late",
    "trigger_exchanged": "too_late",
}
GONE = (
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "thread_not_found",
    "cant_delete_message",
    "file_not_found",
    "file_deleted",
    "invalid_thread_ts",
)
OURS = (TimeoutError, SlackClientError, ClientError, OSError)  # what a call may raise
PASSING = ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org")


class Gone(Undelivered):
    """The message that was to be changed is not there, or cannot be changed any more."""


def translated(error: BaseException, natives: Sequence[str] = ()) -> Exception:
    """Return the desk's word for what a call raised."""
    if isinstance(error, SlackApiError):
        return _refused(error, natives)
    if isinstance(error, SlackClientError | ClientError | asyncio.TimeoutError | OSError):
        return Unreachable(type(error).__name__, natives, doubt=not isinstance(error, ClientConnectorError))
    return error if isinstance(error, Exception) else Unreachable(type(error).__name__, natives)


def code(error: SlackApiError) -> str:
    """Return Slack's own word for what is wrong."""
    try:
        return str(error.response["error"])
    except (KeyError, TypeError):
        return "unknown"


def _refused(error: SlackApiError, natives: Sequence[str]) -> Exception:
    said, response = code(error), error.response
    status = getattr(response, "status_code", 200)
    if said == "ratelimited" or status == 429:
        return Wait(retry_after(response.headers), natives)
    if said in REVOKED:
        return Revoked("slack")
    if said in GONE:
        return Gone(said, natives)
    if status >= 500 or said in PASSING:
        return Unreachable(said, natives)
    return Rejected(REASONS.get(said, "refused"), natives)
