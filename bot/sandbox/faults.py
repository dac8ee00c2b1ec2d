"""Trouble on purpose: which call meets it, how often, and what happens to it."""

import asyncio
import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from bot.sandbox.changes import PATIENCE


class Foreign(NamedTuple):
    """What somebody answers in a messenger's place."""

    status: int
    content_type: str
    body: str
    headers: tuple[tuple[str, str], ...] = ()


PAGE = "<html><head><title>Please sign in</title></head><body>Guest Wi-Fi</body></html>"
# By proxies, captive portals and broken servers; none of these is a word of the messenger.
FOREIGN = {
    "plain_503": Foreign(503, "text/plain", "upstream connect error or disconnect/reset before headers"),
    "plain_504": Foreign(504, "text/plain", "upstream request timeout"),
    "plain_502": Foreign(502, "text/plain; charset=no-such", "Bad Gateway"),
    "proxy_407": Foreign(407, "text/html", PAGE, (("Proxy-Authenticate", 'Basic realm="office"'),)),
    "plain_429": Foreign(429, "text/plain", "slow down", (("Retry-After", "1"),)),
    "mad_429": Foreign(429, "application/json", '{"detail": "Too Many Requests"}', (("Retry-After", "-1e999"),)),
    "html_502": Foreign(502, "text/html", "<html><h1>502 Bad Gateway</h1></html>"),
    "html_200": Foreign(200, "text/html", PAGE),
    "plain_200": Foreign(200, "text/plain", "OK"),
    "empty_200": Foreign(200, "application/json", ""),
    "empty_403": Foreign(403, "text/plain", ""),
    "cut_json": Foreign(200, "application/json", '{"ok": true, "result": {"mess'),
    "not_utf8": Foreign(200, "application/json", '{"ok": true, "error": "\udcff"}'),
    "deep_json": Foreign(200, "application/json", "[" * 100_000),
    "list_json": Foreign(200, "application/json", "[1, 2]"),
    "null_json": Foreign(200, "application/json", "null"),
    "bare_ok": Foreign(200, "application/json", '{"ok": true}'),
    "empty_ok": Foreign(
        200, "application/json", '{"ok": true, "result": {}, "channel": null, "ts": "", "messages": 5}'
    ),
    "bare_no": Foreign(403, "application/json", '{"ok": false}'),
    "detail_401": Foreign(401, "application/json", '{"detail": "Not authenticated"}'),
    "portal_302": Foreign(302, "text/html", "", (("Location", "https://portal.example/"),)),
}


class Gate:
    """A closed door before which held calls wait until a test opens it."""

    def __init__(self) -> None:
        self.held = 0
        self._open = asyncio.Event()
        self._arrived = asyncio.Event()

    async def enter(self) -> None:
        """Wait for the door to open."""
        self.held += 1
        self._arrived.set()
        await self._open.wait()

    async def reached(self, within: float = PATIENCE) -> None:
        """Return when a call stands before the door."""
        async with asyncio.timeout(within):
            await self._arrived.wait()

    def open(self) -> None:
        """Let every held call through, and all later ones."""
        self._open.set()


@dataclass(eq=False, slots=True)
class Fault:
    """One kind of trouble: ``times`` calls meet it, or a ``share`` of them."""

    method: str = "*"
    chat: int | str | None = None
    times: int | None = 1
    share: float = 1.0
    after: bool = False
    status: int | None = None
    body: dict[str, Any] | str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html"  # of a body that is a text
    drop: bool = False
    delay: float = 0.0
    gate: Gate | None = None
    hits: int = 0

    def meets(self, method: str, chat: int | str | None) -> bool:
        """Return whether the call is of the kind this trouble waits for."""
        if self.times is not None and self.hits >= self.times:
            return False
        return fnmatchcase(method.lower(), self.method.lower()) and self.chat in (None, chat)


@dataclass(slots=True)
class Faults:
    """All trouble now waiting; the first that fits a call takes it."""

    seed: int = 0
    waiting: list[Fault] = field(default_factory=list)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def add(self, fault: Fault) -> Fault:
        """Let this trouble happen."""
        self.waiting.append(fault)
        return fault

    def answer(self, fault: Fault, foreign: Foreign) -> Fault:
        """Let somebody else answer in the messenger's place."""
        fault.status, fault.body, fault.content_type = foreign.status, foreign.body, foreign.content_type
        fault.headers = dict(foreign.headers)
        return self.add(fault)

    def redirect(self, to: str, status: int = 302, *, method: str = "*", times: int | None = 1) -> Fault:
        """Let a call be sent on to another address."""
        return self.answer(Fault(method, times=times), Foreign(status, "text/html", "", (("Location", to),)))

    def remove(self, fault: Fault) -> None:
        """End one trouble; calls held by it go on."""
        if fault.gate is not None:
            fault.gate.open()
        if fault in self.waiting:
            self.waiting.remove(fault)

    def clear(self) -> None:
        """End all trouble."""
        for fault in list(self.waiting):
            self.remove(fault)

    def pick(self, method: str, chat: int | str | None) -> Fault | None:
        """Return the trouble that this call meets, counting the hit."""
        for fault in self.waiting:
            if fault.meets(method, chat) and (fault.share >= 1 or self._random.random() < fault.share):
                fault.hits += 1
                if fault.hits == fault.times and fault.gate is None:
                    self.waiting.remove(fault)
                return fault
        return None
