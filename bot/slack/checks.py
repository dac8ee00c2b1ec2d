"""What `frontdesk doctor` asks Slack: the tokens, each scope, the team channel."""

from collections.abc import AsyncIterator

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import OperatorError
from bot.finding import Finding
from bot.messenger import Unreachable, Wait
from bot.settings import Settings
from bot.slack.client import Client
from bot.slack.errors import OURS, code, translated
from bot.slack.start import REINSTALL, SCOPES, granted, judge_channel

PATIENCE = 10  # seconds


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what Slack says of the bot token, its scopes, the way in and the team channel."""
    assert settings.slack_bot_token is not None
    token = settings.slack_bot_token.get_secret_value()
    client = Client(token, settings.slack_api_url, within=PATIENCE)
    try:
        answer = await client.auth_test()
        yield Finding("Slack token", f"it is @{answer.get('user')}'s in {answer.get('team')}")
        for scope in sorted(SCOPES - granted(answer)):
            yield Finding("Slack scope", f"{scope} is not granted", REINSTALL)
        if granted(answer) >= SCOPES:
            yield Finding("Slack scopes", "all that is needed")
        yield await _way_in(client, settings)
        if settings.slack_team_channel:
            yield await _channel(client, settings.slack_team_channel)
    except SlackApiError as error:
        yield _refused("SLACK_BOT_TOKEN", "Slack does not take it", error, "copy it anew from the app's page")
    except (*OURS, ValueError) as error:
        said = f"{settings.slack_api_url} does not answer as Slack does ({type(error).__name__})"
        yield Finding("SLACK_API_URL", said, "check the address, the network and its proxy")


def _refused(name: str, said: str, error: SlackApiError, fix: str) -> Finding:
    """Return what a refusal says: of a setting, or of Slack itself, which will say something else soon."""
    if isinstance(translated(error), Wait | Unreachable):
        return Finding("Slack", f"it cannot answer now ({code(error)})", "try again in a minute")
    return Finding(name, f"{said} ({code(error)})", fix)


async def _way_in(client: AsyncWebClient, settings: Settings) -> Finding:
    if settings.slack_app_token is None:
        return Finding("Slack way in", "HTTP: Slack calls /slack/events")
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as error:
        fix = "make an app-level token with connections:write"
        return _refused("SLACK_APP_TOKEN", "Slack does not take it", error, fix)
    return Finding("Slack way in", "Socket Mode")


async def _channel(client: AsyncWebClient, channel: str) -> Finding:
    try:
        found = (await client.conversations_info(channel=channel))["channel"]
        judge_channel(found)
    except SlackApiError as error:
        return _refused("SLACK_TEAM_CHANNEL", "Slack refuses", error, "invite the app there: /invite @frontdesk")
    except OperatorError as error:
        said, _, fix = error.fix.partition("; ")
        return Finding("SLACK_TEAM_CHANNEL", said, fix)
    return Finding("Slack team channel", f"#{found.get('name')}, the app is in it")
