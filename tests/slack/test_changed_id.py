"""Slack may give the team channel another id, as when it begins to be shared: the desk goes on in it."""

from collections.abc import Callable

import pytest

from bot.sandbox.slack import Person, Room, SlackSandbox
from bot.settings import Settings
from tests.slack.conftest import Open, registered
from tests.slack.test_silent_start import SOON


@pytest.mark.parametrize("way", ["socket", "http"])
async def test_it_is_followed_while_the_desk_runs_and_by_the_next_start(
    opened: Open, hooked: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, caplog, way: str
):
    kim = sandbox.person("Kim")
    opening = opened if way == "socket" else hooked
    named = team.id
    async with opening(slack_team_channel=named):
        await registered(sandbox, ann, team)
        cards = len(team.outside)
        assert team.change_id() == named
        await sandbox.until(lambda: len(team.outside) > cards, within=SOON)  # the card, where it can be kept up to date
        bob.presses("Claim", at=team.outside[-1])
        await sandbox.until(lambda: ann.chat.find("is on your request"), within=SOON)
        bob.says("!r it is being looked at", at=team, thread=team.outside[-1])
        await sandbox.until(lambda: ann.chat.find("it is being looked at"), within=SOON)
    async with opening(slack_team_channel=named):  # the settings still say the old one
        await registered(sandbox, kim, team, "The other card was charged, too")
        bob.presses("Claim", at=team.outside[-1])
        await sandbox.until(lambda: kim.chat.find("is on your request"), within=SOON)
    assert any(f"write SLACK_TEAM_CHANNEL={team.id}" in record.getMessage() for record in caplog.records)
    assert not sandbox.violations


async def test_another_channel_that_changes_its_id_changes_nothing(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, settings: Callable[..., Settings]
):
    other = sandbox.channel("general", members=[bob])
    async with opened():
        other.change_id()
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: ann.chat.find("is on your request"))
        assert len([seen for seen in team.outside if "#1 " in seen.text]) == 1
