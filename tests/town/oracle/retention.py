"""Nothing is kept longer than it is said to be."""

from collections.abc import Iterator
from datetime import timedelta

from tests.town.town import Town

HOUR = timedelta(hours=1)
SLACK = 2 * HOUR  # the desk tidies once an hour
# A promise is kept, emptied, as long as what stands somewhere is known by it.
NAMED = "id IN (SELECT outgoing_id FROM post UNION SELECT outgoing_id FROM card UNION SELECT card FROM draft "
NAMED += "UNION SELECT receipt_id FROM message)"
EMPTIED, DELETED = 48 * HOUR, 30 * 24 * HOUR


def problems(town: Town) -> Iterator[str]:
    """Yield what is kept too long, unless the clock has just jumped."""
    if town.life.clock.skew > timedelta(hours=1):
        return
    now, reader = town.life.clock.now(), town.life.reader
    # What may be read back from a messenger is told by its key from what was heard, and its keys are kept for longer.
    heard = "source IN (SELECT source FROM own_account WHERE heard_until IS NOT NULL)"
    for table, extra in (
        ("inbox", f"incident IS NULL AND NOT {heard}"),
        ("outgoing", f"state <> 'failed' AND NOT {NAMED}"),
    ):
        old = reader.one(
            f"SELECT count(*) FROM {table} WHERE {extra} AND done_at < ?", reader.moment(now - DELETED - SLACK)
        )
        full = reader.one(
            f"SELECT count(*) FROM {table} WHERE {extra.partition(' AND')[0]} AND payload <> '' AND done_at < ?",
            reader.moment(now - EMPTIED - SLACK),
        )
        if old:
            yield f"retention: {old} rows of {table} are older than thirty days"
        if full:
            yield f"retention: {full} rows of {table} keep their words longer than 48 hours"
