"""Nothing is kept longer than it is said to be."""

from collections.abc import Iterator
from datetime import timedelta

from tests.town.town import Town

HOUR = 3_600_000_000  # microseconds
SLACK = 2 * HOUR  # the desk tidies once an hour
EMPTIED, DELETED = 48 * HOUR, 30 * 24 * HOUR


def problems(town: Town) -> Iterator[str]:
    """Yield what is kept too long, unless the clock has just jumped."""
    if town.life.clock.skew > timedelta(hours=1):
        return
    now, reader = town.life.clock.micros(), town.life.reader
    for table, extra in (("inbox", "incident IS NULL"), ("outgoing", "state <> 'failed'")):
        old = reader.one(f"SELECT count(*) FROM {table} WHERE {extra} AND done_at < ?", now - DELETED - SLACK)
        full = reader.one(
            f"SELECT count(*) FROM {table} WHERE {extra} AND payload <> '' AND done_at < ?", now - EMPTIED - SLACK
        )
        if old:
            yield f"retention: {old} rows of {table} are older than thirty days"
        if full:
            yield f"retention: {full} rows of {table} keep their words longer than 48 hours"
