"""Eight agents press Claim on one ticket at the same moment, through two processes: one wins, seven are told who."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import pytest
from aiohttp import ClientSession
from sqlalchemy import select

from bot.intake.activity import SPINS
from storage.engine.database import Connection, Database
from storage.engine.opening import open_database
from storage.lifecycle import Action
from storage.models import entry, person, ticket
from tests.crash.desks import Desk, Zygote
from tests.crash.on_slack import SlackSide
from tests.crash.on_telegram import TelegramSide
from tests.crash.town import Living, Town
from tests.lengths import FULL
from tests.race.balancer import Balancer, free_ports
from tests.race.racers import PATIENCE, YOURS, Racer, all_told, offered, racers

ROUNDS = 100 if FULL else 10
AGENTS = ("Bob", "Eve", "Ida", "Jan", "Kim", "Leo", "Max", "Zoe")
SECRET = "a-secret-of-the-race"


@dataclass
class Race:
    """A ticket that waits, and those who want it."""

    town: Town
    database: Database
    balancer: Balancer
    racers: list[Racer] = field(init=False)

    def __post_init__(self) -> None:
        self.racers = racers(self.town.sides)

    async def registered(self) -> None:
        """Let somebody register a request."""
        self.town.come()
        await self.town.finish_dialogs()
        await offered(self.town.sides)

    async def claimed(self) -> dict[str, str]:
        """Let all press at once, in any order; return what each is told, by name."""
        self.town.random.shuffle(self.racers)
        known = [len(racer.told) for racer in self.racers]
        for racer in self.racers:
            racer.claims()
        told = await all_told(self.racers, known)
        return {racer.name: words for racer, words in zip(self.racers, told, strict=True)}

    async def released(self, name: str) -> None:
        """Let the winner put it back."""
        winner = next(racer for racer in self.racers if racer.name == name)
        known = len(winner.told)
        await winner.releases()
        await all_told([winner], [known])
        await offered(self.town.sides)

    async def stands(self) -> tuple[int, str | None, int]:
        """Return the ticket's version, whose it is (in small letters), and how often it was claimed."""

        def read(connection: Connection) -> tuple[int, str | None, int]:
            whose = ticket.outerjoin(person, person.c.id == ticket.c.agent_id)
            version, name = connection.execute(select(ticket.c.version, person.c.name).select_from(whose)).one()
            agent = name.lower() if name is not None else None
            claims = select(entry.c.id).where(entry.c.action == Action.CLAIM)
            return version, agent, len(connection.execute(claims).all())

        return await self.database.run(read)

    async def shared(self) -> list[int]:
        """Return how many events each process has handled."""
        found: list[int] = []
        async with ClientSession() as session:
            for port in self.balancer.ports:
                async with session.get(f"http://127.0.0.1:{port}/metrics") as page:
                    turns = re.findall(r"^frontdesk_turns_total.* (\d+)", await page.text(), re.MULTILINE)
                    found.append(sum(map(int, turns)))
        return found


@pytest.fixture
async def race(postgres_url: str, desks: Zygote, living: str) -> AsyncIterator[Race]:
    with free_ports(2) as ports:
        pass
    standing = Town.stands(Living(living), 0, desks.clock, AGENTS)
    async with standing as town, Balancer(ports).open() as balancer, opened(postgres_url) as database:
        for side in town.sides:
            side.at_peace()
        common = {**town.settings, "DATABASE_URL": postgres_url, **called(town, balancer)}
        serving = [await desks.start({**common, "HTTP_PORT": str(port)}) for port in ports]
        await listening(town, len(serving))
        yield Race(town, database, balancer)
        await stopped(serving)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = await open_database(url)
    yield database
    await database.close()


def called(town: Town, balancer: Balancer) -> Mapping[str, str]:
    """Return the settings that let Telegram call, where it is served."""
    if not any(isinstance(side, TelegramSide) for side in town.sides):
        return {}
    url = f"http://127.0.0.1:{balancer.port}/telegram"
    return {"TELEGRAM_WEBHOOK_URL": url, "TELEGRAM_WEBHOOK_SECRET": SECRET}


async def listening(town: Town, processes: int) -> None:
    """Return when so many processes can be called, and one holds the line to Slack."""
    for side in town.sides:
        if isinstance(side, TelegramSide):
            await side.sandbox.until(partial(_called, side, processes), within=PATIENCE)
        elif isinstance(side, SlackSide):
            await side.sandbox.until(partial(_introduced, side, processes), within=PATIENCE)


def _called(side: TelegramSide, processes: int) -> bool:
    return len(side.sandbox.calls_of("setWebhook")) == processes


def _introduced(side: SlackSide, processes: int) -> bool:
    return side.introduced == processes and side.sandbox.sockets.count == 1


async def stopped(serving: Sequence[Desk]) -> None:
    """Stop processes, and see that they end well."""
    for desk in serving:
        desk.stop()
    assert await asyncio.gather(*(desk.end(12) for desk in serving)) == [0] * len(serving)


@pytest.mark.parametrize("living", ["telegram", pytest.param("slack", marks=pytest.mark.full), "crossed"])
async def test_a_claim_has_one_winner_across_processes(race: Race, living: str) -> None:
    await race.registered()
    winners: set[str] = set()
    for number in range(ROUNDS):
        before, _, _ = await race.stands()
        began = time.monotonic()
        told = await race.claimed()
        # On a machine that is busy with other things a button stops spinning, without a word, before its turn has come.
        quiet = {""} if time.monotonic() - began > SPINS else set()
        version, winner, claims = await race.stands()
        assert (version - before, claims) == (1, number + 1)
        assert winner is not None
        assert told.pop(winner) in {YOURS, *quiet}
        assert set(told.values()) <= {f"{winner} already has #1.", *quiet}
        assert len(told) == len(AGENTS) - 1
        winners.add(winner)
        await race.released(winner)
    assert len(winners) > 1
    assert min(await race.shared()) > ROUNDS
