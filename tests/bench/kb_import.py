"""What turns wait for while a desk takes 3,000 articles from a file: ``python -m tests.bench.kb_import``.

One process, SQLite: a question is answered and written down again and again, as turns do, while the file is read, written part
by part, and the index built anew.
"""

import asyncio
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bot.clock import WallClock
from bot.delivery import article_import
from bot.interpreter import switch_threads_often
from bot.operations.index_keeper import IndexKeeper
from handlers.turns.knowledge import Knowledge, article_of
from kb.files.apart import read_apart
from kb.files.formats import format_articles
from storage.desk.articles import Articles
from storage.desk.records import Records
from storage.engine.database import Connection, Database
from storage.engine.migrate import migrate_database
from storage.engine.opening import open_database
from tests.bench.kb_data import large

ARTICLES = 3000
BETWEEN = 0.002  # seconds between two turns


async def measure(articles: int = ARTICLES) -> dict[str, float]:
    """Return milliseconds of turns before and during an import, and the seconds it took."""
    before = sys.getswitchinterval()
    switch_threads_often()  # as a desk's process does
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder, 'desk.db')}"
        await migrate_database(url)
        database = await open_database(url)
        try:
            return await _measure(database, articles)
        finally:
            await database.close()
            sys.setswitchinterval(before)


async def _measure(database: Database, articles: int) -> dict[str, float]:
    knowledge = Knowledge()
    keeper = IndexKeeper(database, WallClock(), knowledge)
    await keeper.start()
    serving = asyncio.create_task(keeper.serve())
    held: list[float] = []
    stop = asyncio.Event()

    def turn(connection: Connection) -> None:
        began = time.perf_counter()
        knowledge.find(Articles(connection), "how do i change my card pin number", "en")
        Records(connection).audit("bench", datetime.now(UTC), person=None)
        held.append((time.perf_counter() - began) * 1000)

    waits: list[float] = []

    async def talk() -> None:
        while not stop.is_set():
            began = time.perf_counter()
            await database.run(turn)
            waits.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(BETWEEN)

    async def take(name: str, raw: bytes) -> float:
        began = time.perf_counter()
        _, rows = await article_import.all_articles(database)
        changes = await asyncio.to_thread(read_apart, name, raw, existing=[article_of(row) for row in rows], seconds=60)
        await article_import.import_articles(database, f"bench{len(rows)}", changes, by=None)
        return time.perf_counter() - began

    talking = asyncio.create_task(talk())
    await asyncio.sleep(1)
    quiet = list(waits)
    waits.clear()
    written = [replace(one, answer=f"Answer {one.id}.", id=f"n{one.id}") for one in large(articles)]
    raw = format_articles("a.csv", written).encode()
    taken = await take("a.csv", raw)
    await asyncio.sleep(2)  # the index is built anew
    stop.set()
    await talking
    serving.cancel()
    found = np.array(waits)
    return {
        "quiet p50": float(np.percentile(quiet, 50)), "quiet worst": max(quiet), "turns": float(found.size),
        "p50": float(np.percentile(found, 50)), "p99": float(np.percentile(found, 99)), "worst": float(found.max()),
        "seconds": taken,
    }  # fmt: skip


def main() -> None:
    """Print what was measured."""
    told = asyncio.run(measure())
    sys.stdout.write(
        f"\nAn import of {ARTICLES:,} articles into a serving desk (SQLite): {told['seconds']:.1f} s; of "
        f"{told['turns']:.0f} turns "
        f"meanwhile p50 {told['p50']:.1f} ms, p99 {told['p99']:.1f}, the longest {told['worst']:.1f} "
        f"(before: p50 {told['quiet p50']:.1f}, longest {told['quiet worst']:.1f})\n"
    )


if __name__ == "__main__":
    main()
