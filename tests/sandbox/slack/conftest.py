from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import ManualClock
from bot.sandbox.slack import Person, Room, SlackSandbox

Ask = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def slack(clock: ManualClock) -> AsyncIterator[SlackSandbox]:
    async with await SlackSandbox.start(clock=clock) as running:
        yield running


@pytest.fixture
def client(slack: SlackSandbox) -> AsyncWebClient:
    return AsyncWebClient(token=slack.token, base_url=slack.api_url)


@pytest.fixture
def app(slack: SlackSandbox, client: AsyncWebClient) -> AsyncApp:
    """A real Bolt app that listens to nothing yet."""
    return AsyncApp(client=client, signing_secret=slack.signing_secret)


@pytest.fixture
async def connected(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient
) -> AsyncIterator[AsyncSocketModeHandler]:
    """The app, connected by Socket Mode."""
    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=client)
    await handler.connect_async()
    await slack.until(lambda: slack.sockets.count == 1)
    yield handler
    await handler.close_async()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def ask(slack: SlackSandbox, http: aiohttp.ClientSession) -> Ask:
    """Call a method with JSON and return the whole answer."""

    async def call(method: str, **args: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {slack.token}"}
        async with http.post(f"{slack.api_url}{method}", json=args, headers=headers) as answer:
            body: dict[str, Any] = await answer.json()
            return body

    return call


@pytest.fixture
def ann(slack: SlackSandbox) -> Person:
    """Somebody who needs help."""
    return slack.person("Ann Lee", locale="uk-UA")


@pytest.fixture
def bob(slack: SlackSandbox) -> Person:
    """An agent."""
    return slack.person("Bob Stone")


@pytest.fixture
def team(slack: SlackSandbox, bob: Person) -> Room:
    """The agents' channel, the bot in it."""
    return slack.channel("support", members=[bob])
