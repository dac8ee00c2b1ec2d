"""SIGKILL in the middle of a burst, anywhere and at each named point: nothing is lost, nothing comes twice."""

import random
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.crash.desks import Cold, Nursery, Zygote
from tests.crash.rounds import Rounds, Tally, table
from tests.crash.town import Town

ROUNDS = 15
COLD = 3
STOPS = 2


async def crash(url: str, nursery: Nursery, run: Callable[[Rounds], Awaitable[Tally]]) -> Tally:
    """Run rounds with a seed of the day, and fail with everything that was wrong."""
    seed, name = random.randrange(10_000), url.split(":")[0].split("+")[0]
    async with Town.stands(seed) as town:
        tally = await run(Rounds(name, url, nursery, town, random.Random(seed)))
    print(f"seed {seed}", *table([tally]), sep="\n")  # noqa: T201 - shown when it fails, and by -s
    assert not tally.problems, "\n".join([f"seed {seed}", *tally.problems])
    assert tally.refused > 0, "nothing was answered 429"
    return tally


async def test_nothing_is_lost_or_doubled_when_the_desk_is_killed_on_sqlite(sqlite_url: str, desks: Zygote) -> None:
    assert (await crash(sqlite_url, desks, lambda rounds: rounds.run(ROUNDS))).missing == []


async def test_nothing_is_lost_or_doubled_when_the_desk_is_killed_on_postgresql(
    postgres_url: str, desks: Zygote
) -> None:
    assert (await crash(postgres_url, desks, lambda rounds: rounds.run(ROUNDS))).missing == []


async def test_nothing_is_lost_or_doubled_when_the_real_command_is_killed(sqlite_url: str, tmp_path: Path) -> None:
    tally = await crash(sqlite_url, Cold(tmp_path), lambda rounds: rounds.run(COLD))
    assert tally.kills["anywhere"] == COLD


async def test_a_graceful_stop_in_the_middle_of_a_burst_leaves_not_even_a_doubt(
    database_url: str, desks: Zygote
) -> None:
    assert (await crash(database_url, desks, lambda rounds: rounds.stops(STOPS))).uncertain == 0
