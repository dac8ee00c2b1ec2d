"""A program under the bench: alone in its process, with a sandbox of its own in the bench's process."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from bot.sandbox.telegram import Call, Group, Keep, Person, TelegramSandbox
from tests.bench import path_process
from tests.bench.path_fill import Story

CHATS = 200
LIFTED = 10_000  # messages a second: as good as no limit
READY = 90.0  # seconds a program may take to import aiogram and to begin to poll
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
    """One program (or several processes of it) that answers what is said in its sandbox."""

    name: str
    sandbox: TelegramSandbox
    group: Group
    people: list[Person]
    topics: list[int]
    folder: Path
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)
    server: int = 0  # the process of a database server beside it
    said: int = 0
    rested_at: float = 0.0  # when everybody may speak again
    log: IO[bytes] | None = None

    @classmethod
    async def of(cls, name: str, folder: Path, chats: int = CHATS) -> "Contestant":
        """Set the stage: a forum, an agent, people with a topic each."""
        sandbox = await TelegramSandbox.start(keep=Keep(calls=4000, updates=4000, messages=400))
        bob = sandbox.person("Bob")
        group = sandbox.group("Team", forum=True, members=[bob])
        people = [sandbox.person(f"Ann {number}") for number in range(chats)]
        topics = [group.open_topic(person.name) for person in people]
        return cls(name, sandbox, group, people, topics, folder)

    @property
    def story(self) -> Story:
        """Return who talks where."""
        people = [(person.id, person.name) for person in self.people]
        return Story(f"telegram:{self.sandbox.token.partition(':')[0]}", self.group.id, people, self.topics)

    async def run_desk(self, url: str, *, processes: int = 1, per_second: float = LIFTED) -> Self:
        """Start `frontdesk run` on a database, in as many processes; the group's rate is lifted (no real one takes 20/s)."""
        chosen = {
            "database_url": url,
            "telegram_bot_token": self.sandbox.token,
            "telegram_api_url": self.sandbox.url,
            "telegram_team_chat": self.group.id,
            "telegram_per_second": per_second,
            "telegram_group_per_minute": 60 * LIFTED,
            "http_port": 0,
        }
        environment = {name.upper(): str(value) for name, value in chosen.items()}
        for _ in range(processes):
            await self._start(["-m", "bot", "run"], environment)
        return self

    async def run_echo(self) -> Self:
        """Start the echo bot."""
        await self._start(["-m", "tests.bench.echo", self.sandbox.url, self.sandbox.token], {})
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
        """Return when it polls and has heard what was said before."""
        await self._until(lambda: self.sandbox.polled and not self.sandbox.unconfirmed, READY)

    async def burst(self) -> Burst:
        """Let everybody say something at once; return what it took until all is sent and written down."""
        await self._rested()
        before, server_before = self.cpu(), self._server_cpu()
        began, words = self.sandbox.clock.now(), self._words(len(self.people))
        for person, text in zip(self.people, words, strict=True):
            person.says(text)
        sent = await self._sent(words, began)
        self.rested_at = time.monotonic() + REST
        await asyncio.sleep(SETTLED)
        cpu, server = self.cpu() - before, self._server_cpu() - server_before
        wall = (max(call.at for call in sent) - began).total_seconds()
        count = len(words)
        return Burst(cpu * 1000 / count, wall * 1000 / count, server * 1000 / count)

    async def stream(self, per_second: float, seconds: float) -> list[float]:
        """Let people speak one after another at a steady rate; return how long each took to be sent on, in ms."""
        await self._rested()
        loop = asyncio.get_running_loop()
        began, start = self.sandbox.clock.now(), loop.time()
        words = self._words(int(per_second * seconds))
        arrived: dict[str, datetime] = {}
        for number, text in enumerate(words):
            await asyncio.sleep(start + number / per_second - loop.time())
            self.people[number % len(self.people)].says(text)
            arrived[text] = self.sandbox.updates[-1].at
        sent = await self._sent(words, began)
        self.rested_at = time.monotonic() + REST
        return [(call.at - arrived[_said(call)]).total_seconds() * 1000 for call in sent]

    async def _rested(self) -> None:
        await asyncio.sleep(max(0.0, self.rested_at - time.monotonic()))

    def _words(self, count: int) -> list[str]:
        """Return so many texts, each said once only."""
        self.said += count
        return [f"It happened again today, see number {number}" for number in range(self.said - count, self.said)]

    async def _sent(self, words: Sequence[str], began: datetime) -> list[Call]:
        """Return the calls that send each of these texts on; anything sent besides, or twice, is an error."""
        found: list[Call] = []

        def all_sent() -> bool:
            found[:] = [call for call in self.sandbox.calls_of("sendMessage") if call.at >= began]
            return len(found) >= len(words)

        with contextlib.suppress(TimeoutError):
            await self._until(all_sent, PATIENCE)
        if sorted(_said(call) for call in found) != sorted(words):
            lines = (self.folder / "log").read_text().splitlines()[-20:]
            raise RuntimeError("\n".join([f"{self.name}: {len(words)} texts came, {len(found)} were sent on", *lines]))
        return found

    async def _until(self, true: Callable[[], bool], within: float) -> None:
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
        return sum(path_process.cpu(process) for process in path_process.family(self.server)) if self.server else 0.0

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
        await self.sandbox.close()
        if self.log:
            self.log.close()


def _said(call: Call) -> str:
    """Return what a person said in what was sent: the last line."""
    return str(call.args["text"]).rpartition("\n")[2]
