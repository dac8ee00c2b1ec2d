"""`make simulate SEEDS=200`: let so many towns live, and print what was wrong in them."""

import argparse
import logging
import os
import sys
import tempfile
from pathlib import Path

if os.environ.get("PYTHONHASHSEED") != "0":  # the order of sets is part of what a seed stands for
    os.execve(
        sys.executable, [sys.executable, "-m", "tests.town", *sys.argv[1:]], {**os.environ, "PYTHONHASHSEED": "0"}
    )

from tests.compiled_once import share_compiled_statements
from tests.town.ablations import table
from tests.town.campaign import campaign, homes_of, replay, short
from tests.town.database import Homes


def main() -> int:
    """Parse, run, print; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seed", type=int, help="this one alone, with its whole history")
    parser.add_argument("--stage", choices=("telegram", "slack", "crossed"))
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--keep", help="of its acts only these numbers")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument(
        "--ablations", nargs="?", const="", help="switch each safeguard off, or those whose name has this"
    )
    parser.add_argument("--short", action="store_true", help="a few fixed seeds, for the ordinary tests")
    chosen = parser.parse_args()
    share_compiled_statements()
    logging.disable(logging.WARNING)
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="frontdesk-town-", dir=memory if memory.is_dir() else None) as folder:
        homes = homes_of(Path(folder), chosen.database)
        try:
            return lived(homes, chosen)
        finally:
            homes.close()


def lived(homes: Homes, chosen: argparse.Namespace) -> int:
    """Let towns live as was chosen; return 1 where anything was wrong."""
    seeds = range(chosen.first, chosen.first + chosen.seeds)
    if chosen.ablations is not None:
        return table(seeds, homes, chosen.ablations)
    if chosen.short:
        return short(homes)
    if chosen.seed is not None:
        return replay(homes, chosen.seed, chosen.stage, chosen.keep)
    stages = (chosen.stage,) if chosen.stage else ("telegram", "slack", "crossed")
    return campaign(homes, seeds, stages, shrinks=not chosen.no_shrink)


if __name__ == "__main__":
    sys.exit(main())
