"""What the desk's commands cost at 10,000 and at 1,000,000 requests, on both databases: ``make bench-scale``.

Each act is a whole turn, from the event in the inbox to the commit, one after another on the small and on the large database,
so that the machine's moods fall on both. ``--quick`` only shows that everything runs. docs/speed.md explains the table.
"""

import argparse
import asyncio
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, text

from bot.inbox import inbox_arrival
from bot.intake.turn_loop import TurnLoop
from handlers.rules import Rules
from handlers.rules.book import RulesCache
from handlers.turns.knowledge import Knowledge
from storage.engine.database import Database
from storage.engine.migrate import migrate_database
from storage.engine.opening import open_database
from storage.queues import inbox
from tests import postgres
from tests.bench import path_process, scale_fill, scale_reports
from tests.bench.path import DISK, server_process
from tests.bench.scale_acts import ACTS, Act
from tests.clock import HandClock

SMALL, LARGE = 10_000, 1_000_000
GOAL = 1.5
WARM = 3  # turns of each act that do not count


@dataclass(slots=True)
class Took:
    """What the turns of one act took: milliseconds on the wall, and of CPU in this process and in the server."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    server: float = 0.0

    def add(self, wall: float, cpu: float) -> None:
        """Count a turn."""
        self.wall.append(wall)
        self.cpu.append(cpu)

    @property
    def median(self) -> float:
        """Return the median turn, milliseconds on the wall."""
        return statistics.median(self.wall)


class Stored:
    """A desk on a database with so many requests."""

    def __init__(self, database: Database, count: int, at: datetime, server: int) -> None:
        self.count, self.at, self._server = count, at, server
        self._database, self._keys = database, 0
        self.took = {act.name: Took() for act in ACTS}
        clock = HandClock()
        clock.set(at)
        self.desk = TurnLoop(database, clock, RulesCache(Rules()), Knowledge(), {}, promised=asyncio.Event())

    async def does(self, act: Act, turn: int) -> None:
        """Let the desk hear an act, and time the turn with its commit."""
        self._keys += 1
        event = act.arriving(self._keys, turn, self.count, self.at)
        await self._database.run(lambda connection: inbox.accept_arrivals(connection, [inbox_arrival(event)], self.at))
        wall, cpu, server = time.perf_counter(), time.process_time(), self._server_cpu()
        done = await self._database.run(self.desk._round)
        took = ((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)
        assert done.handled == 1, f"{act.name}: {done.handled} turns"
        if turn >= WARM:
            self.took[act.name].add(*took)
            self.took[act.name].server += (self._server_cpu() - server) * 1000

    def _server_cpu(self) -> float:
        return sum(used(process) for process in path_process.family(self._server)) if self._server else 0.0

    async def check(self) -> None:
        """Raise unless every turn said what it should: nothing was refused, nothing failed."""
        wrong = "SELECT count(*) FROM inbox WHERE incident IS NOT NULL OR done_at IS NULL"
        refused = "SELECT count(*) FROM audit WHERE act = 'refused'"
        for question in (wrong, refused):
            assert await self._database.run(lambda c, asked=question: c.scalar(text(asked))) == 0, question  # type: ignore[misc]


def used(process: int) -> float:
    """Return the CPU seconds of a process of the server's; none where it has just ended."""
    try:
        return path_process.cpu(process)
    except OSError:
        return 0.0


async def grown(url: str, count: int, now: datetime) -> Database:
    """Return a database with so many requests."""
    await migrate_database(url)
    database = await open_database(url)

    def work(connection: Connection) -> None:
        after = scale_fill.hasten(connection)
        scale_fill.fill(connection, count, now)
        for statement in after:
            connection.execute(text(statement))

    await database.run(work)
    if database.shared:
        await settled(url)
    return database


async def settled(url: str) -> None:
    """Let PostgreSQL know what it holds, as autovacuum does sooner or later."""
    import asyncpg

    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def sqlite(folder: Path, counts: Sequence[int], now: datetime) -> AsyncIterator[list[Stored]]:
    """Yield desks on SQLite files."""
    databases = [await grown(f"sqlite+aiosqlite:///{folder / f'{count}.db'}", count, now) for count in counts]
    yield [Stored(database, count, now, 0) for database, count in zip(databases, counts, strict=True)]
    for database in databases:
        await database.close()


@contextlib.asynccontextmanager
async def postgresql(_folder: Path, counts: Sequence[int], now: datetime) -> AsyncIterator[list[Stored]]:
    """Yield desks on databases of one PostgreSQL."""
    with postgres.server(durable=True) as server:
        async with contextlib.AsyncExitStack() as stack:
            urls = [await stack.enter_async_context(server.fresh()) for _ in counts]
            databases = [await grown(url, count, now) for url, count in zip(urls, counts, strict=True)]
            process = server_process(server)
            yield [Stored(database, count, now, process) for database, count in zip(databases, counts, strict=True)]
            for database in databases:
                await database.close()


async def measured(stored: Sequence[Stored], rounds: int) -> None:
    """Let every act happen so many times on each, in turns."""
    for turn in range(rounds + WARM):
        for act in ACTS:
            for each in stored if turn % 2 else reversed(stored):
                await each.does(act, turn)
    for each in stored:
        await each.check()


def told(name: str, few: Stored, many: Stored) -> list[str]:
    """Print a database's part of the table; return the acts that miss the goal."""
    missed = []
    for act in ACTS:
        small, large = few.took[act.name], many.took[act.name]
        ratio = large.median / small.median
        cpu = f"{statistics.median(small.cpu):.1f} → {statistics.median(large.cpu):.1f}"
        beside = f"{small.server / len(small.wall):.1f} → {large.server / len(large.wall):.1f}" if few._server else "–"
        row = (name, act.name, f"{small.median:.1f} → {large.median:.1f}", f"{ratio:.2f}", cpu, beside)
        line(*row)
        missed += [f"{name}: {act.name}"] if ratio > GOAL else []
    return missed


def line(*cells: str) -> None:
    """Print a row of the table."""
    widths = (10, 30, 15, 5, 13, 13)
    sys.stdout.write("| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)) + " |\n")
    sys.stdout.flush()


async def run(counts: tuple[int, int], rounds: int) -> list[str]:
    """Measure on both databases; return what misses the goal."""
    began, missed = time.monotonic(), []
    few, many = (f"{count:,}" for count in counts)
    sys.stdout.write(f"Median turns with their commit, at {few} → {many} requests; goal: at most {GOAL} times\n")
    line("database", "act", "wall, ms", "ratio", "CPU, ms", "server, ms")
    disk = DISK.absolute()
    disk.mkdir(exist_ok=True)
    for name, opened in (("SQLite", sqlite), ("PostgreSQL", postgresql)):
        with tempfile.TemporaryDirectory(dir=disk, prefix="scale-") as folder:
            async with opened(Path(folder), counts, datetime.now(UTC)) as stored:
                await measured(stored, rounds)
                missed += told(name, *stored)
                too_slow = await scale_reports.measured(stored[-1]._database, stored[-1].at)
                missed += [f"{name}: {one}" for one in too_slow]
    sys.stdout.write(f"the whole run: {time.monotonic() - began:.0f} s\n")
    return missed


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few requests and few turns: does everything run?")
    quick = parser.parse_args().quick
    missed = asyncio.run(run((500, 2_000) if quick else (SMALL, LARGE), 2 if quick else 40))
    if missed and not quick:
        sys.exit(f"over {GOAL}: {', '.join(missed)}")


if __name__ == "__main__":
    main()
