"""What stands before several processes that Telegram calls."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from socket import create_server

from aiohttp import ClientSession, web


@dataclass
class Balancer:
    """Each call goes to the next of the processes."""

    ports: list[int]
    port: int = 0
    passed: dict[int, int] = field(default_factory=dict)

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Balancer"]:
        """Listen until the block ends."""
        runner = web.ServerRunner(web.Server(self._pass_on), shutdown_timeout=0.2)
        self._turn, self.passed = cycle(self.ports), dict.fromkeys(self.ports, 0)
        async with ClientSession() as self._session:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.port = runner.addresses[0][1]
            try:
                yield self
            finally:
                await runner.cleanup()

    async def _pass_on(self, request: web.BaseRequest) -> web.Response:
        port, body = next(self._turn), await request.read()
        self.passed[port] += 1
        async with self._session.post(
            f"http://127.0.0.1:{port}{request.path}", data=body, headers=request.headers
        ) as answer:
            return web.Response(status=answer.status, body=await answer.read())


@contextmanager
def free_ports(count: int) -> Iterator[list[int]]:
    """Yield ports that nobody listens on."""
    held = [create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        yield [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()
