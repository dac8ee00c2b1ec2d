"""The least a Slack app can do: bolt as it comes, Socket Mode, one chat.postMessage per message. It stores nothing."""

import asyncio
import sys
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


async def echo(event: dict[str, Any], client: AsyncWebClient) -> None:
    """Say the same again."""
    await client.chat_postMessage(channel=event["channel"], text=event["text"])


async def serve(url: str, token: str, app_token: str) -> None:
    """Serve for ever."""
    app = AsyncApp(token=token, client=AsyncWebClient(token=token, base_url=url))
    app.event("message")(echo)
    await AsyncSocketModeHandler(app, app_token, web_client=app.client).start_async()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
