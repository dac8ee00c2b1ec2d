"""The doctor looks at everything an operator may have wrong on Slack, and every failure names its fix."""

from collections.abc import Callable

from bot.doctor import messengers
from bot.sandbox.slack import Room, SlackSandbox
from bot.settings import Settings

Chosen = Callable[..., Settings]


async def told(settings: Settings) -> list[str]:
    return [str(finding) async for finding in messengers(settings)]


async def test_all_is_well(settings: Chosen):
    lines = await told(settings())
    assert [line.partition(":")[0] for line in lines] == [
        "✓ Slack token",
        "✓ Slack scopes",
        "✓ Slack way in",
        "✓ Slack team channel",
    ]


async def test_each_missing_scope_is_named(settings: Chosen, sandbox: SlackSandbox):
    sandbox.set_scopes(without=["reactions:read", "files:write"])
    lines = await told(settings())
    fix = "add them from docs/slack-manifest.yaml and reinstall it"
    assert f"✗ Slack scope: files:write is not granted; {fix}" in lines
    assert f"✗ Slack scope: reactions:read is not granted; {fix}" in lines


async def test_a_revoked_token(settings: Chosen, sandbox: SlackSandbox):
    sandbox.revoke_token()
    assert await told(settings()) == [
        "✗ SLACK_BOT_TOKEN: Slack does not take it (token_revoked); copy it anew from the app's page"
    ]


async def test_a_wrong_app_token_and_a_channel_the_app_is_not_in(settings: Chosen, team: Room):
    team.kick_bot()
    lines = await told(settings(slack_app_token="xapp-wrong"))
    assert any(line.startswith("✗ SLACK_APP_TOKEN") and "connections:write" in line for line in lines)
    assert "✗ SLACK_TEAM_CHANNEL: the app is not in this channel; invite it there: /invite @frontdesk" in lines


async def test_nobody_there(settings: Chosen):
    (line,) = await told(settings(slack_api_url="http://127.0.0.1:9/api/"))
    assert line.startswith("✗ SLACK_API_URL")
