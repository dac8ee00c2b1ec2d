"""Desks to be killed: forked from a zygote, or started cold by the command line."""

import asyncio
import json
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.clock import FastClock

FACTOR = 10.0  # a lease of 30 s ends in 3
STARTING = 60.0


@dataclass(eq=False)
class Desk:
    """One process that serves; ``ended`` brings its exit code, negative for the signal that ended it."""

    pid: int
    log: Path
    ended: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def alive(self) -> bool:
        """Whether nobody has seen it end."""
        return not self.ended.done()

    def arm(self) -> None:
        """Let it count how often it reaches its point from now on."""
        self._signal(signal.SIGUSR1)

    def kill(self) -> None:
        """Kill it and all it started, wherever it is."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop gracefully."""
        self._signal(signal.SIGTERM)

    def _signal(self, which: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, which)

    async def end(self, within: float) -> int:
        """Return its exit code."""
        async with asyncio.timeout(within):
            return await asyncio.shield(self.ended)


class Zygote:
    """The parent's end of a zygote."""

    def __init__(self, process: Process, folder: Path, factor: float = FACTOR) -> None:
        self.folder, self.epoch, self.factor = folder, time.time(), factor
        self.clock = FastClock(self.epoch, self.factor)
        self._process = process
        self._starting: list[asyncio.Future[Desk]] = []
        self._desks: dict[int, Desk] = {}
        self._made = 0

    async def start(
        self,
        environment: Mapping[str, str],
        *,
        point: str = "",
        nth: int = 0,
        at_once: bool = False,
        poison: str = "",
        ahead: float = 0.0,
    ) -> Desk:
        """Fork a desk that will kill itself at a point, in a turn about words that are poison to it, or when it is told.

        ``ahead`` is by how many seconds its clock is.
        """
        self._made += 1
        order = {
            "environment": dict(environment),
            "point": point,
            "nth": nth,
            "at_once": at_once,
            "poison": poison,
            "ahead": ahead,
            "epoch": self.epoch,
            "factor": self.factor,
            "log": str(self.folder / f"desk{self._made}.log"),
        }
        assert self._process.stdin is not None
        started: asyncio.Future[Desk] = asyncio.get_running_loop().create_future()
        self._starting.append(started)
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        async with asyncio.timeout(STARTING):
            return await started

    async def hear(self) -> None:
        """Hear what becomes of the desks, until the zygote ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            facts = json.loads(line)
            if "started" in facts:
                desk = Desk(facts["started"], self.folder / f"desk{self._made}.log")
                self._desks[desk.pid] = desk
                self._starting.pop(0).set_result(desk)
            elif "ended" in facts:
                self._desks.pop(facts["ended"]).ended.set_result(facts["code"])
        for started in self._starting:
            started.set_exception(RuntimeError("the zygote died; what it said stands above"))


@asynccontextmanager
async def zygote(folder: Path, factor: float = FACTOR) -> AsyncIterator[Zygote]:
    """Yield a zygote that writes the desks' logs into a folder; it ends with the block, and every desk with it."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": os.getcwd()}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.crash.zygote", stdin=PIPE, stdout=PIPE, env=environment
    )
    assert process.stdin is not None
    made = Zygote(process, folder, factor)
    hearing = asyncio.create_task(made.hear())
    try:
        yield made
    finally:
        process.stdin.close()
        await process.wait()
        await hearing


class Cold:
    """Starts each desk as an operator does: ``python -m bot run``, with the real clock."""

    factor = 1.0

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FastClock(time.time(), self.factor)
        self._made = 0

    async def start(
        self,
        environment: Mapping[str, str],
        *,
        point: str = "",
        nth: int = 0,
        at_once: bool = False,
        ahead: float = 0.0,
    ) -> Desk:
        """Start a desk; it is killed from outside only."""
        assert not point, "a cold desk knows no points"
        assert not ahead, "a cold desk has the clock of its machine"
        self._made += 1
        log = self.folder / f"cold{self._made}.log"
        with log.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", env={**os.environ, **environment},
                stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        desk = Desk(process.pid, log)
        waiting = asyncio.create_task(process.wait())
        waiting.add_done_callback(lambda task: desk.ended.set_result(task.result()))
        return desk


Nursery = Zygote | Cold
