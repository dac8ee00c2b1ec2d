"""The HTTP side: Bot API calls, file downloads and the control paths, on one loopback port."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault
from bot.sandbox.telegram.arguments import Upload
from bot.sandbox.telegram.calls import Call, Calls
from bot.sandbox.telegram.errors import ApiError, Refusal
from bot.sandbox.telegram.requests import parameters
from bot.sandbox.telegram.trouble import Trouble

Control = Callable[[web.BaseRequest], Awaitable[web.Response]]


class Server:
    """Listens on loopback until closed."""

    def __init__(self, token: str, calls: Calls, trouble: Trouble, control: Control) -> None:
        self._token, self._calls, self._trouble, self._control = token, calls, trouble, control
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

    async def close(self) -> None:
        """Stop listening; what waits or is held ends at once."""
        self._trouble.clear()
        self._calls.polling.abort(None)
        await self._calls.pusher.close()
        await self._runner.cleanup()
        for task in self._held:
            task.cancel()
        await asyncio.gather(*self._held, return_exceptions=True)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        path = request.path
        if path.startswith("/bot"):
            token, _, name = path.removeprefix("/bot").partition("/")
            return await self._api(request, token, name)
        if path.startswith("/file/bot"):
            token, _, where = path.removeprefix("/file/bot").partition("/")
            return await self._file(request, token, where)
        if path.startswith("/control/"):
            return await self._control(request)
        return _json(ApiError(Refusal.NOT_FOUND).answer())

    async def _file(self, request: web.BaseRequest, token: str, path: str) -> web.Response:
        call = Call("download", {"path": path}, self._calls.world.clock.now())
        if (fault := self._trouble.pick(call.method, None)) is not None:
            await _suffer(fault)
            if (refused := _refused(request, call, fault)) is not None:
                return refused
        file = self._calls.world.files.download(path) if token == self._token else None
        if file is None:
            refusal = Refusal.NOT_FOUND if token == self._token else Refusal.UNAUTHORIZED
            return _json(ApiError(refusal).answer())
        return web.Response(body=file.data or b"", content_type="application/octet-stream")

    async def _api(self, request: web.BaseRequest, token: str, name: str) -> web.StreamResponse:
        if token != self._token:
            return _json(ApiError(Refusal.UNAUTHORIZED).answer())
        try:
            raw, files = await parameters(request)
        except ApiError as error:
            return _json(error.answer())
        call = self._calls.begin(name, raw)
        fault = self._trouble.pick(call.method, call.chat)
        if fault is None:
            return _json(await self._calls.serve(call, files))
        # A poll ends with its caller; any other call that has come in is carried out even if the caller dies.
        task = asyncio.create_task(self._troubled(request, call, files, fault))
        self._held.add(task)
        task.add_done_callback(self._held.discard)
        return await (task if call.method == "getUpdates" else asyncio.shield(task))

    async def _troubled(
        self, request: web.BaseRequest, call: Call, files: dict[str, Upload], fault: Fault
    ) -> web.StreamResponse:
        """Serve a call that meets trouble: before its effect, after it, or instead of it."""
        self._calls.world.changes.touch()
        if not fault.after:
            await _suffer(fault)
            if (refused := _refused(request, call, fault)) is not None:
                return refused
        answer = await self._calls.serve(call, files)
        if fault.after:
            await _suffer(fault)
            if (refused := _refused(request, call, fault)) is not None:
                return refused
        return _json(answer)


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
    return _json(fault.body or {}, fault.status)


def _json(body: dict[str, Any], status: int | None = None) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(), status=status or body.get("error_code", 200), content_type="application/json"
    )
