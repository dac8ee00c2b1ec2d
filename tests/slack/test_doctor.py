"""The doctor looks at everything an operator may have wrong on Slack, and every failure names its fix."""

from collections.abc import Callable

import pytest

from bot.registry import examine_messengers
from bot.sandbox.slack import Person, Room, SlackSandbox
from bot.settings import Settings

Chosen = Callable[..., Settings]


@pytest.fixture
def team(sandbox: SlackSandbox, bob: Person) -> Room:
    """A channel of the team alone."""
    return sandbox.channel("helpdesk", members=[bob], private=True)


async def told(settings: Settings) -> list[str]:
    return [str(finding) async for finding in examine_messengers(settings)]


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
    assert "✗ SLACK_TEAM_CHANNEL: Slack refuses (channel_not_found); invite the app there: /invite @frontdesk" in lines


async def test_nobody_there(settings: Chosen):
    (line,) = await told(settings(slack_api_url="http://127.0.0.1:9/api/"))
    assert line.startswith("✗ SLACK_API_URL")


async def test_a_public_channel_is_no_place_for_a_team(settings: Chosen, sandbox: SlackSandbox, bob: Person):
    public = sandbox.channel("all-hands", members=[bob])
    lines = await told(settings(slack_team_channel=public.id))
    (line,) = (line for line in lines if line.startswith("✗"))
    assert line.startswith(
        "✗ SLACK_TEAM_CHANNEL: everybody in the workspace can enter and read this channel; make it private"
    )


async def test_a_shared_channel_is_no_place_for_a_team(settings: Chosen, team: Room):
    team.share()
    (line,) = (line for line in await told(settings()) if line.startswith("✗"))
    assert line.startswith("✗ SLACK_TEAM_CHANNEL: this channel is shared with another organisation or workspace; stop")


async def test_outsiders_in_the_team_channel_are_named(settings: Chosen, sandbox: SlackSandbox, team: Room):
    for person in (
        sandbox.person("Gus", guest=True, display="Gus"),
        sandbox.person("Fay", stranger=True, display="Fay"),
        sandbox.person("Robo", bot=True),
        sandbox.person("Eve"),
    ):
        person.joins(team)
    lines = [line for line in await told(settings()) if line.startswith("✗")]
    assert len(lines) == 1
    assert "guests or people of other organisations are in this channel: Gus, Fay;" in lines[0]
