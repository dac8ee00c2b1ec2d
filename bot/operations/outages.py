"""When the rule about outages would have rung over this desk's own history: a dry run, which changes nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from handlers.tickets.noticing import notices_over_history
from storage.care.outages import Asked, Outages
from storage.engine.migrate import reading_current

EACH = 5000  # questions of one look


@dataclass(frozen=True, slots=True)
class Ring:
    """One time it would have rung."""

    at: str
    people: int
    expected: float
    about: Sequence[str]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


async def dry_run(url: str, days: int, least: int) -> tuple[int, list[Ring]]:
    """Return how many questions were looked at, and when it would have rung."""
    now, asked = datetime.now(UTC), list[Asked]()
    async with reading_current(url) as database:
        for day in range(days, 0, -1):
            since = now - timedelta(days=day)
            look = partial(_asked, since=since, until=since + timedelta(days=1))
            asked += await database.read(look)
    found = notices_over_history(asked, least=least)
    return len(asked), [Ring(at.isoformat(), one.people, round(one.expected, 1), one.core) for at, one in found]


def _asked(connection: Any, since: datetime, until: datetime) -> list[Asked]:
    return Outages(connection).asked(since, until, EACH)
