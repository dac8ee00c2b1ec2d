"""Targets that run out while two desks serve one database: whichever is quicker, each is told of once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.app import App, build_app
from bot.operations.seed import example_rules
from bot.sandbox.telegram import TelegramSandbox
from bot.settings import load_settings
from handlers.rules import Rules
from handlers.rules.change import put_document
from handlers.rules.sla import Target
from storage.engine.opening import open_database
from storage.models import timer
from storage.transaction import Transaction
from tests.crash.desks import Zygote
from tests.race.racers import PATIENCE
from tests.race.test_claim import stopped
from tests.storage.rows import at, known
from tests.stories.harness import QUEUE, Desk, House, Somebody
from tests.stories.harness.given import asked

MANY = 20
TARGETS = {"standard": {"first_response": "1h"}}
SAID = ("⏳", "🚨")


def told(texts: Iterable[str], marks: Iterable[str] = SAID) -> Counter[tuple[str, str]]:
    """Count how often each ticket was warned of or alarmed at."""
    words = [line.split() for text in texts for line in text.splitlines()]
    return Counter((line[0], line[1]) for line in words if len(line) > 1 and line[0] in marks and line[1][0] == "#")


class Twins(Desk):
    """Two desks in one process, with one clock, on one database."""

    second: App

    async def starts(self) -> None:
        """Start both."""
        await super().starts()
        chosen = {**self.stage.settings, **self.house.settings}
        self.second = await build_app(load_settings(_env_file=None, database_url=self._url, **chosen), clock=self.clock)
        self.stage.joined_by(self.second)
        await self.second.start()
        await self.second.introduced()

    async def stops(self) -> None:
        """Stop both."""
        await self.second.stop()
        await super().stops()

    async def _at_rest(self) -> None:
        """Return when both are: what the one wrote down may have woken the other."""
        for _ in range(2):
            await super()._at_rest()
            await self.second.at_rest()


@pytest.fixture
async def twins(postgres_url: str) -> AsyncIterator[Twins]:
    twins = await Twins.open("telegram", postgres_url, House())
    assert isinstance(twins, Twins)
    yield twins
    await twins.leaves()


async def test_two_desks_with_one_clock_tell_of_each_once(twins: Twins):
    await twins.records(lambda tx: rules(tx, twins.clock.now()))
    bob = twins.agent("Bob")
    for number in range(1, 7):
        await asked(twins.requester(f"Ann{number}"), ticket=number)
    await twins.passes(minutes=50)
    assert told(texts(bob)) == Counter({("⏳", f"#{number}"): 1 for number in range(1, 7)})
    await twins.passes(hours=2)
    assert told(texts(bob), "🚨") == Counter({("🚨", f"#{number}"): 1 for number in range(1, 7)})
    assert len(told(texts(bob))) == 12


async def test_two_desks_with_one_clock_make_what_recurs_once(twins: Twins):
    bob = twins.agent("Bob")
    await bob.says("/every day 10:00 look at the logs", at=QUEUE)
    await bob.presses("Start", at=QUEUE)
    await twins.records(lambda tx: tx.recurrences.change(1, again="make"))  # that one is still open stops nobody
    await twins.passes(days=5)

    def made(tx: Transaction) -> list[datetime]:
        return [one.created_at for number in range(1, 20) if (one := tx.tickets.find(number))]

    days = await twins.records(made)
    assert len(days) == len({day.date() for day in days}) == 5
    await bob.catches_up(at=QUEUE)


def texts(bob: Somebody) -> list[str]:
    """Return what stands in the team's chat."""
    return [line.text for line in bob.desk.stage.lines(bob.native, QUEUE)]


def rules(tx: Transaction, now: datetime) -> None:
    """Put targets in force."""
    put_document(tx, {**example_rules(), "sla": TARGETS}, Rules(), act="apply", by=None, at=now)


async def test_two_processes_that_find_timers_due_tell_of_each_once(postgres_url: str, desks: Zygote):
    """They were set by a desk that is gone; both begin with all of them due."""
    database = await open_database(postgres_url)
    async with await TelegramSandbox.start() as sandbox:
        bob = sandbox.person("Bob")
        team = sandbox.group("Team", forum=True, members=[bob])
        common = {
            "DATABASE_URL": postgres_url,
            "TELEGRAM_BOT_TOKEN": sandbox.token,
            "TELEGRAM_API_URL": sandbox.url,
            "TELEGRAM_TEAM_CHAT": str(team.id),
            "TELEGRAM_PER_SECOND": "10000",
            "HTTP_PORT": "0",
        }
        first = await desks.start(common)
        bob.says("/queue", at=team)
        await sandbox.until(lambda: len(team.general) > 1, within=PATIENCE)
        await stopped([first])  # it has found the team's place, where all alarms go
        due = desks.clock.now() - timedelta(seconds=1)  # what is later than a quarter of an hour waits for the calendar
        await database.run(lambda connection: overdue(Transaction(connection), due))
        serving = await asyncio.gather(*(desks.start(common) for _ in range(2)))

        def alarmed() -> Counter[tuple[str, str]]:
            return told((seen.text for seen in team.general), "🚨")

        await sandbox.until(lambda: len(alarmed()) == MANY, within=PATIENCE)
        await stopped(serving)
        assert alarmed() == Counter({("🚨", f"#{number}"): 1 for number in range(1, MANY + 1)})
    theirs = select(timer.c.id).where(
        timer.c.fired_at.is_(None), timer.c.ticket_id.is_not(None)
    )  # reports come by themselves
    unfired = await database.run(lambda c: c.execute(theirs).all())
    await database.close()
    assert unfired == []


def overdue(tx: Transaction, due: datetime) -> None:
    """Leave requests behind whose first answer is overdue, and their timers."""
    rules(tx, due)
    ann, nothing = known(tx, "Ann"), {"name": "request", "title": {"en": "New request"}, "fields": []}
    form = tx.requests.form_id("request", "0", nothing, due)
    for _ in range(MANY):
        ticket = tx.tickets.change(at(tx, ann), at=due, form_id=form, first_response_due=due)
        facts: dict[str, Any] = {"due": due.isoformat()}
        tx.timers.schedule(Target.FIRST_RESPONSE, due, ticket=ticket.id, facts=facts)
