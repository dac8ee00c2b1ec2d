"""When the rule about outages would have rung over this desk's own history: a dry run, which changes nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from handlers.rules import Rules
from handlers.rules.book import RulesCache
from handlers.rules.outages import OutageRule
from handlers.tickets.noticing import notices_over_history, with_words
from storage.care.outages import Asked, Outages
from storage.desk.rules import RulesRevisions
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


async def dry_run(
    url: str, days: int, base: Rules, *, least: int | None = None, minutes: int | None = None
) -> tuple[int, OutageRule, list[Ring]]:
    """Return how many questions were looked at, by which rule (in doubt the desk's own), and when it would have rung."""
    now, asked = datetime.now(UTC), list[Asked]()
    async with reading_current(url) as database:
        rules = await database.read(lambda connection: RulesCache(base).follow(RulesRevisions(connection)))
        within = timedelta(minutes=minutes) if minutes is not None else rules.outages.within
        rule = replace(rules.outages, people=least or rules.outages.people, within=within)
        for day in range(days, 0, -1):
            since = now - timedelta(days=day)
            look = partial(_asked, since=since, until=since + timedelta(days=1))
            asked += with_words(await database.read(look))
    found = notices_over_history(asked, least=rule.people, window=rule.within)
    rings = [Ring(at.isoformat(), one.people, round(one.expected, 1), one.core) for at, one in found]
    return len(asked), rule, rings


def _asked(connection: Any, since: datetime, until: datetime) -> list[Asked]:
    return Outages(connection).asked(since, until, EACH)
