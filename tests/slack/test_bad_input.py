"""What goes wrong around the desk on Slack: whoever can do something about it reads what, and nothing is lost."""

from typing import Any

import pytest

from bot.sandbox.slack import Person, Room, Seen, SlackSandbox
from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.telegram import TelegramSandbox
from tests.slack.conftest import Open, registered
from tests.slack.test_sending import claimed


async def told(sandbox: SlackSandbox, team: Room, why: str) -> Seen:
    """Return the receipt that says why a reply did not get through."""
    return await sandbox.until(lambda: team.find(f"✗ not delivered: {why}"))


async def test_a_token_revoked_while_it_runs_alarms_the_admins_on_the_other_messenger(
    sandbox: SlackSandbox,
    opened: Open,
    both: dict[str, Any],
    telegram: TelegramSandbox,
    eve: TelegramPerson,
    ann: Person,
    team: Room,
):
    async with opened(**both, admins=f"telegram:{eve.id}") as app:
        eve.starts()
        await telegram.until(lambda: eve.chat.find("front desk"))
        sandbox.faults.error("token_revoked", method="chat.*", times=None)
        ann.says("hello there")
        await telegram.until(lambda: eve.chat.find("Slack"))
        assert "slack" in (await app.problems() or ["slack"])[0]
        eve.says("where is the canteen")
        await telegram.until(lambda: eve.chat.find("I don't have an answer"))
        assert len([seen for seen in eve.chat.messages if "does not accept" in seen.text]) == 1
    async with opened(**both):
        pass
    sandbox.faults.clear()
    async with opened(**both):
        await sandbox.until(lambda: ann.chat.find("Hello, ann!"))


async def test_a_scope_taken_away_while_it_runs_is_told_to_the_agent(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        sandbox.set_scopes(without=["files:write"])
        bob.uploads("fix.pdf", b"%PDF fix", text="!r read this", at=team, thread=card)
        receipt = await told(sandbox, team, "the app lacks a permission (missing_scope)")
        sandbox.set_scopes()
        bob.presses("Retry", at=receipt)
        await sandbox.until(lambda: [file for seen in ann.chat.messages for file in seen.files])
        assert len([text for text in ann.chat.texts if "read this" in text]) == 1


@pytest.mark.parametrize("how", ["thrown out", "archived"])
async def test_outside_the_team_channel_the_admins_are_alarmed_and_the_rest_is_said_once_it_is_back(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, how: str
):
    sandbox.set_scopes(without=["chat:write.public"])  # with it, an app may write where it is not
    sandbox.set_scopes(without=["chat:write.public"])  # with it, an app may write where it is not
    async with opened(admins=f"slack:{bob.id}"):
        bob.says("hello")
        await sandbox.until(lambda: bob.chat.texts)
        team.kick_bot() if how == "thrown out" else team.archive()
        await sandbox.until(lambda: bob.chat.find("taken out of the team's group"))
        ann.shortcut("new_request")
        await sandbox.until(lambda: ann.modal)
        ann.fills({"type": "Something else"})
        await sandbox.until(lambda: ann.modal and "other.details" in ann.modal.fields)
        ann.fills({"other.details": "is anybody there"})
        ann.submits()
        await sandbox.until(lambda: ann.chat.find("#1 is registered"))
        await sandbox.until(lambda: any(call.error for call in sandbox.calls_of("chat.postMessage")))
        team.invite_bot() if how == "thrown out" else team.archive(on=False)
        await sandbox.until(lambda: team.find("is anybody there"))


async def test_a_requester_whose_account_is_no_more(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        sandbox.faults.error("user_disabled", method="chat.postMessage", channel=ann.chat)
        bob.says("!r are you there?", at=team, thread=card)
        await told(sandbox, team, "the requester's account is no more")


async def test_a_message_that_slack_finds_too_long(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        sandbox.faults.error("msg_blocks_too_long", method="chat.postMessage", channel=ann.chat)
        bob.says("!r " + "word " * 2000, at=team, thread=card)
        receipt = await told(sandbox, team, "the message is too long for the messenger")
        bob.presses("Retry", at=receipt)
        await sandbox.until(lambda: ann.chat.find("word"))


async def test_a_requester_who_writes_forty_thousand_characters_is_heard_to_the_end(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        await claimed(sandbox, ann, bob, team)
        ann.says("word " * 7998 + "THE END")
        await sandbox.until(lambda: team.find("THE END"))


async def test_a_hundred_buttons_under_one_message_arrive_in_messages_that_slack_takes(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    """The pure test of rendering shows that no message has 51 blocks; here Slack judges a team of sixty to choose from."""
    agents = [sandbox.person(f"Agent {number}") for number in range(60)]
    async with opened():
        card = await registered(sandbox, ann, team)
        for agent in agents:
            agent.joins(team)
        await sandbox.settled()
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: ann.chat.find("is on your request"))
        bob.chooses("Assign", at=sandbox.message(team.id, card.ts))
        await sandbox.until(lambda: "‹ Back" in [b for seen in team.outside for b in seen.buttons])
        assert all(len(call.args["blocks"]) <= 50 for call in sandbox.calls if call.args.get("blocks"))
