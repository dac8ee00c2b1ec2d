"""Two processes on one PostgreSQL: one polls and holds the line to Slack, both work; when it dies the other takes over."""

from pathlib import Path

from tests.crash.desks import zygote
from tests.crash.test_crash import crash
from tests.crash.town import Living
from tests.lengths import FULL

KILLS = 3 if FULL else 2
UNHURRIED = 3.0  # a lease ends in 10 s: what a busy machine delays is not taken for dead by the other process


async def test_two_processes_share_the_work_and_outlive_each_other(postgres_url: str, tmp_path: Path) -> None:
    async with zygote(tmp_path, UNHURRIED) as desks:
        tally = await crash(postgres_url, desks, Living.CROSSED, lambda rounds: rounds.overlaps(KILLS))
    assert tally.kills["anywhere"] == KILLS
