"""Two processes on one PostgreSQL: one polls and holds the line to Slack, both work; when it dies the other takes over."""

from tests.conftest import FULL
from tests.crash.desks import Zygote
from tests.crash.test_crash import crash
from tests.crash.town import Living

KILLS = 3 if FULL else 2


async def test_two_processes_share_the_work_and_outlive_each_other(postgres_url: str, desks: Zygote) -> None:
    tally = await crash(postgres_url, desks, Living.CROSSED, lambda rounds: rounds.overlaps(KILLS))
    assert tally.kills["anywhere"] == KILLS
