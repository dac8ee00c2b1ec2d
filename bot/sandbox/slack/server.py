"""The HTTP side: Web API, sockets, uploads, downloads, response URLs and the control paths, on one loopback port."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault
from bot.sandbox.slack import arguments
from bot.sandbox.slack.calling import Call
from bot.sandbox.slack.calls import Calls
from bot.sandbox.slack.errors import ApiError
from bot.sandbox.slack.responding import respond
from bot.sandbox.slack.storage import download, upload
from bot.sandbox.slack.trouble import Trouble

Control = Callable[[web.BaseRequest], Awaitable[web.Response]]
SIGN_IN = (
    "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to your workspace</body></html>"
)


class Server:
    """Listens on loopback until closed."""

    def __init__(self, calls: Calls, trouble: Trouble, control: Control) -> None:
        self._calls, self._trouble, self._control = calls, trouble, control
        self._space = calls.space
        self._runner = web.ServerRunner(
            web.Server(self._handle, access_log=None, handler_cancellation=True), shutdown_timeout=0.2
        )
        self._held: set[asyncio.Task[web.StreamResponse]] = set()
        self.port = 0

    async def start(self, port: int) -> None:
        """Listen; port 0 takes a free one."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._space.world.url = f"http://127.0.0.1:{self.port}"

    async def close(self) -> None:
        """Stop listening; what waits or is held ends at once."""
        self._trouble.clear()
        await self._space.close()
        await self._runner.cleanup()
        for task in self._held:
            task.cancel()
        await asyncio.gather(*self._held, return_exceptions=True)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        match request.path.split("/")[1:]:
            case ["api", name]:
                return await self._api(request, name)
            case ["link"]:
                return await self._space.sockets.serve(request)
            case ["upload", file_id]:
                call = self._calls.begin("upload", {"file": file_id}, "")
                data = await request.content.read()
                return await self._answer(request, call, lambda: upload(self._space, call, data))
            case ["files-pri", which, *_]:
                call = self._calls.begin("download", {"file": which.partition("-")[2]}, _bearer(request))
                return await self._answer(request, call, lambda: self._download(call))
            case ["respond", right]:
                call = self._calls.begin("respond", await arguments.raw(request), "")
                return await self._answer(request, call, lambda: respond(self._space, call, right))
            case ["control", *_]:
                return await self._control(request)
        return web.Response(status=404)

    async def _api(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        try:
            raw = await arguments.raw(request)
        except ApiError as error:
            return _json(error.answer())
        call = self._calls.begin(name, raw, _bearer(request))
        return await self._answer(request, call, lambda: self._serve(call))

    def _serve(self, call: Call) -> web.Response:
        return _json(self._calls.serve(call), call.status, self._calls.headers(call))

    def _download(self, call: Call) -> web.Response:
        answer = download(self._space, call, known=self._calls.knows(call.token))
        return answer or web.Response(text=SIGN_IN, content_type="text/html")

    async def _answer(
        self, request: web.BaseRequest, call: Call, serve: Callable[[], web.Response]
    ) -> web.StreamResponse:
        """Serve a call, which may meet trouble; what has come in is carried out even if the caller dies."""
        fault = self._trouble.pick(call.method, call.channel)
        if fault is None:
            return serve()
        task: asyncio.Task[web.StreamResponse] = asyncio.create_task(self._troubled(request, call, serve, fault))
        self._held.add(task)
        task.add_done_callback(self._held.discard)
        return await asyncio.shield(task)

    async def _troubled(
        self, request: web.BaseRequest, call: Call, serve: Callable[[], web.Response], fault: Fault
    ) -> web.StreamResponse:
        """Serve a call that meets trouble: before its effect, after it, or instead of it."""
        self._space.changes.touch()
        if not fault.after:
            await _suffer(fault)
            if (refused := _refused(request, call, fault)) is not None:
                return refused
        answer = serve()
        if fault.after:
            await _suffer(fault)
            if (refused := _refused(request, call, fault)) is not None:
                return refused
        return answer


async def _suffer(fault: Fault) -> None:
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.gate is not None:
        await fault.gate.enter()


def _refused(request: web.BaseRequest, call: Call, fault: Fault) -> web.Response | None:
    """Return the answer that trouble puts in the place of the real one."""
    if fault.drop:
        call.error = "connection dropped after the effect" if fault.after else "connection dropped"
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    if fault.status is None:
        return None
    call.status, call.error = fault.status, f"trouble: {fault.status}"
    if isinstance(fault.body, str):
        headers = {**fault.headers, "Content-Type": fault.content_type}
        return web.Response(status=fault.status, body=fault.body.encode(errors="surrogateescape"), headers=headers)
    call.error = f"trouble: {(fault.body or {}).get('error', fault.status)}"
    return _json(fault.body or {}, fault.status, fault.headers)


def _bearer(request: web.BaseRequest) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _json(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json", headers=headers)
