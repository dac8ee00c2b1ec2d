"""What `frontdesk doctor` asks Slack: the tokens, each scope, the team channel."""

from collections.abc import AsyncIterator

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import OperatorError
from bot.messengers.protocol import Unreachable, Wait
from bot.monitoring.finding import Finding
from bot.settings import Settings
from bot.slack.acquaintances import is_outsider, slack_sender
from bot.slack.client import Client
from bot.slack.errors import OURS, slack_error_code, translate_slack_error
from bot.slack.events import SLACKBOT
from bot.slack.members import channel_member_ids
from bot.slack.start import OPTIONAL, REINSTALL, SCOPES, granted_scopes, judge_channel

PATIENCE = 10  # seconds
NAMED = 5  # people in one finding


async def examine_slack(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what Slack says of the bot token, its scopes, the way in and the team channel."""
    assert settings.slack_bot_token is not None
    token = settings.slack_bot_token.get_secret_value()
    client = Client(token, settings.slack_api_url, within=PATIENCE)
    try:
        answer = await client.auth_test()
        yield Finding("Slack token", f"it is @{answer.get('user')}'s in {answer.get('team')}")
        for scope in sorted(SCOPES - granted_scopes(answer)):
            yield Finding("Slack scope", f"{scope} is not granted", REINSTALL)
        if granted_scopes(answer) >= SCOPES:
            without = "; ".join(
                f"without {scope}: {done}" for scope, done in OPTIONAL.items() if scope not in granted_scopes(answer)
            )
            yield Finding("Slack scopes", f"all that is needed{'; ' * bool(without)}{without}")
        yield await _way_in(client, settings)
        if settings.slack_team_channel:
            async for finding in _channel(client, settings.slack_team_channel, str(answer["team_id"])):
                yield finding
    except SlackApiError as error:
        yield _refused("SLACK_BOT_TOKEN", "Slack does not take it", error, "copy it anew from the app's page")
    except (*OURS, ValueError) as error:
        said = f"{settings.slack_api_url} does not answer as Slack does ({type(error).__name__})"
        yield Finding("SLACK_API_URL", said, "check the address, the network and its proxy")


def _refused(name: str, said: str, error: SlackApiError, fix: str) -> Finding:
    """Return what a refusal says: of a setting, or of Slack itself, which will say something else soon."""
    if isinstance(translate_slack_error(error), Wait | Unreachable):
        return Finding("Slack", f"it cannot answer now ({slack_error_code(error)})", "try again in a minute")
    return Finding(name, f"{said} ({slack_error_code(error)})", fix)


async def _way_in(client: AsyncWebClient, settings: Settings) -> Finding:
    if settings.slack_app_token is None:
        return Finding("Slack way in", "HTTP: Slack calls /slack/events")
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as error:
        fix = "make an app-level token with connections:write"
        return _refused("SLACK_APP_TOKEN", "Slack does not take it", error, fix)
    return Finding("Slack way in", "Socket Mode")


async def _channel(client: AsyncWebClient, channel: str, team: str) -> AsyncIterator[Finding]:
    try:
        found = (await client.conversations_info(channel=channel))["channel"]
        judge_channel(found)
        outside = [name async for name in _outsiders(client, channel, team)]
    except SlackApiError as error:
        yield _refused("SLACK_TEAM_CHANNEL", "Slack refuses", error, "invite the app there: /invite @frontdesk")
        return
    except OperatorError as error:
        said, _, fix = error.fix.partition("; ")
        yield Finding("SLACK_TEAM_CHANNEL", said, fix)
        return
    yield Finding("Slack team channel", f"#{found.get('name')}, the app is in it")
    if not found.get("is_private"):
        fix = "make it private, in the channel's settings: who is in it is an agent and reads every request"
        yield Finding("SLACK_TEAM_CHANNEL", "everybody in the workspace can enter and read this channel", fix)
    if found.get("is_ext_shared") or found.get("is_org_shared") or found.get("is_shared"):
        fix = "stop sharing it, or name a channel of the team alone"
        yield Finding("SLACK_TEAM_CHANNEL", "this channel is shared with another organisation or workspace", fix)
    if outside:
        said = f"guests or people of other organisations are in this channel: {', '.join(outside[:NAMED])}"
        yield Finding("SLACK_TEAM_CHANNEL", said, "take them out of it: they read every request, and can answer none")


async def _outsiders(client: AsyncWebClient, channel: str, team: str) -> AsyncIterator[str]:
    """Yield the names of people in a channel who are no full members of the workspace; bots are not meant."""
    async for user in channel_member_ids(client, channel):
        found = (await client.users_info(user=user))["user"]
        if not found.get("is_bot") and user != SLACKBOT and is_outsider(found, team):
            yield slack_sender(found, team).name
