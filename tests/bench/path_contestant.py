"""A program under the bench: alone in its process, on a stage of its own in the bench's process."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tests.bench import path_process
from tests.bench.path_fill import Story
from tests.bench.path_stage import STAGES, Stage

CHATS = 200
READY = 90.0  # seconds a program may take to import its messenger's library and to begin to listen
PATIENCE = 60.0  # seconds until what is not sent counts as lost
SETTLED = 0.25  # seconds after the last send in which what was sent is written down
REST = 2.1  # seconds between two messages of one person: closer ones are folded into one post on purpose


@dataclass(frozen=True, slots=True)
class Burst:
    """What one burst took, for each of its messages, in milliseconds."""

    cpu: float
    wall: float
    server_cpu: float = 0.0


@dataclass(slots=True, eq=False)
class Contestant:
    """One program (or several processes of it) that answers what is said on its stage."""

    name: str
    stage: Stage
    chats: int
    folder: Path
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)
    server: int = 0  # the process of a database server beside it
    said: int = 0
    rested_at: float = 0.0  # when everybody may speak again
    log: IO[bytes] | None = None
    asked: bool = False  # for other things besides: what it sends then is no error

    @classmethod
    async def of(cls, name: str, folder: Path, chats: int = CHATS, messenger: str = "telegram") -> "Contestant":
        """Set the stage."""
        return cls(name, await STAGES[messenger](chats), chats, folder)

    @property
    def story(self) -> Story:
        """Return who talks where."""
        return self.stage.story

    async def run_desk(self, url: str, settings: Mapping[str, object] | None = None, *, processes: int = 1) -> Self:
        """Start `frontdesk run` on a database, in as many processes."""
        unmeasured = {"person_per_minute": 10**6}  # a few hundred people stand for all that a desk may have
        chosen = {"database_url": url, "http_port": 0, **unmeasured, **self.stage.settings, **(settings or {})}
        environment = {name.upper(): str(value) for name, value in chosen.items()}
        for _ in range(processes):
            await self._start(["-m", "bot", "run"], environment)
        return self

    async def run_echo(self) -> Self:
        """Start the echo bot."""
        await self._start(["-m", *self.stage.echo], {})
        return self

    async def _start(self, arguments: Sequence[str], environment: dict[str, str]) -> None:
        root = str(Path(__file__).parents[2])
        self.log = self.log or (self.folder / "log").open("ab")
        self.processes.append(
            await asyncio.create_subprocess_exec(
                sys.executable,
                *arguments,
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": root, **environment},
                stdout=self.log,
                stderr=self.log,
            )
        )

    async def ready(self) -> None:
        """Return when it listens and has heard what was said before."""
        await self.until(lambda: self.stage.heard, READY)

    async def burst(self) -> Burst:
        """Let everybody say something at once; return what it took until all is sent and written down."""
        await self._rested()
        before, server_before = self.cpu(), self._server_cpu()
        began, words = self.stage.now(), self._words(self.chats)
        for number, text in enumerate(words):
            self.stage.says(number, text)
        sent = await self._sent(words, began)
        self.rested_at = time.monotonic() + REST
        await asyncio.sleep(SETTLED)
        cpu, server = self.cpu() - before, self._server_cpu() - server_before
        wall = (max(at for _, at in sent) - began).total_seconds()
        count = len(words)
        return Burst(cpu * 1000 / count, wall * 1000 / count, server * 1000 / count)

    async def stream(self, per_second: float, seconds: float) -> list[float]:
        """Let people speak one after another at a steady rate; return how long each took to be sent on, in ms."""
        await self._rested()
        loop = asyncio.get_running_loop()
        began, start = self.stage.now(), loop.time()
        words = self._words(int(per_second * seconds))
        arrived: dict[str, datetime] = {}
        for number, text in enumerate(words):
            await asyncio.sleep(start + number / per_second - loop.time())
            arrived[text] = self.stage.says(number % self.chats, text)
        sent = await self._sent(words, began)
        self.rested_at = time.monotonic() + REST
        return [(at - arrived[text]).total_seconds() * 1000 for text, at in sent]

    async def _rested(self) -> None:
        await asyncio.sleep(max(0.0, self.rested_at - time.monotonic()))

    def _words(self, count: int) -> list[str]:
        """Return so many texts, each said once only."""
        self.said += count
        return [f"It happened again today, see number {number}" for number in range(self.said - count, self.said)]

    async def _sent(self, words: Sequence[str], began: datetime) -> list[tuple[str, datetime]]:
        """Return when each of these texts was sent on; anything sent besides, or twice, is an error."""
        found: list[tuple[str, datetime]] = []
        wanted = set(words)

        def all_sent() -> bool:
            found[:] = [one for one in self.stage.sent(began) if not self.asked or one[0] in wanted]
            return len(found) >= len(words)

        with contextlib.suppress(TimeoutError):
            await self.until(all_sent, PATIENCE)
        if sorted(text for text, _ in found) != sorted(words):
            lines = (self.folder / "log").read_text().splitlines()[-20:]
            raise RuntimeError("\n".join([f"{self.name}: {len(words)} texts came, {len(found)} were sent on", *lines]))
        return found

    async def until(self, true: Callable[[], bool], within: float) -> None:
        """Look every few milliseconds, so that looking costs the contestant nothing."""
        async with asyncio.timeout(within):
            while not true():
                self._alive()
                await asyncio.sleep(0.01)

    def _alive(self) -> None:
        if any(process.returncode is not None for process in self.processes):
            raise RuntimeError(f"{self.name} ended: {(self.folder / 'log').read_text()[-2000:]}")

    def cpu(self) -> float:
        """Return the seconds of CPU its own processes have used, without what they started."""
        return sum(path_process.cpu(process.pid) for process in self.processes)

    def _server_cpu(self) -> float:
        return sum(map(path_process.cpu, path_process.family(self.server))) if self.server else 0.0

    @property
    def memory(self) -> float:
        """Return the resident memory of the largest of its processes, in MiB."""
        return max(path_process.resident(process.pid) for process in self.processes)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self.processes:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM if error is None else signal.SIGKILL)
        for process in self.processes:
            await process.wait()
        await self.stage.close()
        if self.log:
            self.log.close()
