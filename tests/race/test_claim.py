"""Eight agents press Claim on one card at the same moment, through two processes: one wins, seven are told who."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import cycle

import pytest
from aiohttp import ClientSession, web
from sqlalchemy import select

from bot.sandbox.telegram import Group, Person, TelegramSandbox
from storage.database import Connection, Database
from storage.lifecycle import Action
from storage.models import entry, ticket
from storage.opening import open_database
from tests.crash.desks import Desk, Zygote
from tests.crash.town import Town

ROUNDS = 100
AGENTS = ("Bob", "Eve", "Ida", "Jan", "Kim", "Leo", "Max", "Zoe")
SECRET = "a-secret-of-the-race"
PATIENCE = 30.0


@dataclass
class Balancer:
    """What stands before several processes: each call goes to the next of them."""

    ports: list[int]
    port: int = 0
    passed: dict[int, int] = field(default_factory=dict)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Balancer"]:
        """Listen until the block ends."""
        runner = web.ServerRunner(web.Server(self._pass_on), shutdown_timeout=0.2)
        self._turn, self.passed = cycle(self.ports), dict.fromkeys(self.ports, 0)
        async with ClientSession() as self._session:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.port = runner.addresses[0][1]
            try:
                yield self
            finally:
                await runner.cleanup()

    async def _pass_on(self, request: web.BaseRequest) -> web.Response:
        port, body = next(self._turn), await request.read()
        self.passed[port] += 1
        async with self._session.post(
            f"http://127.0.0.1:{port}{request.path}", data=body, headers=request.headers
        ) as answer:
            return web.Response(status=answer.status, body=await answer.read())


@dataclass
class Race:
    """A ticket that waits, and eight agents who want it."""

    sandbox: TelegramSandbox
    team: Group
    agents: list[Person]
    database: Database

    async def registered(self) -> None:
        """Let somebody register a request."""
        town = Town(self.sandbox, self.team, self.agents, random.Random(0))
        town.come()
        await town.finish_dialogs()
        await self.sandbox.until(lambda: self.team.find("#1 "), within=PATIENCE)

    async def claimed(self) -> list[str]:
        """Let all press at once; return what each is told, by name."""
        card = self.team.general[0]
        for agent in self.agents:
            agent.presses(data="claim:1", on=card)
        await self.sandbox.until(lambda: not self.sandbox.unanswered, within=PATIENCE)
        return [agent.toasts[-1].text for agent in self.agents]

    async def released(self, winner: Person) -> None:
        """Let the winner put it back."""
        winner.presses(data="release:1", on=self.team.general[0])
        await self.sandbox.until(lambda: not self.sandbox.unanswered, within=PATIENCE)

    async def stands(self) -> tuple[int, int | None, int]:
        """Return the ticket's version, whose it is, and how often it was claimed."""

        def read(connection: Connection) -> tuple[int, int | None, int]:
            version, agent = connection.execute(select(ticket.c.version, ticket.c.agent_id)).one()
            claims = select(entry.c.id).where(entry.c.action == Action.CLAIM)
            return version, agent, len(connection.execute(claims).all())

        return await self.database.run(read)


@pytest.fixture
async def race(postgres_url: str, desks: Zygote) -> AsyncIterator[Race]:
    with free_ports(2) as ports:
        pass
    async with await TelegramSandbox.start() as sandbox, Balancer(ports).open() as balancer:
        agents = [sandbox.person(name) for name in AGENTS]
        team = sandbox.group("Team", forum=True, members=agents)
        common = {
            "DATABASE_URL": postgres_url,
            "TELEGRAM_BOT_TOKEN": sandbox.token,
            "TELEGRAM_API_URL": sandbox.url,
            "TELEGRAM_TEAM_CHAT": str(team.id),
            "TELEGRAM_PER_SECOND": "10000",
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{balancer.port}/telegram",
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "LOG_LEVEL": "warning",
        }
        serving = [await desks.start({**common, "HTTP_PORT": str(port)}) for port in ports]
        await sandbox.until(lambda: len(sandbox.calls_of("setWebhook")) == len(serving), within=PATIENCE)
        database = await open_database(postgres_url)
        yield Race(sandbox, team, agents, database)
        await database.close()
        await stopped(serving)
        assert min(balancer.passed.values()) > ROUNDS


async def stopped(serving: list[Desk]) -> None:
    """Stop processes, and see that they end well."""
    for desk in serving:
        desk.stop()
    assert await asyncio.gather(*(desk.end(12) for desk in serving)) == [0] * len(serving)


@contextmanager
def free_ports(count: int) -> Iterator[list[int]]:
    """Yield ports that nobody listens on."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        yield [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()


async def test_a_claim_has_one_winner_across_processes(race: Race) -> None:
    await race.registered()
    winners = set()
    for number in range(ROUNDS):
        before, _, _ = await race.stands()
        told = await race.claimed()
        version, agent, claims = await race.stands()
        assert (version - before, claims) == (1, number + 1)
        assert agent is not None
        (winner,) = [name for name, words in zip(race.agents, told, strict=True) if words == "#1 is yours."]
        others = [words for words in told if words != "#1 is yours."]
        assert others == [f"{winner.name} already has #1."] * (len(AGENTS) - 1)
        winners.add(winner.name)
        await race.released(winner)
    assert len(winners) > 1
