"""The control side over HTTP that both simulated messengers share: who may ask, how bodies travel, how trouble is made."""

import asyncio
import base64
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.sandbox.changes import Changes
from bot.sandbox.faults import Fault, Gate

LOCAL = frozenset({"127.0.0.1", "localhost", "[::1]"})
LONGEST_WAIT = 50.0
BODY = 64 * 1024 * 1024  # bytes of a request: an album in Base64
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


class ControlPaths(ABC):
    """Serves the control paths of one sandbox: ``_read`` and ``_act`` know its people and rooms."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._gates: list[Gate] = []

    async def handle(self, request: web.BaseRequest, path: str = "") -> web.Response:
        """Answer one request; other sites' pages are kept out by host and content type."""
        steps = [step for step in (path or request.path).removeprefix("/control/").split("/") if step]
        if not local(request.host):
            return answer({"error": "only from this machine"}, 403)
        try:
            if request.method == "GET":
                return await self._get(steps, request.query)
            if request.content_type != "application/json":
                return answer({"error": "send JSON, with its content type"}, 415)
            made = self._act(steps, await body_of(request))
            return self._answer(await made if asyncio.iscoroutine(made) else made)
        except (LookupError, ValueError, TypeError) as error:
            return answer({"error": f"{type(error).__name__}: {error}"}, 400)

    @abstractmethod
    def _read(self, steps: list[str], query: Mapping[str, str]) -> Any:
        """Return what stands at a path."""

    @abstractmethod
    def _act(self, steps: list[str], body: dict[str, Any]) -> Any:
        """Do what a path asks for."""

    @abstractmethod
    def _stored(self, file_id: str) -> tuple[str, bytes | None]:
        """Return a file's type and bytes."""

    def _plain(self, value: Any) -> Any:
        """Return what JSON cannot say by itself as what it can."""
        if isinstance(value, Fault | Gate):
            return None
        if is_dataclass(value) and not isinstance(value, type):
            return asdict(value)
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, bytes):
            return f"{len(value)} bytes"
        raise TypeError(f"{type(value).__name__} has no JSON")

    async def _get(self, steps: list[str], query: Mapping[str, str]) -> web.Response:
        if steps == ["changes"]:
            return self._answer(await self._next_change(query))
        if steps[:1] == ["files"]:
            return picture_or_bytes(*self._stored("/".join(steps[1:])))
        return self._answer(self._read(steps, query))

    async def _next_change(self, query: Mapping[str, str]) -> dict[str, int]:
        since = int(query.get("since", self._changes.count))
        try:
            async with asyncio.timeout(min(float(query.get("timeout", 25)), LONGEST_WAIT)):
                while self._changes.count <= since:
                    await self._changes.wait()
        except TimeoutError:
            pass
        return {"count": self._changes.count}

    def _trouble(self, faults: Any, kind: str, body: dict[str, Any]) -> Any:
        """Make trouble; a gate is opened by its number."""
        made = getattr(faults, kind)(**body)
        if isinstance(made, Gate):
            self._gates.append(made)
            return {"gate": len(self._gates) - 1}
        return None

    def _answer(self, body: Any) -> web.Response:
        return web.Response(body=json.dumps(body, default=self._plain).encode(), content_type="application/json")


def local(host: str) -> bool:
    """Return whether a request was addressed to this machine by a name that no other site can take."""
    return host in LOCAL or host.rpartition(":")[0] in LOCAL


async def body_of(request: web.BaseRequest) -> dict[str, Any]:
    """Return a request's JSON object; raise ValueError where it is none, or too large."""
    data = bytearray()
    async for piece in request.content.iter_any():
        data += piece
        if len(data) > BODY:
            raise ValueError(f"a request may have {BODY} bytes")
    body = json.loads(data or b"{}")
    if not isinstance(body, dict):
        raise ValueError("send a JSON object")
    return body


def bytes_of(body: dict[str, Any]) -> None:
    """Turn what travelled as Base64 back into bytes: ``data``, and that of each file in ``files``."""
    for holder in (body, *(one for one in body.get("files") or () if isinstance(one, dict))):
        if isinstance(holder.get("data"), str):
            holder["data"] = base64.b64decode(holder["data"])


def picture_or_bytes(kind: str, data: bytes | None) -> web.Response:
    """Return a file; only pictures are named by their type, so that no page of ours runs a stranger's."""
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
    if kind not in PICTURES:
        kind, headers["Content-Disposition"] = "application/octet-stream", "attachment"
    return web.Response(body=data or b"", content_type=kind, headers=headers)


def answer(body: Mapping[str, Any], status: int = 200) -> web.Response:
    """Return a plain JSON answer."""
    return web.Response(body=json.dumps(body).encode(), status=status, content_type="application/json")
