"""What stands between the desk and its PostgreSQL, and fails as networks do: it freezes, resets, lets nobody in."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import make_url

CHUNK = 65536


class Proxy:
    """A port on loopback before the socket of a server."""

    def __init__(self, url: str) -> None:
        self._real = make_url(url)
        self._open = asyncio.Event()
        self._open.set()
        self._pairs: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Return the address of the database by way of here."""
        there = self._real.set(host="127.0.0.1", port=self.port).difference_update_query(["host"])
        return there.render_as_string(hide_password=False)

    async def listen(self) -> None:
        """Let people in, on the same port as before."""
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Let nobody in, and cut whoever is."""
        if self._server is not None:
            self._server.close()
        self.reset()

    def reset(self) -> None:
        """Cut every connection, without a goodbye."""
        for writer in self._pairs:
            writer.transport.abort()

    def freeze(self) -> None:
        """Pass nothing on from now on, and say nothing of it."""
        self._open.clear()

    def thaw(self) -> None:
        """Pass on what was held, and all that follows."""
        self._open.set()

    async def close(self) -> None:
        """End all of it."""
        await self.refuse()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        socket = f"{self._real.query['host']}/.s.PGSQL.5432"
        with contextlib.suppress(OSError):  # a server that is down
            there_reader, there_writer = await asyncio.open_unix_connection(socket)
            self._pairs |= {writer, there_writer}
            for source, sink in ((reader, there_writer), (there_reader, writer)):
                task = asyncio.create_task(self._pump(source, sink))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            return
        writer.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError):
                while chunk := await source.read(CHUNK):
                    await self._open.wait()
                    sink.write(chunk)
                    await sink.drain()
        finally:
            sink.close()
            self._pairs.discard(sink)


@asynccontextmanager
async def before(url: str) -> AsyncIterator[Proxy]:
    """Yield a proxy before the server of this database."""
    proxy = Proxy(url)
    await proxy.listen()
    try:
        yield proxy
    finally:
        await proxy.close()
