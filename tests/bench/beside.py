"""What reading costs those who write: ``make bench-beside``.

A desk on an SQLite file of 1,000,000 requests on Telegram; requesters speak 20 times a second, alone and beside readers in turns.

* Readers of its own: `/metrics` each second, `/find` each second, and an export that walks through the requests. Goal: the p99 of
  a word's way is at most 1.2 times what it is alone.
* The report of a year, one after another, on the same terms.
* A program that reads requests by the API 500 times a second, on the same terms.
* Command lines on the same file: `kb match`, `kb export`, `desk export`, one after another. Goal: no word waits 50 ms longer.

``--quick`` only shows that everything runs. docs/speed.md has what was measured.
"""

import argparse
import asyncio
import contextlib
import json
import os
import socket
import statistics
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import aiohttp

from tests.bench.path import Bench, quantile, say, warm, workplace
from tests.bench.path_contestant import Contestant
from tests.bench.path_stage import OnTelegram

MANY, FEW = 1_000_000, 2_000
PATIENCE = 300.0  # seconds that an export may take
RATE = 20  # words a second
CALLS, FEW_CALLS = 500, 50  # of the API, a second
P99, WAIT = 1.2, 50.0  # times, milliseconds
COMMANDS = (
    ("kb", "match", "my card was charged twice"),
    ("kb", "export", "answers.csv"),
    ("desk", "export", "desk.yaml"),
)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


class Beside:
    """One desk, and those who read beside it."""

    def __init__(self, bench: Bench, desk: Contestant, port: int) -> None:
        assert isinstance(desk.stage, OnTelegram)
        self.bench, self.desk, self.stage, self.port = bench, desk, desk.stage, port
        self.url = f"sqlite+aiosqlite:///{desk.folder / 'frontdesk.db'}"
        self.done = {"metrics": 0, "find": 0, "export": 0, "report": 0, "calls": 0, "commands": 0}
        self.secret = ""
        self.program: list[dict[str, float]] = []  # what a program tells of its calls
        desk.asked = True

    async def words(self, *, until: str = "") -> list[float]:
        """Return how long each of some words took to be shown, in ms, ascending; more of them ``until`` this was read once."""
        before, found = self.done.get(until), await self.desk.stream(RATE, self.bench.seconds)
        while until and self.done[until] == before:
            found += await self.desk.stream(RATE, self.bench.seconds)
        return sorted(found)

    @contextlib.asynccontextmanager
    async def meanwhile(self, *readers: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Let these read again and again while something else is done."""

        async def again(reader: Callable[[], Awaitable[None]]) -> None:
            while True:
                await reader()

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(again(reader)) for reader in readers]
            yield
            for task in tasks:
                task.cancel()

    async def scrape(self) -> None:
        """Read the metrics, and wait a second."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.port}/metrics") as answer,
        ):
            assert "frontdesk_backlog" in await answer.text()
        self.done["metrics"] += 1
        await asyncio.sleep(1)

    async def find(self) -> None:
        """Let an agent search, and wait a second."""
        self.stage.bob.says("/find charged", at=self.stage.group)
        self.done["find"] += 1
        await asyncio.sleep(1)

    async def command(self) -> None:
        """Let a command line read the desk's file."""
        chosen = COMMANDS[self.done["commands"] % len(COMMANDS)]
        reading = await self._started("bot", *chosen, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE)
        try:
            _, wrong = await reading.communicate()
            assert reading.returncode == 0, wrong.decode()
        finally:
            if reading.returncode is None:
                reading.kill()
        self.done["commands"] += 1

    async def let_in(self) -> str:
        """Let a program in, as an operator does; return its token."""
        words = ("token", "add", "Bench", "--scope", "tickets:read", "--rate", "100000", "--json")
        adding = await self._started("bot", *words, stdout=asyncio.subprocess.PIPE)
        said, _ = await adding.communicate()
        return str(json.loads(said)["token"])

    async def call(self) -> None:
        """Let a program read at its rate, until this is cancelled."""
        rate = str(FEW_CALLS if self.bench.quick else CALLS)
        pipe = asyncio.subprocess.PIPE
        calling = await self._started("tests.bench.beside_calls", str(self.port), rate, stdin=pipe, stdout=pipe)
        assert calling.stdin is not None
        assert calling.stdout is not None
        calling.stdin.write(f"{self.secret}\n".encode())
        try:
            await calling.stdout.readline()  # the first answer has come
            self.done["calls"] += 1
            await calling.wait()
        finally:
            calling.stdin.close()
            said, _ = await calling.communicate()
            self.program.append(json.loads(said))
            self.done["calls"] += int(self.program[-1]["calls"]) - 1

    async def _started(self, *words: str, **pipes: Any) -> asyncio.subprocess.Process:
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "DATABASE_URL": self.url}
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *words), cwd=self.desk.folder, env=environment, **pipes
        )

    async def export(self) -> None:
        """Let an agent ask for the longest list there may be as a file, and wait until it has come."""
        before = len(self.stage.sandbox.calls_of("sendDocument"))
        self.stage.bob.says("/export csv closed", at=self.stage.group)
        await self.desk.until(lambda: len(self.stage.sandbox.calls_of("sendDocument")) > before, PATIENCE)
        self.done["export"] += 1

    async def report(self) -> None:
        """Let an agent ask for the report of a year, and wait until its picture has come."""
        before = len(self.stage.sandbox.calls_of("sendPhoto"))
        self.stage.bob.says("/report agents 365d", at=self.stage.group)
        await self.desk.until(lambda: len(self.stage.sandbox.calls_of("sendPhoto")) > before, PATIENCE)
        self.done["report"] += 1

    async def pairs(
        self, *readers: Callable[[], Awaitable[None]], until: str
    ) -> tuple[list[list[float]], list[list[float]]]:
        """Return the words' ways alone and beside these readers, measured in turns."""
        alone, beside = [], []
        for _ in range(self.bench.rounds):
            alone.append(await self.words())
            async with self.meanwhile(*readers):
                beside.append(await self.words(until=until))
        return alone, beside


def told(ways: Sequence[Sequence[float]]) -> str:
    """Return the medians of the p50 and the p99, and the longest of all, in ms."""
    p50, p99 = (statistics.median(quantile(way, part) for way in ways) for part in (0.5, 0.99))
    return f"{p50:.1f}, {p99:.1f} (worst {max(map(max, ways)):.0f})"


def ratio(alone: Sequence[Sequence[float]], among: Sequence[Sequence[float]]) -> float:
    """Tell and return what becomes of the p99 beside readers: the median of the pairs."""
    found = statistics.median(quantile(b, 0.99) / quantile(a, 0.99) for a, b in zip(alone, among, strict=True))
    say(f"p99 beside / alone, median of pairs; goal {P99}", f"{found:.2f}")
    return found


async def run(folder: Path, *, quick: bool) -> list[str]:
    """Measure; return what misses its goal."""
    bench, port = Bench(folder, quick=quick), free_port()
    async with await bench.desk("desk", tickets=FEW if quick else MANY, http_port=port) as desk:
        beside = Beside(bench, desk, port)
        await warm(desk)
        beside.stage.bob.says("/queue", at=beside.stage.group)  # who acts in the team's group is an agent
        alone, among = await beside.pairs(beside.scrape, beside.find, beside.export, until="export")
        say("alone: p50, p99, ms", told(alone))
        say("beside metrics, a search and an export", told(among))
        times = ratio(alone, among)
        alone, among = await beside.pairs(beside.report, until="report")
        say("alone: p50, p99, ms", told(alone))
        say("beside reports of a year", told(among))
        report = ratio(alone, among)
        beside.secret = await beside.let_in()
        alone, among = await beside.pairs(beside.call, until="calls")
        say("alone: p50, p99, ms", told(alone))
        say("beside a program that reads", told(among))
        calls = ratio(alone, among)
        for name in ("p50", "p99"):
            say(f"a call of its, {name}, ms", f"{statistics.median(each[name] for each in beside.program):.1f}")
        made = statistics.median(each["calls"] / each["seconds"] for each in beside.program)
        say(f"calls a second; asked for {FEW_CALLS if quick else CALLS}", f"{made:.0f}")
        alone, among = await beside.pairs(beside.command, until="commands")
        say("alone: p50, p99, ms", told(alone))
        say("beside command lines that read", told(among))
        longer = max(map(max, among)) - max(map(max, alone))
        say(f"the longest wait beside them is longer by, ms; goal {WAIT:.0f}", f"{longer:.0f}")
        say("read meanwhile", ", ".join(f"{name} {count}" for name, count in beside.done.items()))
    missed = ["p99 beside readers"] if times > P99 else []
    missed += ["p99 beside a report"] if report > P99 else []
    missed += ["p99 beside a program"] if calls > P99 else []
    return [*missed, "the longest wait beside a command line"] if longer > WAIT else missed


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.beside")
    parser.add_argument("--quick", action="store_true", help="only show that everything runs")
    quick = parser.parse_args().quick
    with workplace() as folder:
        missed = asyncio.run(run(folder, quick=quick))
    if missed and not quick:
        sys.exit(f"missed: {', '.join(missed)}")


if __name__ == "__main__":
    main()
