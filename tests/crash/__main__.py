"""`make crash ROUNDS=200`: kill the desk so often in each town on each database, and print what was lost, doubled or wrong."""

import argparse
import asyncio
import random
import sys
import tempfile
from pathlib import Path

from storage.engine.migrate import migrate_database
from tests import postgres
from tests.crash.desks import zygote
from tests.crash.rounds import Rounds, Tally, table
from tests.crash.town import Living, Town

SHOWN = 50  # of what was wrong; all of it is written down


async def crash(living: Living, database: str, url: str, rounds: int, seed: int, folder: Path, crowd: int = 0) -> Tally:
    """Run all rounds in one town on one database; or, where there is a ``crowd``, let that many be told the same meanwhile."""
    folder = folder / f"{living}-{database.lower()}{'-crowd' if crowd else ''}"
    folder.mkdir()
    async with zygote(folder) as nursery, Town.stands(living, seed, nursery.clock) as town:
        name = f"{living}, {database}{', crowd' if crowd else ''}"
        made = Rounds(name, url, nursery, town, random.Random(seed))
        return await (made.announces(crowd) if crowd else made.run(rounds))


async def main() -> int:
    """Parse, run, print; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000))
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument(
        "--crowd", type=int, default=2000, help="so many are told the same, in a run of its own; 0: none"
    )
    parser.add_argument("--town", choices=(*Living, "all"), default="all")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}: the same plan comes again with --seed {chosen.seed}")  # noqa: T201
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-crash-"))
    tallies: list[Tally] = []
    for living in Living if chosen.town == "all" else [Living(chosen.town)]:
        tallies += await town(living, chosen, folder)
    print("\n".join(table(tallies)))  # noqa: T201
    wrong = [f"{tally.name}: {problem}" for tally in tallies for problem in tally.problems]
    (folder / "wrong.txt").write_text("\n".join(wrong))
    print("\n".join(wrong[:SHOWN]) or "nothing lost, nothing twice")  # noqa: T201
    if len(wrong) > SHOWN:
        print(f"and {len(wrong) - SHOWN} more: {folder / 'wrong.txt'}")  # noqa: T201
    print(f"the desks' logs: {folder}")  # noqa: T201
    return int(bool(wrong))


async def town(living: Living, chosen: argparse.Namespace, folder: Path) -> list[Tally]:
    """Run all rounds in one town, on the chosen databases, each with nothing in it."""
    tallies: list[Tally] = []
    for crowd in dict.fromkeys((0, chosen.crowd)) if chosen.rounds else (chosen.crowd,):
        if chosen.database != "postgresql":
            url = f"sqlite+aiosqlite:///{folder / f'{living}-{crowd}.db'}"
            tallies.append(await crash(living, "SQLite", url, chosen.rounds, chosen.seed, folder, crowd))
        if chosen.database != "sqlite":
            with postgres.server() as server:
                async with server.fresh(migrate_database) as url:
                    tallies.append(await crash(living, "PostgreSQL", url, chosen.rounds, chosen.seed, folder, crowd))
    return tallies


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
