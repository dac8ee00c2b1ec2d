"""People of each sort around the team's group: only its members are of the team, whoever else can write or press there."""

import asyncio

import pytest

from bot.app import App
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from storage.transaction import Transaction
from tests.slack.conftest import asked
from tests.stories.harness import said_in
from tests.telegram.conftest import Open


async def team_of(app: App) -> list[str]:
    return await app.database.run(lambda connection: [one.name for one in Transaction(connection).people.team()])


async def heard(sandbox: TelegramSandbox, app: App) -> None:
    """Return when all that was said has had its turn."""
    await sandbox.until(lambda: not sandbox.unconfirmed)
    waiting = "select count(*) from inbox where done_at is null"
    for _ in range(200):
        if not await app.database.run(lambda connection: connection.exec_driver_sql(waiting).scalar()):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the desk does not come to rest")


@pytest.mark.parametrize("way", ["public", "discussion"])
async def test_who_writes_in_an_open_group_without_being_in_it_is_not_of_the_team(
    opened: Open, sandbox: TelegramSandbox, team: Group, bob: Person, way: str
):
    team.opens(username="acme", channel=None) if way == "public" else team.opens(channel=-1009)
    zed = sandbox.person("Zed")
    async with opened() as app:
        zed.says("I write here too", at=team)
        zed.says("/queue", at=team)
        bob.says("and I am of the team", at=team)  # whom Telegram, asked, says to be a member
        await heard(sandbox, app)
        assert await team_of(app) == ["Bob"]


async def test_a_group_that_is_made_public_makes_nobody_of_the_team(
    opened: Open, sandbox: TelegramSandbox, team: Group, bob: Person
):
    """Since when it is open is told by its name with each message: at the start it was closed."""
    zed = sandbox.person("Zed")
    async with opened() as app:
        await sandbox.until(lambda: sandbox.polled)
        team.opens(username="acme", channel=None)
        zed.says("I write here too", at=team)
        zed.says("/queue", at=team)
        bob.says("and I am of the team", at=team)
        await heard(sandbox, app)
        assert await team_of(app) == ["Bob"]


async def test_an_admin_who_hides_and_a_bot_are_nobody(
    opened: Open, sandbox: TelegramSandbox, team: Group, bob: Person
):
    mask, robo = sandbox.person("Mask"), sandbox.person("Robo", bot=True)
    async with opened() as app:
        await sandbox.until(lambda: sandbox.polled)  # only from then on Telegram tells who comes and goes
        mask.becomes("administrator", team, anonymous=True)
        robo.joins(team)
        robo.says("beep", at=team)
        await heard(sandbox, app)
        assert await team_of(app) == ["Mask"]  # Telegram says that they joined, under their name
        mask.says("/queue", at=team)
        await heard(sandbox, app)
        await sandbox.until(lambda: team.find(said_in("en", "anonymous")))
        mask.leaves(team)
        await heard(sandbox, app)
        assert await team_of(app) == []


async def test_who_was_there_before_is_asked_about_once(
    opened: Open, sandbox: TelegramSandbox, team: Group, ann: Person, bob: Person
):
    ann.joins(team)  # before the desk was there
    async with opened() as app:
        bob.says("I am of the team", at=team)
        await heard(sandbox, app)
        said = team.messages[-1].id
        for _ in range(3):
            ann.presses(data="claim:1", on=said, at=team)
            await heard(sandbox, app)
        assert await team_of(app) == ["Ann", "Bob"]
        asked = [call for call in sandbox.calls_of("getChatMember", team) if call.args["user_id"] == ann.id]
        assert len(asked) == 1


@pytest.mark.parametrize("order", [(1, 2, 3), (2, 3, 1), (3, 1, 2)])
@pytest.mark.parametrize("batches", ["together", "apart"])
async def test_the_first_presses_of_an_agent_count_on_every_card(
    opened: Open, sandbox: TelegramSandbox, team: Group, ann: Person, order: tuple[int, ...], batches: str
):
    """Each card has its own lane, and none waits for another: what Telegram said of the agent is known in all of them."""
    ann.joins(team)  # before the desk was there
    async with opened() as app:
        for number in (1, 2, 3):
            await asked(sandbox, sandbox.person(f"Requester {number}"), ticket=number)
        await sandbox.until(lambda: len([seen for seen in team.general if "Claim" in seen.buttons]) == len(order))
        cards = {int(seen.text.split("#")[1].split()[0]): seen.id for seen in team.general if "Claim" in seen.buttons}
        await heard(sandbox, app)
        if batches == "apart":
            for number in order:
                ann.presses(data=f"claim:{number}", on=cards[number], at=team)
                await sandbox.until(lambda: not sandbox.unconfirmed)  # taken, and perhaps not handled yet
            await heard(sandbox, app)
    if batches == "together":
        for number in order:
            ann.presses(data=f"claim:{number}", on=cards[number], at=team)
    async with opened() as app:
        await heard(sandbox, app)
        held = "select person.name from ticket join person on person.id = ticket.agent_id order by ticket.id"
        assert await app.database.run(lambda c: c.exec_driver_sql(held).scalars().all()) == ["Ann"] * 3


async def test_where_telegram_does_not_answer_nobody_becomes_an_agent_and_nobody_is_lost(
    opened: Open, sandbox: TelegramSandbox, team: Group, bob: Person
):
    async with opened() as app:
        bob.says("I am of the team", at=team)
        await heard(sandbox, app)
        fault = sandbox.faults.error(400, "Bad Request: chat not found", method="getChatMember", times=None)
        app.roster.bell.set()
        zed = sandbox.person("Zed")
        zed.presses(data="claim:1", on=team.messages[0].id, at=team)
        await heard(sandbox, app)
        assert await team_of(app) == ["Bob"]
        sandbox.faults.remove(fault)
