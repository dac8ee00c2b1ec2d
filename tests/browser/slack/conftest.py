"""A Slack-like pane whose bot is a real Bolt app that the test plays."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person
from tests.browser.conftest import Look, Stage
from tests.browser.people import OnSlack

Json = dict[str, Any]


@pytest.fixture
async def app(stage: Stage) -> AsyncIterator[AsyncApp]:
    """A bot that does nothing yet."""
    client = AsyncWebClient(token=stage.slack.token, base_url=stage.slack.api_url)
    made = AsyncApp(client=client, signing_secret=stage.slack.signing_secret)
    made.event(re.compile(".*"))(nothing)
    handler = AsyncSocketModeHandler(made, stage.slack.app_token, web_client=client)
    await handler.connect_async()
    await stage.slack.until(lambda: stage.slack.sockets.count == 1)
    yield made
    await handler.close_async()


async def nothing() -> None:
    """Hear of something, and do nothing."""


@pytest.fixture
async def cid(stage: Stage, app: AsyncApp, look: Look) -> OnSlack:
    """Cid before his Slack, the app's messages open."""
    person = OnSlack(await look(stage.url), "cid")
    await person.here()
    return person


@pytest.fixture
def played(stage: Stage) -> Person:
    """Cid as the simulated Slack knows him."""
    return stage.cast.slack["cid"]


async def posted(app: AsyncApp, person: Person, *blocks: Json, text: str = "words for a notification") -> str:
    answer = await app.client.chat_postMessage(channel=person.chat.id, text=text, blocks=list(blocks) or None)
    return str(answer["ts"])
