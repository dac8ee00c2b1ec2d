"""What reports and exports cost at 1,000,000 requests, and how long they hold anybody else up: part of ``make bench-scale``.

Run alone (``python -m tests.bench.scale_reports --count 100000``) it fills a database of its own on SQLite.
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
import unittest.mock
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.deferred import lists
from bot.deferred.lists import list_file
from bot.deferred.workshop import Workshop
from bot.interpreter import spare_startup_objects
from bot.reports.producing import report_file_content
from handlers.reports.asked import AskedReport
from handlers.reports.kinds import ReportKind
from handlers.rules import Rules
from handlers.vocabulary.deferred import ListArgs
from handlers.vocabulary.filters import FILTER
from storage.engine.database import Database
from storage.tickets.queue import Filter
from tests.bench.path import DISK

Work = Callable[[], Awaitable[object]]

GOALS = {30: 3.0, 365: 15.0}  # days of a report: seconds
ROWS = 100_000
MORE = 150  # MiB that an export may take meanwhile
EXPORT = f"export of {ROWS:,}"


class Peak:
    """How much more memory this process has held at a time, since this was made; Linux counts it."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5")  # begin to look for the highest anew
        self._before = self._highest()

    @property
    def more(self) -> int:
        """Return how much more it was, MiB."""
        return self._highest() - self._before

    def _highest(self) -> int:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


@contextlib.asynccontextmanager
async def watched() -> AsyncIterator[list[float]]:
    """Yield how late the loop was, at the worst, while something ran."""
    worst = [0.0]

    async def look() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            worst[0] = max(worst[0], time.perf_counter() - began - 0.01)

    task = asyncio.create_task(look())
    try:
        yield worst
    finally:
        task.cancel()


async def measured(database: Database, now: datetime) -> list[str]:
    """Measure every report and an export on a database; return what misses its goal."""
    workshop, missed = Workshop(database, Rules(), lambda: now), list[str]()
    rules = await workshop.rules()
    last = now.date()
    spare_startup_objects()  # as a desk does

    def report(kind: ReportKind, days: int) -> Work:
        first, end = last - timedelta(days=days - 1), last + timedelta(days=1)
        asked = AskedReport(kind, first, end, "Europe/Kyiv", "en", compare=False)
        return lambda: report_file_content(workshop, asked, rules, "csv")

    args: ListArgs = {
        "filter": FILTER.dump_python(Filter(every=True), mode="json"),
        "language": "en",
        "zone": "UTC",
    }
    works: list[tuple[str, float | None, Work]] = [
        *((f"{kind} of {days} days", goal, report(kind, days)) for days, goal in GOALS.items() for kind in ReportKind),
        (f"{EXPORT} as XLSX", None, lambda: list_file(workshop, "x.xlsx", args)),
        (f"{EXPORT} as CSV", None, lambda: list_file(workshop, "x.csv", args)),
    ]
    for name, goal, work in works:
        began, cpu, memory = time.perf_counter(), time.process_time(), Peak()
        async with watched() as worst:
            with unittest.mock.patch.object(lists, "MOST", ROWS):
                await work()
        took = time.perf_counter() - began
        used = time.process_time() - cpu
        said = f"{took:.1f} s ({used:.1f} s of CPU), {memory.more} MiB more"
        sys.stdout.write(f"{name}: {said}, the loop stood still {worst[0] * 1000:.0f} ms at most\n")
        sys.stdout.flush()
        if (goal is not None and took > goal) or (name.startswith(EXPORT) and memory.more > MORE):
            missed.append(name)
    return missed


async def alone(count: int) -> list[str]:
    """Fill a SQLite database and measure."""
    from tests.bench.scale import grown

    disk = DISK.absolute()
    disk.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=disk, prefix="reports-") as folder:
        now = datetime.now(UTC)
        began = time.perf_counter()
        database = await grown(f"sqlite+aiosqlite:///{Path(folder) / 'large.db'}", count, now)
        sys.stdout.write(f"{count:,} requests, filled in {time.perf_counter() - began:.0f} s\n")
        try:
            return await measured(database, now)
        finally:
            await database.close()


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    missed = asyncio.run(alone(parser.parse_args().count))
    if missed:
        sys.exit(f"too slow: {', '.join(missed)}")


if __name__ == "__main__":
    main()
