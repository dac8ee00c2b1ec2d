"""Two processes on one PostgreSQL: one polls, both work; when the leader dies the other takes over."""

from tests.crash.desks import Zygote
from tests.crash.test_crash import crash

KILLS = 3


async def test_two_processes_share_the_work_and_outlive_each_other(postgres_url: str, desks: Zygote) -> None:
    tally = await crash(postgres_url, desks, lambda rounds: rounds.overlaps(KILLS))
    assert tally.kills["anywhere"] == KILLS
