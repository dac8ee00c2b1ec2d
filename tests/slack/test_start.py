"""What an operator has wrong on Slack is told in one line at the start, with its fix; what is not their fault is waited for."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bot.app import build_app
from bot.sandbox.slack import Person, Room, SlackSandbox
from bot.settings import Settings
from tests.starting import refused

Chosen = Callable[..., Settings]


async def test_a_revoked_token(settings: Chosen, sandbox: SlackSandbox):
    sandbox.revoke_token()
    assert await refused(settings()) == (
        "SLACK_BOT_TOKEN: Slack does not take it (token_revoked); copy it anew from the app's page"
    )


async def test_a_refused_start_lets_go_of_the_database(settings: Chosen):
    wrong = settings(slack_bot_token="xoxb-wrong")
    assert await refused(wrong) == await refused(wrong), "else the second start finds the first one still serving"


async def test_a_wrong_token(settings: Chosen):
    assert (await refused(settings(slack_bot_token="xoxb-wrong"))).startswith("SLACK_BOT_TOKEN: Slack does not take it")


async def test_a_wrong_app_token(settings: Chosen):
    assert "connections:write" in await refused(settings(slack_app_token="xapp-wrong"))


async def test_a_missing_scope(settings: Chosen, sandbox: SlackSandbox):
    sandbox.set_scopes(without=["reactions:read", "files:write"])
    assert await refused(settings()) == (
        "SLACK_BOT_TOKEN: the app lacks scopes: files:write, reactions:read; "
        "add them from docs/slack-manifest.yaml and reinstall it"
    )


async def test_a_team_channel_the_app_is_not_in(settings: Chosen, team: Room):
    team.kick_bot()
    assert "invite it there: /invite @frontdesk" in await refused(settings())


async def test_a_private_team_channel_the_app_is_not_in(settings: Chosen, sandbox: SlackSandbox, bob: Person):
    room = sandbox.channel("secret", members=[bob], private=True, with_bot=False)
    assert "/invite @frontdesk" in await refused(settings(slack_team_channel=room.id))


async def test_an_archived_team_channel(settings: Chosen, team: Room):
    team.archive()
    assert await refused(settings()) == "SLACK_TEAM_CHANNEL: this channel is archived; name a living one"


async def test_the_program_exits_2_with_that_one_line(
    settings: Chosen, sandbox: SlackSandbox, tmp_path: Path, monkeypatch
):
    sandbox.revoke_token()
    monkeypatch.chdir(tmp_path)
    for name, value in (
        ("SLACK_BOT_TOKEN", sandbox.token),
        ("SLACK_APP_TOKEN", sandbox.app_token),
        ("SLACK_API_URL", sandbox.api_url),
        ("SLACK_TEAM_CHANNEL", "C0SB0000001"),
        ("DATABASE_URL", settings().database_url),
    ):
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "bot", "run"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    told = done.stderr.splitlines()[-1]
    assert told == "SLACK_BOT_TOKEN: Slack does not take it (token_revoked); copy it anew from the app's page"
    assert "Traceback" not in done.stderr
    assert "the desk is open" not in done.stderr


async def test_slack_out_of_reach_is_waited_for(settings: Chosen, sandbox: SlackSandbox, ann: Person):
    for method in ("auth.test", "apps.connections.open", "conversations.info"):
        sandbox.faults.html(method=method)
    app = await build_app(settings())
    try:
        await app.start()
        ann.says("hello there")
        await sandbox.until(lambda: ann.chat.texts)
    finally:
        await app.stop()
