"""Other programs of the tests, which listen on this machine."""

from collections.abc import Awaitable, Callable

from aiohttp import web

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
End = Callable[[], Awaitable[None]]


async def listen(answer: Answer) -> tuple[int, End]:
    """Answer calls on loopback; return the port, and what ends that."""
    runner = web.ServerRunner(web.Server(answer, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return int(runner.addresses[0][1]), runner.cleanup
