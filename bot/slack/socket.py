"""The open line to Slack: one socket, kept for ever."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

PING = 5  # seconds between pings; a socket that answers none of four is replaced


async def keep(app: AsyncApp, app_token: str, client: AsyncWebClient, opened: Callable[[], Awaitable[None]]) -> None:
    """Keep a socket open until cancelled; ``opened`` runs whenever one is, the first or another after a break."""
    handler = AsyncSocketModeHandler(app, app_token, web_client=client, ping_interval=PING)
    tasks: set[asyncio.Future[None]] = set()

    async def greeted(_client: object, message: dict[str, Any], _raw: str | None) -> None:
        if message.get("type") == "hello":
            task = asyncio.ensure_future(opened())
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    handler.client.message_listeners.append(greeted)
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await asyncio.Event().wait()
    finally:
        with contextlib.suppress(Exception):
            await handler.close_async()  # type: ignore[no-untyped-call]
