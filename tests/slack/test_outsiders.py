"""People of each sort in the team's channel: who is no full member of the workspace is never of the team, whatever they do."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.app import App
from bot.sandbox.slack import Person, Room, SlackSandbox
from storage.transaction import Transaction
from tests.clock import HandClock
from tests.slack.conftest import Open, registered
from tests.slack.test_door import stored
from tests.slack.test_line import slept, steady

SORTS: dict[str, Callable[[SlackSandbox], Person]] = {
    "another app's bot": lambda slack: slack.person("Robo", bot=True),
    "Slackbot": lambda slack: slack.slackbot,
    "a guest": lambda slack: slack.person("Gus", guest=True),
    "somebody of another organisation": lambda slack: slack.person("Fay", stranger=True),
}


async def team_of(app: App) -> list[str]:
    return await app.database.run(lambda connection: [one.name for one in Transaction(connection).people.team()])


async def becomes(app: App, team: set[str]) -> None:
    """Return when these are the team."""
    for _ in range(50):
        if set(await team_of(app)) == team:
            return
        await asyncio.sleep(0.1)
    assert set(await team_of(app)) == team


async def known(app: App) -> int:
    count = "select count(*) from account"
    return int(await app.database.run(lambda connection: connection.exec_driver_sql(count).scalar() or 0))


async def agent_of(app: App, number: int) -> int | None:
    return await app.database.run(lambda connection: Transaction(connection).tickets.get(number).agent_id)


@pytest.mark.parametrize("sort", SORTS)
async def test_whatever_an_outsider_does_they_are_not_of_the_team(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, sort: str
):
    async with opened() as app:
        card = await registered(sandbox, ann, team)
        bob.says("I am of the team", at=team)
        them = SORTS[sort](sandbox)
        them.joins(team)
        words = them.says("hello there", at=team)
        them.says("!claim 1", at=team)
        them.says("!r Your money is ours", at=team, thread=card)
        them.edits(words, "hello here")
        them.reacts("eyes", card)
        if sort in ("a guest", "somebody of another organisation"):  # nobody else has hands
            them.presses("Claim", at=card)
            them.chooses("Assign", at=card)
            them.runs("/desk claim 1", at=team)
        await sandbox.settled(within=10)
        await becomes(app, {"bob"})
        assert await agent_of(app, 1) is None
        assert not ann.chat.find("Your money is ours")
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: ann.chat.find("is on your request"))


@pytest.mark.parametrize("sort", ["another app's bot", "Slackbot"])
async def test_a_bot_is_nobody_in_private_either(opened: Open, sandbox: SlackSandbox, ann: Person, sort: str):
    async with opened() as app:
        them = SORTS[sort](sandbox)
        them.says("do you hear me?")
        them.opens_home()
        ann.says("hello")
        await sandbox.until(lambda: ann.chat.texts)
        assert not them.chat.texts
        assert await known(app) == 1


async def test_a_person_posting_through_an_app_is_a_person(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened() as app:
        card = await registered(sandbox, ann, team)
        bob.says("!claim 1", at=team, thread=card, app="B0SOMEAPP01")
        await sandbox.until(lambda: ann.chat.find("is on your request"))
        assert await team_of(app) == ["bob"]
        ann.says("how are you", app="B0SOMEAPP01")
        await sandbox.until(lambda: "how are you" in "".join(seen.text for seen in team.messages))


async def test_what_is_meant_for_another_workspace_is_left_aside(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened() as app:
        card = await registered(sandbox, ann, team)
        heard = len(await stored(app))
        ann.says("here")
        bob.presses("Claim", at=card)
        bob.runs("/desk release 1", at=team)
        await sandbox.until(lambda: ann.chat.find("is on your request"))
        await sandbox.settled()
        said = await stored(app)
        for delivery in list(sandbox.deliveries):
            if delivery.name in ("message", "block_actions", "/desk"):
                sandbox.misdirect(delivery)
        await sandbox.settled(within=10)
        assert len(said) > heard
        assert await stored(app) == said


@pytest.mark.parametrize("live", [True, False], ids=["live", "read back"])
async def test_only_words_are_words(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, clock: HandClock, live: bool
):
    eve, dan = sandbox.person("Eve"), sandbox.person("Dan")
    eve.joins(team)

    def slack_speaks() -> None:
        for subtype in (
            "channel_topic",
            "channel_purpose",
            "reminder_add",
            "huddle_thread",
            "sh_room_created",
            "pinned_item",
        ):
            team.notices(subtype, f"a line of Slack's: {subtype}", dan.id)
        root = eve.says("a word to be deleted", at=team)
        bob.says("a reply to it", at=team, thread=root)
        eve.deletes(root)  # a stone stays in its place, in Slackbot's name
        sandbox.slackbot.joins(team)
        sandbox.slackbot.says("Reminder: water the plants", at=team)
        eve.leaves(team)

    async with opened(clock) as app:
        await registered(sandbox, ann, team)
        bob.says("I am of the team", at=team)
        eve.says("I am too", at=team)
        await sandbox.settled()
        await steady(app)
        if live:
            slack_speaks()
            await sandbox.settled(within=10)
            await becomes(app, {"bob"})
            assert await known(app) == 3
    if live:
        return
    slack_speaks()
    await slept(sandbox, clock)
    async with opened(clock) as app:
        bob.says("are you back?", at=team)
        await sandbox.until(lambda: len(sandbox.calls_of("conversations.history")) > 1, within=10)
        clock.set(clock.now() + timedelta(seconds=10))
        await sandbox.settled(within=10)
        await asyncio.sleep(0.5)
        assert set(await team_of(app)) == {"bob"}
        assert await known(app) == 3


async def test_an_agent_who_becomes_a_guest_is_none_at_the_next_look(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened() as app:
        await registered(sandbox, ann, team)
        bob.says("I am of the team", at=team)
        await becomes(app, {"bob"})
        bob.becomes_guest()
        app.roster.bell.set()
        await becomes(app, set())
