"""Somebody else's server on this machine: it takes whatever it is sent, and remembers all of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from aiohttp import web


@dataclass(slots=True)
class CatchAll:
    """What came in: each request as one text, with its headers and its body."""

    port: int = 0
    heard: list[str] = field(default_factory=list)
    body: bytes = b"\x89PNG from elsewhere"
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.port}"

    async def take(self, request: web.BaseRequest) -> web.Response:
        """Remember a request, and answer as told."""
        body = (await request.read()).decode(errors="replace")
        self.heard.append(f"{request.method} {request.raw_path}\n{dict(request.headers)}\n{body}")
        return web.Response(status=self.status, body=self.body, headers=self.headers)


@asynccontextmanager
async def catch_all() -> AsyncIterator[CatchAll]:
    """Listen on loopback, by IPv6 too where this machine has it."""
    caught = CatchAll()
    runner = web.ServerRunner(web.Server(caught.take, access_log=None))
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        caught.port = runner.addresses[0][1]
        with suppress(OSError):
            await web.TCPSite(runner, "::1", caught.port).start()
        yield caught
    finally:
        await runner.cleanup()
