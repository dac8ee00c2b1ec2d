"""The real program before a Telegram on loopback: nothing nearer than the wire is played."""

import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.app import App, build_app
from bot.clock import Clock
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from bot.settings import Settings, load_settings
from handlers.requester import open_question

Open = Callable[..., Any]
SECRET = "s3cret"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a question be answered at once: nobody waits for real seconds to see whether more of it comes."""
    monkeypatch.setattr(open_question, "PAUSE", timedelta(0))


@pytest.fixture
async def sandbox() -> AsyncIterator[TelegramSandbox]:
    async with await TelegramSandbox.start() as running:
        yield running


@pytest.fixture
def ann(sandbox: TelegramSandbox) -> Person:
    return sandbox.person("Ann")


@pytest.fixture
def bob(sandbox: TelegramSandbox) -> Person:
    """An agent, the creator of the team's group."""
    return sandbox.person("Bob", username="bob")


@pytest.fixture
def team(sandbox: TelegramSandbox, bob: Person) -> Group:
    return sandbox.group("Team", forum=True, members=[bob])


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def settings(sandbox: TelegramSandbox, team: Group, sqlite_url: str) -> Callable[..., Settings]:
    """Return the settings of a desk before the sandbox, with some of them chosen."""

    def chosen(**values: Any) -> Settings:
        usual = {
            "telegram_bot_token": sandbox.token,
            "telegram_api_url": sandbox.url,
            "telegram_team_chat": team.id,
            "telegram_per_second": 10_000,
            "database_url": sqlite_url,
        }
        return load_settings(_env_file=None, **(usual | values))

    return chosen


@pytest.fixture
def opened(settings: Callable[..., Settings]) -> Open:
    """Return a way to open a desk that is stopped at the end: ``async with opened(http_port=…) as app``."""

    @asynccontextmanager
    async def open_desk(clock: Clock | None = None, **values: Any) -> AsyncIterator[App]:
        app = await build_app(settings(**values), clock=clock)
        try:
            await app.start()
            await app.introduced()
            yield app
        finally:
            await app.stop()

    return open_desk


@pytest.fixture
def hooked(opened: Open) -> Open:
    """Return a way to open a desk that Telegram calls, instead of being asked."""

    def open_desk(**values: Any) -> Any:
        port = free_port()
        url = f"http://127.0.0.1:{port}/telegram"
        return opened(http_port=port, telegram_webhook_url=url, telegram_webhook_secret=SECRET, **values)

    return open_desk


def free_port() -> int:
    """Return a port nobody listens on."""
    with contextlib.closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
