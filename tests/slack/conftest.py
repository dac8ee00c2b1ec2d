"""The real program before a Slack on loopback: nothing nearer than the wire is played."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.app import App, build_app
from bot.clock import Clock
from bot.sandbox.slack import Person, Room, Seen, SlackSandbox
from bot.sandbox.telegram import Group, TelegramSandbox
from bot.sandbox.telegram import Person as TelegramPerson
from bot.settings import Settings, load_settings
from bot.slack import socket
from handlers.requester import open_question
from tests.clock import HandClock
from tests.telegram.conftest import free_port

Open = Callable[..., Any]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a line be looked after ten times as often, and a question be answered at once: nobody waits for real seconds."""
    monkeypatch.setattr(socket, "PING", 0.5)
    monkeypatch.setattr(open_question, "PAUSE", timedelta(0))


@pytest.fixture
async def sandbox(request: pytest.FixtureRequest) -> AsyncIterator[SlackSandbox]:
    owned = HandClock() if "clock" in request.fixturenames else None
    async with await SlackSandbox.start(clock=owned) as running:
        yield running
        assert running.violations == []


@pytest.fixture
def clock(sandbox: SlackSandbox) -> HandClock:
    """One clock for the desk and for Slack, where a test asks for it."""
    assert isinstance(sandbox.clock, HandClock)
    return sandbox.clock


@pytest.fixture
def ann(sandbox: SlackSandbox) -> Person:
    return sandbox.person("Ann")


@pytest.fixture
def bob(sandbox: SlackSandbox) -> Person:
    """An agent, the creator of the team channel."""
    return sandbox.person("Bob")


@pytest.fixture
def team(sandbox: SlackSandbox, bob: Person) -> Room:
    return sandbox.channel("helpdesk", members=[bob])


@pytest.fixture
def settings(sandbox: SlackSandbox, team: Room, sqlite_url: str) -> Callable[..., Settings]:
    """Return the settings of a desk before the sandbox, with some of them chosen."""

    def chosen(**values: Any) -> Settings:
        usual = {
            "slack_bot_token": sandbox.token,
            "slack_app_token": sandbox.app_token,
            "slack_api_url": sandbox.api_url,
            "slack_team_channel": team.id,
            "slack_per_channel_per_second": 10_000,
            "database_url": sqlite_url,
        }
        return load_settings(_env_file=None, **(usual | values))

    return chosen


@pytest.fixture
def opened(settings: Callable[..., Settings], sandbox: SlackSandbox) -> Open:
    """Return a way to open a desk that is stopped at the end: ``async with opened() as app``."""

    @asynccontextmanager
    async def open_desk(clock: Clock | None = None, **values: Any) -> AsyncIterator[App]:
        chosen, before = settings(**values), sandbox.sockets.opened
        app = await build_app(chosen, clock=clock)
        try:
            await app.start()
            await app.introduced()
            if chosen.slack_app_token:
                await sandbox.until(lambda: sandbox.sockets.count == 1 or sandbox.sockets.opened > before)
            yield app
        finally:
            await app.stop()

    return open_desk


@pytest.fixture
def hooked(opened: Open, sandbox: SlackSandbox) -> Open:
    """Return a way to open a desk that Slack calls over HTTP."""

    @asynccontextmanager
    async def open_desk(**values: Any) -> AsyncIterator[App]:
        port = free_port()
        http = {"slack_app_token": None, "slack_signing_secret": sandbox.signing_secret, "http_port": port}
        async with opened(**(http | values)) as app:
            await sandbox.use_http(f"http://127.0.0.1:{port}/slack/events")
            yield app

    return open_desk


# Beside Telegram


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramSandbox]:
    async with await TelegramSandbox.start() as running:
        yield running
        assert running.violations == []


@pytest.fixture
def olena(telegram: TelegramSandbox) -> TelegramPerson:
    return telegram.person("Olena", language="uk")


@pytest.fixture
def ida(telegram: TelegramSandbox) -> TelegramPerson:
    """A requester on Telegram who reads English."""
    return telegram.person("Ida")


@pytest.fixture
def eve(telegram: TelegramSandbox) -> TelegramPerson:
    """An agent on Telegram, the creator of the team's forum."""
    return telegram.person("Eve")


@pytest.fixture
def forum(telegram: TelegramSandbox, eve: TelegramPerson) -> Group:
    return telegram.group("Team", forum=True, members=[eve])


@pytest.fixture
def both(telegram: TelegramSandbox, forum: Group) -> dict[str, object]:
    """The settings that serve Telegram beside Slack."""
    return {
        "telegram_bot_token": telegram.token,
        "telegram_api_url": telegram.url,
        "telegram_team_chat": forum.id,
        "telegram_per_second": 10_000,
    }


async def registered(
    sandbox: SlackSandbox, person: Person, team: Room, text: str = "My card was charged twice"
) -> Seen:
    """Let somebody register a request by the window; return the card in the team channel."""
    known = len([m for m in team.outside if m.from_bot])
    person.says(text)
    await sandbox.until(lambda: "I still need a person" in [b for m in person.chat.messages[-2:] for b in m.buttons])
    person.presses("I still need a person")
    await sandbox.until(lambda: person.modal)
    person.fills({"type": "Something else"})
    await sandbox.until(lambda: person.modal and "other.details" in person.modal.fields)
    person.submits()
    await sandbox.until(lambda: len([m for m in team.outside if m.from_bot]) > known)
    return [m for m in team.outside if m.from_bot][-1]


async def asked(telegram: TelegramSandbox, ida: TelegramPerson, ticket: int = 1) -> None:
    """Let somebody register a request on Telegram."""
    ida.says("My printer is on fire")
    await telegram.until(lambda: ida.chat.find("I don't have an answer"))
    ida.presses("I still need a person")
    await telegram.until(lambda: ida.chat.find("What is it about"))
    ida.presses("Something else")
    await telegram.until(lambda: any("Submit" in seen.buttons for seen in ida.chat.messages))
    ida.presses("Submit")
    await telegram.until(lambda: ida.chat.find(f"#{ticket} is registered"))


async def talking(
    sandbox: SlackSandbox, telegram: TelegramSandbox, ida: TelegramPerson, bob: Person, team: Room
) -> Seen:
    """Let a requester on Telegram talk with an agent on Slack; return the card."""
    await asked(telegram, ida)
    await sandbox.until(lambda: team.find("#1"))
    bob.presses("Claim", at=team)
    await telegram.until(lambda: ida.chat.find("is on your request"))
    return team.outside[0]
