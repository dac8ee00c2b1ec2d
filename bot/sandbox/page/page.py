"""The page's server: its files, both messengers' control paths under one roof, the desk's drawer, and what changed."""

import asyncio
import errno
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from aiohttp import web

from bot.sandbox.cast import Cast
from bot.sandbox.changes import Changes
from bot.sandbox.page.drawer import Drawer
from bot.sandbox.page.guard import guard
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import TelegramSandbox
from handlers.vocabulary.translations import known_language, load_catalogue

TYPES = MappingProxyType(
    {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "png": "image/png"}
)
BEAT = 15.0  # seconds of silence after which a listener hears that the line is alive
TOGETHER = 0.04  # seconds in which changes are told as one
FINISH = 0.5  # seconds that requests under way may take at the end


class Page:
    """Serves the page on loopback from ``start`` to ``close``."""

    def __init__(self, telegram: TelegramSandbox, slack: SlackSandbox, cast: Cast, drawer: Drawer) -> None:
        self._cast, self._drawer = cast, drawer
        self._halves: Mapping[str, Changes] = {
            "telegram": telegram.changes,
            "slack": slack.changes,
            "desk": drawer.changes,
        }
        application = web.Application(middlewares=[guard])
        application.router.add_get("/", self._index)
        application.router.add_get("/static/{name}", self._static)
        application.router.add_get("/changes", self._changes)
        for name, paths in (("telegram", telegram.control), ("slack", slack.control)):
            application.router.add_route("*", f"/{name}/control/{{path:.*}}", _proxy(paths.handle))
        application.router.add_get("/desk/cast", self._who)
        application.router.add_get("/desk/state", self._state)
        application.router.add_get("/desk/tickets/{number:[0-9]{1,9}}", self._ticket)
        application.router.add_post("/desk/{act:kill|start}", self._act)
        application.router.add_post("/desk/faults/{name}", self._fault)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=FINISH)
        self._listeners: set[asyncio.Task[Any]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}/"

    async def start(self, port: int) -> None:
        """Listen; port 0 takes a free one."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.port = self._runner.addresses[0][1]
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError as error:  # a loopback interface that is down can be listened on all the same
            await self._runner.cleanup()
            raise OSError(errno.EADDRNOTAVAIL, str(error)) from None
        writer.close()

    async def close(self) -> None:
        """Stop; listeners are let go."""
        for listener in self._listeners:
            listener.cancel()
        await self._runner.cleanup()
        await self._drawer.close()

    async def _index(self, _: web.Request) -> web.Response:
        return _file("index.html")

    async def _static(self, request: web.Request) -> web.Response:
        return _file(request.match_info["name"])

    async def _who(self, request: web.Request) -> web.Response:
        language = known_language(request.query.get("language"), self._cast.language)
        texts = load_catalogue(language).texts
        words = {key: text for key, text in texts.items() if key.startswith(("status.", "action."))}
        return web.json_response(
            self._cast.told() | {"language": language, "desk": self._drawer.desk is not None, "words": words}
        )

    async def _state(self, _: web.Request) -> web.Response:
        return _json(await self._drawer.state())

    async def _ticket(self, request: web.Request) -> web.Response:
        found = await self._drawer.ticket(int(request.match_info["number"]))
        return (
            _json(found) if found is not None else web.json_response({"error": "there is no such ticket"}, status=404)
        )

    async def _act(self, request: web.Request) -> web.Response:
        if self._drawer.desk is None:
            return web.json_response({"error": "the desk runs elsewhere"}, status=409)
        await (self._drawer.desk.kill() if request.match_info["act"] == "kill" else self._drawer.desk.revive())
        return web.json_response({})

    async def _fault(self, request: web.Request) -> web.Response:
        body = await request.json()
        name, on = request.match_info["name"], isinstance(body, dict) and body.get("on") is True
        if not self._drawer.switches.turn(name, on=on):
            return web.json_response({"error": "there is no such switch"}, status=404)
        return web.json_response({})

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """Tell a browser, as long as it listens, which half has changed (server-sent events)."""
        stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await stream.prepare(request)
        listener = asyncio.current_task()
        assert listener is not None
        self._listeners.add(listener)
        try:
            async with self._drawer.watched():
                await self._tell(stream)
        except (ConnectionError, asyncio.CancelledError):
            pass  # the browser went away, or we do
        finally:
            self._listeners.discard(listener)
        return stream

    async def _tell(self, stream: web.StreamResponse) -> None:
        told: dict[str, int] = {}
        while True:
            counts = {half: changes.count for half, changes in self._halves.items()}
            news = [half for half, count in counts.items() if told.get(half) != count]
            told = counts
            line = f"data: {json.dumps({'halves': news})}\n\n" if news else ": still here\n\n"
            await stream.write(line.encode())
            await self._something(told)
            await asyncio.sleep(TOGETHER)

    async def _something(self, told: Mapping[str, int]) -> None:
        """Return when a half has changed since it was told of, or a while has passed."""
        if any(changes.count != told[half] for half, changes in self._halves.items()):
            return
        waits = [asyncio.ensure_future(changes.wait()) for changes in self._halves.values()]
        try:
            await asyncio.wait(waits, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()


def _proxy(
    handle: Callable[[web.BaseRequest, str], Awaitable[web.Response]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def pass_on(request: web.Request) -> web.Response:
        return await handle(request, f"/control/{request.match_info['path']}")

    return pass_on


def _file(name: str) -> web.Response:
    """Return a file of ours by its plain name; everything else is not there."""
    kind = TYPES.get(name.rpartition(".")[2])
    found = files("bot.sandbox.page").joinpath("static", name)
    if kind is None or "/" in name or "\\" in name or not found.is_file():
        raise web.HTTPNotFound
    charset = "utf-8" if kind.startswith("text/") else None
    return web.Response(body=found.read_bytes(), content_type=kind, charset=charset)


def _json(body: Any) -> web.Response:
    return web.Response(body=json.dumps(body, default=_plain).encode(), content_type="application/json")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
