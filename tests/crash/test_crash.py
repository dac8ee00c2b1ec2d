"""SIGKILL in the middle of a burst, anywhere and at each named point: nothing is lost, nothing comes twice."""

import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.monitoring.failpoints import POINTS
from tests.crash import rounds
from tests.crash.desks import Cold, Nursery, Zygote
from tests.crash.rounds import ANYWHERE, Rounds, Tally, table
from tests.crash.town import Living, Town
from tests.lengths import FULL

# In `make check` each database takes its half of the points; at full length each takes all.
ROUNDS = 15 if FULL else 8
ON_SQLITE, ON_POSTGRESQL = (POINTS, POINTS) if FULL else (POINTS[:4], POINTS[3:])
CROWD = 300 if FULL else 60
COLD = 3 if FULL else 2
STOPS = 2

everywhere = pytest.mark.parametrize("living", Living)


async def crash(
    url: str, nursery: Nursery, living: Living, run: Callable[[Rounds], Awaitable[Tally]], points: tuple[str, ...] = ()
) -> Tally:
    """Run rounds with a seed of the day, and fail with everything that was wrong."""
    seed, name = random.randrange(10_000), url.split(":")[0].split("+")[0]
    async with Town.stands(living, seed, nursery.clock) as town:
        tally = await run(Rounds(name, url, nursery, town, random.Random(seed), points))
    print(f"seed {seed}", *table([tally]), sep="\n")  # noqa: T201 - shown when it fails, and by -s
    assert not tally.problems, "\n".join([f"seed {seed}", *tally.problems])
    assert tally.refused > 0, "nothing was answered 429"
    assert [point for point in points if not tally.kills[point]] == []
    return tally


@everywhere
async def test_nothing_is_lost_or_doubled_when_the_desk_is_killed_on_sqlite(
    sqlite_url: str, desks: Zygote, living: Living
) -> None:
    await crash(sqlite_url, desks, living, lambda made: made.run(ROUNDS), ON_SQLITE)


@everywhere
async def test_nothing_is_lost_or_doubled_when_the_desk_is_killed_on_postgresql(
    postgres_url: str, desks: Zygote, living: Living
) -> None:
    await crash(postgres_url, desks, living, lambda made: made.run(ROUNDS), ON_POSTGRESQL)


async def test_an_announcement_under_way_comes_once_to_each(sqlite_url: str, desks: Zygote) -> None:
    """``make crash`` tells it to 2,000, in each town."""
    await crash(sqlite_url, desks, Living.CROSSED, lambda made: made.announces(CROWD))


async def test_a_point_that_is_gone_ends_the_rounds_and_is_named(
    sqlite_url: str, desks: Zygote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "TRIES", 2)
    with pytest.raises(AssertionError, match="'gone' was reached in none of 2 rounds"):
        await crash(sqlite_url, desks, Living.TELEGRAM, lambda made: made.run(2), ("gone",))


async def test_nothing_is_lost_or_doubled_when_the_real_command_is_killed(sqlite_url: str, tmp_path: Path) -> None:
    tally = await crash(sqlite_url, Cold(tmp_path), Living.CROSSED, lambda made: made.run(COLD))
    assert tally.kills[ANYWHERE] == COLD


async def test_a_graceful_stop_in_the_middle_of_a_burst_leaves_not_even_a_doubt(
    database_url: str, desks: Zygote
) -> None:
    assert (await crash(database_url, desks, Living.CROSSED, lambda made: made.stops(STOPS))).uncertain == 0
