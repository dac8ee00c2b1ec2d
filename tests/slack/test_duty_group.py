"""A user group follows a rota: its members are whoever is on duty, and admins hear where Slack does not let it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.app import App
from bot.operations.duty_groups import AGAIN, LOOK
from bot.sandbox.slack import Person, Room, SlackSandbox
from handlers.rules import Rules
from handlers.rules.change import put_document
from handlers.rules.document import read_document
from storage.engine.database import Connection
from storage.transaction import Transaction
from tests.clock import HandClock
from tests.slack.conftest import Open

WORD = "usergroups.users.update"


async def ruled(app: App, clock: HandClock, **sections: Any) -> None:
    """Put sections of the rules in force, and let the desk see it."""

    def work(connection: Connection) -> None:
        tx = Transaction(connection)
        newest = tx.rules.newest()
        assert newest is not None
        put_document(tx, {**newest.data, **sections}, app.book.base, act="apply", by=None, at=clock.now())

    await app.database.run(work)
    await app.database.run(lambda connection: app.book.follow(Transaction(connection).rules))


async def lives(app: App, clock: HandClock, predicate: Callable[[], object], step: timedelta = LOOK) -> None:
    """Let time go by step by step until something holds, each once the desk has done what was to be done."""
    async with asyncio.timeout(60):
        while not predicate():
            clock.set(clock.now() + step)
            await asyncio.sleep(0.01)
            await app.at_rest()


@pytest.mark.slow
async def test_its_members_are_whoever_is_on_duty(
    opened: Open, sandbox: SlackSandbox, bob: Person, team: Room, clock: HandClock
):
    eve, ann = sandbox.person("Eve"), sandbox.person("Ann")
    eve.joins(team)
    group = sandbox.opens_group()

    def members() -> list[str]:
        return list(sandbox.group_members(group))

    async with opened(clock, admins=f"slack:{bob.id}") as app:
        for agent in (bob, eve):
            agent.says("!back", at=team)
        await sandbox.settled()
        bob.says("hello")  # his own chat is open, so that the desk can tell him there
        await sandbox.settled()
        rota = {
            "title": {"en": "Billing duty"},
            "group": "billing",
            "people": [f"slack:{bob.id}", f"slack:{eve.id}", f"slack:{ann.id}"],  # Ann is not of the team
            "every": "day",
            "begins": clock.now().date().isoformat(),
            "at": f"{clock.now():%H:%M}",
            "slack_group": group,
        }
        await ruled(app, clock, groups={"billing": {"title": "Billing"}}, rota={"billing": rota})
        await sandbox.until(lambda: members() == [bob.id])
        asked = len(sandbox.calls_of(WORD))
        await lives(app, clock, lambda: members() == [eve.id], 30 * LOOK)
        assert len(sandbox.calls_of(WORD)) == asked + 1  # once for each change, whatever is looked at between
        eve.says("!away", at=team)
        await sandbox.settled()
        sandbox.lets_change_groups(everyone=False)
        await lives(app, clock, lambda: bob.chat.find("permission_denied"))
        assert bob.chat.find("Billing duty")
        sandbox.lets_change_groups(everyone=True)
        await lives(app, clock, lambda: members() == [bob.id], 10 * LOOK)
        refused, taken = sandbox.calls_of(WORD)[-2:]
        assert (refused.error, taken.ok) == ("permission_denied", True)
        assert taken.at - refused.at >= AGAIN
        both = {"calls": rota, "doors": {**rota, "people": [f"slack:{eve.id}", f"slack:{bob.id}"]}}
        eve.says("!back", at=team)
        await sandbox.settled()
        await ruled(app, clock, groups={"billing": {"title": "Billing"}}, rota=both)  # two that share it
        await lives(app, clock, lambda: sorted(members()) == sorted([bob.id, eve.id]))
        asked = len(sandbox.calls_of(WORD))
        later = clock.now() + 5 * LOOK
        await lives(app, clock, lambda: clock.now() >= later)
        assert len(sandbox.calls_of(WORD)) == asked
        eve.says("!away", at=team)
        await sandbox.settled()
        await lives(app, clock, lambda: members() == [bob.id])
        bob.says("!away", at=team)
        await sandbox.settled()
        since = clock.now()
        await lives(app, clock, lambda: clock.now() - since > AGAIN, 10 * LOOK)
        assert members() == [bob.id]  # nobody is there: Slack lets no group be empty
        assert [call.ok for call in sandbox.calls_of(WORD)].count(False) == 1


@pytest.mark.parametrize(
    ("group", "fine"), [("S0604QSJC", True), ("s0604", False), ("@oncall", False), ("C0604QSJC", False), ("S-1", False)]
)
def test_a_group_is_named_by_its_id(group: str, fine: bool):
    rota = {"title": "Duty", "group": "net", "people": ["slack:U1"], "begins": "2026-11-30", "slack_group": group}
    _, problems = read_document({"groups": {"net": {"title": "Net"}}, "rota": {"duty": rota}}, Rules())
    assert [problem.said.key for problem in problems] == ([] if fine else ["rules.wrong.slack_group"])
