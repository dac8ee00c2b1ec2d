"""What is checked before Slack is served: the tokens, the scopes, the team channel."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import OperatorError
from bot.messengers.protocol import Wait
from bot.monitoring.health import Contact
from bot.slack.errors import OURS, REVOKED, slack_error_code, translate_slack_error

log = logging.getLogger("frontdesk.slack")

PAUSES = (1, 2, 5, 10, 30)  # seconds between tries while Slack does not answer
REINSTALL = "add them from docs/slack-manifest.yaml and reinstall it"
FINAL = (*REVOKED, "missing_scope", "not_allowed_token_type", "channel_not_found", "not_in_channel")
# The least that the desk's conversations need; docs/slack-manifest.yaml asks for just these.
SCOPES = frozenset(
    {
        "app_mentions:read", "channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write",
        "groups:history", "groups:read", "im:history", "im:read", "im:write", "reactions:read", "users:read",
    }
)  # fmt: skip
OPTIONAL = {  # and what is done without it
    "reactions:write": "a memo is not marked, a line says that it stays inside",
    "usergroups:write": "no user group follows a rota",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What Slack said of us."""

    team: str
    bot_user: str
    bot_id: str
    url: str = ""


async def check_bot_token(client: AsyncWebClient, contact: Contact) -> Found:
    """Return whose token it is; wait where Slack does not answer, refuse a token that it does not know or that serves no desk."""
    try:
        answer = await _patiently(client.auth_test, contact)
    except SlackApiError as error:
        fix = f"Slack does not take it ({slack_error_code(error)}); copy it anew from the app's page"
        raise OperatorError("SLACK_BOT_TOKEN", fix) from None
    judge_installation(answer)
    if missing := SCOPES - granted_scopes(answer):
        raise OperatorError("SLACK_BOT_TOKEN", f"the app lacks scopes: {', '.join(sorted(missing))}; {REINSTALL}")
    return Found(
        str(answer["team_id"]), str(answer["user_id"]), str(answer.get("bot_id") or ""), str(answer.get("url") or "")
    )


def judge_installation(answer: Any) -> None:
    """Refuse what cannot be served in full: a whole organisation has channels and people of many workspaces."""
    team = str(answer.get("team_id") or "")
    if answer.get("is_enterprise_install") or not team.startswith("T"):
        fix = "it is of a whole organisation; install the app in one workspace, and copy the token of that installation"
        raise OperatorError("SLACK_BOT_TOKEN", fix)


async def _patiently(call: Callable[[], Awaitable[Any]], contact: Contact) -> Any:
    """Make a call; wait where Slack does not answer, raise what it refuses for good."""
    tries = 0
    while True:
        try:
            answer = await call()
        except SlackApiError as error:
            if slack_error_code(error) in FINAL:
                raise
            why, trouble = slack_error_code(error), translate_slack_error(error)
        except OURS as error:
            why, trouble = type(error).__name__, translate_slack_error(error)
        else:
            contact.answer()
            return answer
        contact.fail("calls", why)
        tries = await _pause(tries, why, trouble)


def granted_scopes(answer: Any) -> frozenset[str]:
    """Return the scopes that Slack says are granted, in a header of each answer; where it says none, all of ours."""
    headers = {name.lower(): str(value) for name, value in answer.headers.items()}
    named = frozenset(scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip())
    return named or SCOPES


async def _pause(tries: int, why: str, trouble: Exception) -> int:
    pause = max(PAUSES[min(tries, len(PAUSES) - 1)], trouble.seconds if isinstance(trouble, Wait) else 0)
    log.warning("Slack does not answer (%s); again in %d s", why, pause, extra={"event": "unreachable"})
    await asyncio.sleep(pause)
    return tries + 1


async def check_socket(client: AsyncWebClient, app_token: str, contact: Contact) -> None:
    """Ask once for a socket: the library itself would retry a wrong token for ever."""
    try:
        await _patiently(lambda: client.apps_connections_open(app_token=app_token), contact)
    except SlackApiError as error:
        fix = f"Slack does not take it ({slack_error_code(error)}); make an app-level token with connections:write"
        raise OperatorError("SLACK_APP_TOKEN", fix) from None


async def check_channel(client: AsyncWebClient, channel: str, contact: Contact, named: str = "") -> None:
    """Refuse a team channel that the app is not in; ``named`` is what the settings call it."""
    try:
        found = (await _patiently(lambda: client.conversations_info(channel=channel), contact))["channel"]
    except SlackApiError as error:
        fix = f"Slack says {slack_error_code(error)}; invite the app there: /invite @frontdesk"
        raise OperatorError("SLACK_TEAM_CHANNEL", fix) from None
    judge_channel(found)
    if named and named != channel:
        log.warning(
            "Slack has given the team channel another id; write SLACK_TEAM_CHANNEL=%s",
            channel,
            extra={"event": "moved"},
        )


def judge_channel(found: Mapping[str, Any]) -> None:
    """Refuse a channel that nobody can write to, or not we."""
    if found.get("is_archived"):
        raise OperatorError("SLACK_TEAM_CHANNEL", "this channel is archived; name a living one")
    if not found.get("is_member"):
        raise OperatorError("SLACK_TEAM_CHANNEL", "the app is not in this channel; invite it there: /invite @frontdesk")
