"""Another program on this machine, which webhooks are sent to: it judges them as docs/integrations.md shows how."""

import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web

from tests.loopback import End, listen

PAGE = Path(__file__).parent.parent / "docs" / "integrations.md"


def sample_receiver() -> dict[str, Any]:
    """Return what the receiver of the page defines, by its names."""
    found = re.search(r"<!-- receiver -->\n```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None, "docs/integrations.md shows no receiver"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "receiver.py"
        file.write_text(found[1], "utf-8")
        spec = spec_from_file_location("receiver", file)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
    return vars(module)


@dataclass(slots=True)
class Receiver:
    """What came in, and how it answers."""

    now: Callable[[], float]
    sample: dict[str, Any] = field(default_factory=sample_receiver)
    port: int = 0
    status: int = 204  # of its answers; 0: it says nothing that makes sense
    failing: int = 0  # so many calls from now on are answered 503, whatever ``status`` says
    forgets: int = 0  # so many are acted on, and the answer is lost
    headers: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # each: its id, and what it said
    verdicts: list[str] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)  # what it took and acted on, once each

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def events(self) -> list[str]:
        """The types of what it acted on, in order."""
        return [said["type"] for said in self.taken]

    def knows(self, secret: str) -> None:
        """Let it know the secret."""
        self.sample["SECRET"] = secret

    async def take(self, request: web.BaseRequest) -> web.Response:
        """Judge a call, and answer as told."""
        body = await request.read()
        verdict = self.sample["judge"](request.headers, body, self.now())
        self.verdicts.append(verdict)
        self.calls.append((request.headers.get("webhook-id", ""), json.loads(body)))
        if verdict == "refused":
            return web.Response(status=401)
        if self.failing:
            self.failing -= 1
            return web.Response(status=503)
        if 200 <= self.status < 300 and verdict == "new":
            self.sample["seen"].add(request.headers["webhook-id"])
            self.taken.append(json.loads(body))
        if self.forgets:
            self.forgets -= 1
            return web.Response(status=504)
        return web.Response(status=self.status, headers=self.headers)

    async def listens(self) -> End:
        """Listen on loopback; return what ends that."""
        self.port, end = await listen(self.take)
        return end


@asynccontextmanager
async def receiving(now: Callable[[], float]) -> AsyncIterator[Receiver]:
    """Listen on loopback."""
    receiver = Receiver(now)
    ends = await receiver.listens()
    try:
        yield receiver
    finally:
        await ends()
