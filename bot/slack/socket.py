"""The open line to Slack: one socket, kept for ever by one process: over two, a conversation's words would come out of order.

The library replaces a socket that closes; but it tries a stale address for ever, and it may wait long for the goodbye of one that
has died. So whoever watches here lets go of a line that stays silent, and takes a new one.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientError
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messengers.protocol import Lead, Revoked
from bot.monitoring.health import Contact
from bot.slack.errors import REVOKED, slack_error_code

log = logging.getLogger("frontdesk.slack")

PING = 5.0  # seconds between pings
SILENCE = 4  # pings without an answer after which the line is given up: at most 6 × PING until there is another
ASKED = 2  # pings without an answer after which it is asked whether the token is still taken
CLOSING = 1.0  # seconds that a goodbye may take
STANDBY = 1.0  # seconds until a process that does not lead asks again

Then = Callable[[], Awaitable[None]]


def _one_line(record: logging.LogRecord) -> bool:
    """Leave out the traceback: that Slack does not answer is no bug."""
    record.exc_info = record.exc_text = None
    return True


quiet = logging.getLogger("frontdesk.slack.line")  # what the library says
quiet.setLevel(logging.ERROR)
quiet.addFilter(_one_line)


class Line:
    """Keeps a socket open while this process leads; ``opened`` runs whenever one is, ``steady`` at each look while it is well."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        client: AsyncWebClient,
        contact: Contact,
        *,
        lead: Lead,
        opened: Then,
        steady: Then,
    ) -> None:
        self._app, self._app_token, self._client, self._lead = app, app_token, client, lead
        self._contact = contact
        self._opened, self._steady = opened, steady
        self._tasks: set[asyncio.Future[None]] = set()

    async def keep(self) -> None:
        """Serve one handler after the other for ever, or stand by while another process does. Raises Revoked."""
        try:
            while True:
                if await self._lead():
                    await self._serve()
                else:
                    self._contact.expect_nothing("line")
                    await asyncio.sleep(STANDBY)
        finally:
            for task in self._tasks:
                task.cancel()

    async def _serve(self) -> None:
        """Serve one handler until it has been silent for too long, or another process leads."""
        handler = AsyncSocketModeHandler(
            self._app, self._app_token, logger=quiet, web_client=self._client, ping_interval=PING
        )
        handler.client.message_listeners.append(self._greeted)
        connecting = asyncio.ensure_future(handler.connect_async())  # type: ignore[no-untyped-call]
        silent = 0
        try:
            while silent < SILENCE:
                await asyncio.sleep(PING)
                if not await self._lead():
                    return
                if await handler.client.is_connected():
                    silent = 0
                    self._contact.hear("line")
                    await self._steady()
                else:
                    silent += 1
                    if silent == ASKED:
                        await self._still_ours()
            self._contact.fail("line", "silent")
            log.warning("Slack's line was silent; taking another", extra={"event": "line_replaced"})
        finally:
            connecting.cancel()
            try:
                await asyncio.gather(connecting, return_exceptions=True)
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(CLOSING):
                        await handler.close_async()  # type: ignore[no-untyped-call]
            finally:  # also for who is told a second time to end, while it still says goodbye
                await _let_go(handler)

    async def _still_ours(self) -> None:
        """Raise Revoked where the line stays away because its token is not taken: the library would ask with it for ever."""
        try:
            await self._client.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            if slack_error_code(error) in REVOKED:
                raise Revoked("slack") from None
        except (TimeoutError, SlackClientError, ClientError, OSError):
            pass  # then it is not the token

    async def _greeted(self, _client: object, message: dict[str, Any], _raw: str | None) -> None:
        if message.get("type") == "hello":
            task = asyncio.ensure_future(self._opened())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


async def _let_go(handler: AsyncSocketModeHandler) -> None:
    """End what a handler still does, where its goodbye was not answered."""
    client = handler.client
    client.closed = True
    left = [t for t in (client.message_processor, client.current_session_monitor, client.message_receiver) if t]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    socket = client.current_session
    if socket is not None and not socket.closed:  # its goodbye was cut off before it was said
        with contextlib.suppress(Exception):
            async with asyncio.timeout(CLOSING):
                await socket.close()
    await client.aiohttp_client_session.close()
