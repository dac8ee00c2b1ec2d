"""What a message costs: a requester's text joins their ticket and brings exactly one send, from 200 chats.

``make bench-path`` measures CPU beside a bare echo bot of aiogram's and one of bolt's, latency, PostgreSQL, growth with the
tickets stored, memory and the start of the command line. ``--quick`` only shows that everything runs. docs/speed.md explains
the table.
"""

import argparse
import asyncio
import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests import postgres
from tests.bench.path_contestant import Burst, Contestant
from tests.bench.path_fill import copied, filled, with_tickets

DEFAULT_RATE = 30  # messages a second to all chats together
SMALL, LARGE = 1_000, 1_000_000
DISK = Path(".bench")  # in the project's own folder, so that commits reach a real disk


class Bench:
    """The series of one run; each prints its lines as soon as it knows them."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder = folder
        self.chats = 40 if quick else 200
        self.rounds = 1 if quick else 5
        self.seconds = 1.0 if quick else 8.0
        self.quick = quick

    async def run(self) -> None:
        """Measure everything, one series after another."""
        began = time.monotonic()
        noise = [spin() for _ in range(5)]
        await self.cost("telegram")
        await self.cost("slack")
        if not self.quick:
            await self.growth()
        await self.on_postgres()
        self.version()
        noise += [spin() for _ in range(5)]
        say("the same 50 ms of Python, before and after, ms CPU", f"{min(noise):.0f}–{max(noise):.0f}")
        say(
            "load average of the last minute; the whole run, s",
            f"{os.getloadavg()[0]:.1f}; {time.monotonic() - began:.0f}",
        )

    async def contestant(self, name: str, messenger: str = "telegram") -> Contestant:
        """Return a contestant with its stage set."""
        return await Contestant.of(name, folder_in(self.folder, f"{messenger}-{name}"), self.chats, messenger)

    async def desk(
        self, name: str, messenger: str = "telegram", *, tickets: int = SMALL, **settings: object
    ) -> Contestant:
        """Return a desk on an SQLite file with so many tickets stored."""
        desk = await self.contestant(name, messenger)
        url = copied(await with_tickets(tickets), desk.folder / "frontdesk.db")
        return await desk.run_desk(await filled(url, desk.story), settings)

    async def cost(self, messenger: str) -> None:
        """CPU of the desk beside the echo's, then latency, then memory."""
        on = messenger.capitalize()
        async with contextlib.AsyncExitStack() as stack:
            echo = await stack.enter_async_context(await (await self.contestant("echo", messenger)).run_echo())
            desk = await stack.enter_async_context(await self.desk("desk", messenger))
            await warm(echo, desk)
            bursts = await alternating(self.rounds, echo, desk)
            for each in (echo, desk):
                say(f"{on}, {each.name}: CPU a message, ms (wall)", told(bursts[each.name]))
            say(f"{on}, desk / echo, CPU; goal 2.5", ratio(bursts["desk"], bursts["echo"]))
            if messenger == "telegram":
                await self.latency(f"{on}, desk, 20/s, default overall rate", await self.paced(stack, desk), 20)
            await self.latency(f"{on}, desk, 30/s, rates lifted", desk, 30)
            await self.latency(f"{on}, echo, 30/s", echo, 30)
            say(f"{on}, resident, MiB: desk (goal 220), echo", f"{desk.memory:.0f}, {echo.memory:.0f}")

    async def paced(self, stack: contextlib.AsyncExitStack, desk: Contestant) -> Contestant:
        """Return a desk with the default overall rate; the quick form makes do with the one it has."""
        if self.quick:
            return desk
        paced = await stack.enter_async_context(await self.desk("paced", telegram_per_second=DEFAULT_RATE))
        await warm(paced)
        return paced

    async def latency(self, name: str, contestant: Contestant, rate: float) -> None:
        """From arrival at the messenger to the send that it brings."""
        runs = [sorted(await contestant.stream(rate, self.seconds)) for _ in range(1 if self.quick else 3)]
        p50, p99 = (statistics.median(quantile(run, part) for run in runs) for part in (0.5, 0.99))
        say(f"{name}: p50, p99, ms", f"{p50:.1f}, {p99:.1f} (worst {max(map(max, runs)):.0f})")

    async def growth(self) -> None:
        """The same path with few and with many tickets stored, runs alternating."""
        async with contextlib.AsyncExitStack() as stack:
            few = await stack.enter_async_context(await self.desk("few"))
            many = await stack.enter_async_context(await self.desk("many", tickets=LARGE))
            await warm(few, many)
            bursts = await alternating(self.rounds + 2, few, many)
            say(f"{SMALL:,} tickets: CPU a message, ms (wall)", told(bursts["few"]))
            say(f"{LARGE:,} tickets: CPU a message, ms (wall)", told(bursts["many"]))
            say("many / few, CPU, median of pairs; goal 1.2", ratio(bursts["many"], bursts["few"]))

    async def on_postgres(self) -> None:
        """The same path on PostgreSQL: one process, then four beside it on a database of their own."""
        from storage.engine.migrate import migrate_database

        with postgres.server(durable=True) as server:
            for workers in (1,) if self.quick else (1, 4):
                async with server.fresh(migrate_database) as url, await self.contestant(f"postgres-{workers}") as desk:
                    desk.server = server_process(server)
                    await desk.run_desk(await filled(url, desk.story), processes=workers)
                    await warm(desk)
                    bursts = await alternating(1 if self.quick else 3, desk)
                    found = bursts[desk.name]
                    beside = statistics.median(burst.server_cpu for burst in found)
                    say(
                        f"PostgreSQL, {workers} worker(s): CPU a message, ms (wall)",
                        f"{told(found)}; server {beside:.2f}",
                    )
                    await self.latency(f"PostgreSQL, {workers} worker(s), 30/s, lifted", desk, 30)

    def version(self) -> None:
        """What `frontdesk --version` costs."""
        spent = []
        for _ in range(1 if self.quick else 5):
            before = children()
            subprocess.run([sys.executable, "-m", "bot", "--version"], check=True, stdout=subprocess.DEVNULL)
            spent.append(children() - before)
        say("frontdesk --version: CPU, s; goal 0.5", f"{statistics.median(spent):.2f}")


async def warm(*contestants: Contestant) -> None:
    """Let everybody start up, and fill caches with two bursts that do not count."""
    for each in contestants:
        await each.ready()
    for _ in range(2):
        for each in contestants:
            await each.burst()


async def alternating(rounds: int, *contestants: Contestant) -> dict[str, list[Burst]]:
    """Return the bursts of each, taken in turn so that a busy minute falls on all of them."""
    found: dict[str, list[Burst]] = {each.name: [] for each in contestants}
    for _ in range(rounds):
        for each in contestants:
            found[each.name].append(await each.burst())
    return found


def told(bursts: Sequence[Burst]) -> str:
    """Return the median CPU of bursts with its range, and the median wall time."""
    cpu = [burst.cpu for burst in bursts]
    wall = statistics.median(burst.wall for burst in bursts)
    return f"{statistics.median(cpu):.2f} [{min(cpu):.2f}–{max(cpu):.2f}] ({wall:.2f})"


def ratio(of: Sequence[Burst], to: Sequence[Burst]) -> str:
    """Return the median of the pairs' quotients with its range."""
    found = [one.cpu / other.cpu for one, other in zip(of, to, strict=True)]
    return f"{statistics.median(found):.2f} [{min(found):.2f}–{max(found):.2f}]"


def quantile(ordered: Sequence[float], part: float) -> float:
    """Return the value that this part of the values does not exceed."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def folder_in(folder: Path, name: str) -> Path:
    """Return a new folder in another."""
    made = folder / name
    made.mkdir()
    return made


def server_process(server: postgres.Server) -> int:
    """Return the id of the process of a PostgreSQL server that runs."""
    server.url("")
    return int((server.directory / "data" / "postmaster.pid").read_text().splitlines()[0])


def children() -> float:
    """Return the CPU seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def spin() -> float:
    """Return the milliseconds of CPU that a fixed piece of Python takes: what the machine itself varies by."""
    before = time.process_time()
    sum(number * number for number in range(600_000))
    return (time.process_time() - before) * 1000


def say(what: str, value: str) -> None:
    """Print one line of the table."""
    sys.stdout.write(f"| {what:<58} | {value:<34} |\n")
    sys.stdout.flush()


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """Yield a folder on the disk of the project, empty again afterwards."""
    DISK.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=DISK, prefix="run-") as folder:
        yield Path(folder).absolute()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.path")
    parser.add_argument("--quick", action="store_true", help="only show that everything runs")
    quick = parser.parse_args(arguments).quick
    with workplace() as folder:
        asyncio.run(Bench(folder, quick=quick).run())


if __name__ == "__main__":
    main()
