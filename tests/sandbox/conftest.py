from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bot.sandbox.clock import ManualClock
from bot.sandbox.telegram import Group, Person, TelegramSandbox

Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def sandbox(clock: ManualClock) -> AsyncIterator[TelegramSandbox]:
    async with await TelegramSandbox.start(clock=clock) as running:
        yield running


@pytest.fixture(scope="session")
async def wire() -> AsyncIterator[AiohttpSession]:
    """One client session for all: aiogram takes a quarter of a second to close each."""
    session = AiohttpSession()
    yield session
    await session.close()


@pytest.fixture
def bot(sandbox: TelegramSandbox, wire: AiohttpSession) -> Bot:
    wire.api = TelegramAPIServer.from_base(sandbox.url)
    return Bot(sandbox.token, session=wire)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def ask(sandbox: TelegramSandbox, http: aiohttp.ClientSession) -> Ask:
    """Call a method with JSON and return the whole answer."""

    async def call(method: str, **args: Any) -> dict[str, Any]:
        async with http.post(f"{sandbox.url}/bot{sandbox.token}/{method}", json=args) as answer:
            body: dict[str, Any] = await answer.json()
            assert answer.status == body.get("error_code", 200)
            return body

    return call


@pytest.fixture
def ann(sandbox: TelegramSandbox) -> Person:
    """Somebody who has started the bot; the bot has heard of it."""
    person = sandbox.person("Ann", language="uk")
    person.starts()
    return person


@pytest.fixture
def bob(sandbox: TelegramSandbox) -> Person:
    """An agent, the creator of the team's group."""
    return sandbox.person("Bob", username="bob_agent")


@pytest.fixture
def team(sandbox: TelegramSandbox, bob: Person) -> Group:
    """A forum with the bot as admin."""
    return sandbox.group("Team", forum=True, members=[bob])
