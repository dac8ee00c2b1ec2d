"""`make crash ROUNDS=200`: kill the desk so many times on each database, and print what was lost, doubled or wrong."""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from storage.migrate import migrate
from tests import postgres
from tests.crash.desks import zygote
from tests.crash.rounds import Rounds, Tally, table
from tests.crash.town import Town


async def crash(name: str, url: str, rounds: int, seed: int, folder: Path) -> Tally:
    """Run all rounds on one database."""
    folder = folder / name.lower()
    folder.mkdir()
    async with zygote(folder) as nursery, Town.stands(seed) as town:
        return await Rounds(name, url, nursery, town, random.Random(seed)).run(rounds)


async def main() -> int:
    """Parse, run, print; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}: the same plan comes again with --seed {chosen.seed}")  # noqa: T201
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-crash-"))
    tallies: list[Tally] = []
    if chosen.database != "postgresql":
        url = f"sqlite+aiosqlite:///{folder / 'frontdesk.db'}"
        tallies.append(await crash("SQLite", url, chosen.rounds, chosen.seed, folder))
    if chosen.database != "sqlite":
        with postgres.server() as server:
            async with server.fresh(migrate) as url:
                tallies.append(await crash("PostgreSQL", url, chosen.rounds, chosen.seed, folder))
    print("\n".join(table(tallies)))  # noqa: T201
    wrong = [f"{tally.database}: {problem}" for tally in tallies for problem in tally.problems]
    print("\n".join(wrong[:50]) or "nothing lost, nothing twice")  # noqa: T201
    print(f"the desks' logs: {folder}")  # noqa: T201
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
