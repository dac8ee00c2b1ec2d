"""One web server for what comes in over HTTP: the messengers' webhooks, and what an operator's tools ask."""

import asyncio
import errno
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web

from bot.errors import OperatorError
from bot.messengers.protocol import CallRefused, Hook
from bot.messengers.refused_calls import Refusals
from bot.monitoring.health import Now
from bot.monitoring.metrics import CONTENT_TYPE, Metrics
from bot.setting_types import MESSENGERS
from storage.engine.database import Database, DatabaseUnavailable

log = logging.getLogger("frontdesk.web")

BODY = 1024 * 1024  # bytes of a request; an update has a few thousand
FINISH = 5.0  # seconds that requests under way may take at the end
AGAIN = "5"  # seconds after which a messenger may send again what could not be stored
PROBE = 2.0  # seconds the database may take to answer /readyz

REFUSED = {404: "path", 405: "method", 413: "too_large"}  # what the server refuses by itself

Problems = Callable[[], Awaitable[Sequence[str]]]


class Web:
    """Listens from `start` to `stop`."""

    def __init__(self, host: str, port: int, application: web.Application) -> None:
        self._host, self._port = host, port
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=FINISH)

    @property
    def url(self) -> str:
        """Return where it listens, the port it was given included."""
        host, port = self._runner.addresses[0][:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    @property
    def listening(self) -> bool:
        """Whether anybody can call."""
        return bool(self._runner.addresses)

    async def start(self) -> None:
        """Listen, or name the setting that keeps us from it."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise _unusable(error, self._host, self._port) from None
        log.info("listening on %s", self.url, extra={"event": "listening", "url": self.url})

    async def stop(self) -> None:
        """Take nothing more; finish what is under way."""
        await self._runner.cleanup()


def _unusable(error: OSError, host: str, port: int) -> OperatorError:
    if isinstance(error, socket.gaierror) or error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return OperatorError("HTTP_HOST", f"{host} is no address of this machine; 127.0.0.1 or 0.0.0.0 will do")
    if error.errno == errno.EACCES:
        return OperatorError("HTTP_PORT", f"port {port} needs rights this user has not; choose one over 1023")
    return OperatorError("HTTP_PORT", f"port {port} is taken by another program; stop it, or choose another port")


def build_web_application(
    hooks: Mapping[str, Hook], problems: Problems, metrics: Metrics, database: Database, now: Now
) -> web.Application:
    """Return the paths and who answers them."""
    refusals = Refusals(metrics, now)

    @web.middleware
    async def taken_or_counted(request: web.Request, handler: Hook) -> web.StreamResponse:
        try:
            return await handler(request)
        except CallRefused as refused:
            refusals.count(refused)
            return web.Response(status=refused.answer)
        except web.HTTPException as error:
            if error.status in REFUSED:
                refusals.count(CallRefused(_caller(request), REFUSED[error.status], error.status))
            raise

    made = web.Application(client_max_size=BODY, middlewares=[taken_or_counted, _stored_or_again])

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        found = list(await problems())
        body = json.dumps({"ready": not found, "problems": found})
        return web.Response(status=503 if found else 200, text=body, content_type="application/json")

    async def numbers(_: web.Request) -> web.Response:
        return web.Response(body=await metrics.page(database), headers={"Content-Type": CONTENT_TYPE})

    made.router.add_get("/healthz", healthz)
    made.router.add_get("/readyz", readyz)
    made.router.add_get("/metrics", numbers)
    for path, hook in hooks.items():
        made.router.add_post(path, hook)
    return made


@web.middleware
async def _stored_or_again(request: web.Request, handler: Hook) -> web.StreamResponse:
    """What cannot be stored now is not taken: the messenger keeps it and sends it again."""
    try:
        return await handler(request)
    except DatabaseUnavailable as trouble:
        log.info("not taken, the database cannot serve: %s", trouble, extra={"event": "not_taken"})
        return web.Response(status=503, headers={"Retry-After": AGAIN})


def _caller(request: web.Request) -> str:
    """Return whose call it seems to be, by its path; nothing of the path itself, which anybody may choose."""
    return next((name for name in MESSENGERS if request.path.startswith(f"/{name}")), "nobody")


async def trouble_now(database: Database) -> DatabaseUnavailable | None:
    """Return what keeps the database from serving now."""
    try:
        async with asyncio.timeout(PROBE):
            await database.run(lambda _: None)
    except DatabaseUnavailable as trouble:
        return trouble
    except TimeoutError:
        return DatabaseUnavailable("no answer")
    return None
