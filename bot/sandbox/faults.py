"""Trouble on purpose: which call meets it, how often, and what happens to it."""

import asyncio
import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from bot.sandbox.changes import PATIENCE


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
