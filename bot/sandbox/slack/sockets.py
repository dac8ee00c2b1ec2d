"""Socket Mode: the connections of the app, and what may happen to them."""

import asyncio
import json
from collections import deque
from typing import Any
from uuid import uuid4

from aiohttp import WSMsgType, web

from bot.sandbox.changes import Changes
from bot.sandbox.slack.deliveries import Deliveries
from bot.sandbox.slack.delivery import Attempt, Delivery
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.tables import LIMITS

TALK = frozenset({WSMsgType.PING, WSMsgType.PONG, WSMsgType.TEXT, WSMsgType.BINARY})
HOST = {"host": "applink-sandbox"}


class Socket:
    """One connection: a ``silent`` one says nothing, not even pong; a ``deaf`` one does not even take a goodbye;
    one that is ``leaving`` gets nothing new.
    """

    def __init__(self, number: int, ws: web.WebSocketResponse, request: web.BaseRequest) -> None:
        self.name = f"socket {number}"
        self.leaving = self.silent = self.deaf = False
        self._ws, self._request = ws, request
        self._out: asyncio.Queue[Json | None] = asyncio.Queue()
        self._awake = asyncio.Event()

    def put(self, frame: Json) -> None:
        """Queue a frame."""
        self._out.put_nowait(frame)

    async def write(self) -> None:
        """Send the queued frames, until told to end."""
        while (frame := await self._out.get()) is not None:
            if not self.silent:
                await self._ws.send_str(json.dumps(frame))

    async def read(self) -> Json | None:
        """Return the next frame of the bot's, answering pings; None at the end."""
        while True:
            if self.deaf:
                await self._awake.wait()
            message = await self._ws.receive()
            if self.deaf or (self.silent and message.type in TALK):
                continue
            if message.type == WSMsgType.PING:
                await self._ws.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                loaded: Json = json.loads(message.data)
                return loaded
            elif message.type != WSMsgType.PONG:
                await self._ws.close()
                return None

    def end(self) -> None:
        """Let the writer end."""
        self._out.put_nowait(None)

    def cut(self) -> None:
        """Cut the connection without a word."""
        self._awake.set()
        if self._request.transport is not None:
            self._request.transport.abort()


class Sockets:
    """Every open connection; each payload goes to one of them, in turn."""

    def __init__(self, deliveries: Deliveries, changes: Changes, app_id: str) -> None:
        self.opened = 0
        self.refusing = False
        self.late_acks: deque[str] = deque(maxlen=100)
        self._deliveries, self._changes, self._app_id = deliveries, changes, app_id
        self._open: list[Socket] = []
        self._tickets: set[str] = set()
        self._turn = 0

    # For the Web API and the server

    def ticket(self) -> str:
        """Return the right to connect once."""
        ticket = str(uuid4())
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        """Keep one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self.refusing:
            return web.Response(status=503 if self.refusing else 401)
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(autoping=False, autoclose=False, timeout=0.2)
        await ws.prepare(request)
        self.opened += 1
        socket = Socket(self.opened, ws, request)
        writer = asyncio.create_task(socket.write())
        self._welcome(socket)
        try:
            while (frame := await socket.read()) is not None:
                self._take(frame)
        finally:
            self._leave(socket)
            socket.end()
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
        return ws

    async def close(self) -> None:
        """Close every connection."""
        for socket in list(self._open):
            socket.cut()

    def _welcome(self, socket: Socket) -> None:
        for other in self._open:
            other.leaving = other.leaving or other.silent
        self._open.append(socket)
        debug = {**HOST, "build_number": 1, "approximate_connection_time": 18060}
        about = {"num_connections": len(self._open), "connection_info": {"app_id": self._app_id}}
        if len(self._open) > LIMITS["socket_connections"]:
            socket.leaving = True
            socket.put({"type": "disconnect", "reason": "too_many_websockets", "debug_info": HOST, **about})
        else:
            socket.put({"type": "hello", "debug_info": debug, **about})
            if self._deliveries.transport is self:
                self._deliveries.resend()
        self._changes.touch()

    def _take(self, frame: Json) -> None:
        envelope = frame.get("envelope_id")
        if isinstance(envelope, str) and not self._deliveries.acknowledge(envelope, frame.get("payload")):
            self.late_acks.append(envelope)

    def _leave(self, socket: Socket) -> None:
        self._open.remove(socket)
        if self._deliveries.transport is self:
            self._deliveries.abandon(socket.name)
            self._deliveries.resend()
        self._changes.touch()

    # As a transport

    def carry(self, delivery: Delivery, attempt: Attempt) -> bool:
        """Send a payload over the next connection."""
        ready = [socket for socket in self._open if not socket.leaving]
        if not ready:
            return False
        self._turn += 1
        socket = ready[self._turn % len(ready)]
        attempt.via = socket.name
        socket.put(envelope(delivery, attempt))
        return True

    def holds(self, attempt: Attempt) -> bool:
        """Return whether its connection is still open, well, and not being replaced."""
        return any(s.name == attempt.via and not s.leaving and not s.silent for s in self._open)

    # For tests

    @property
    def count(self) -> int:
        """How many connections are open and in use."""
        return sum(not socket.leaving for socket in self._open)

    @property
    def silent(self) -> bool:
        """Whether a connection in use has fallen silent."""
        return any(socket.silent and not socket.leaving for socket in self._open)

    def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to be replaced, as Slack does every few hours; nothing new goes to the old ones."""
        for socket in self._open:
            socket.put({"type": "disconnect", "reason": reason, "debug_info": HOST})
            socket.leaving = True

    def cut(self) -> None:
        """Cut every connection without a word."""
        for socket in list(self._open):
            socket.cut()

    def silence(self, *, deaf: bool = True) -> None:
        """Let every open connection fall silent: no frames, no pongs; new ones are well.

        A deaf one takes no goodbye either: a client that waits for the answer to its own waits in vain.
        """
        for socket in self._open:
            socket.silent, socket.deaf = True, deaf

    def refuse(self, *, on: bool = True) -> None:
        """Take no new connections (or take them again)."""
        self.refusing = on


def envelope(delivery: Delivery, attempt: Attempt) -> dict[str, Any]:
    """Return the frame that carries a payload."""
    frame = {
        "envelope_id": attempt.envelope_id,
        "payload": delivery.payload,
        "type": delivery.kind,
        "accepts_response_payload": delivery.kind == "slash_commands" or delivery.name == "view_submission",
    }
    if delivery.is_event:
        frame |= {"retry_attempt": attempt.number, "retry_reason": attempt.reason}
    return frame
