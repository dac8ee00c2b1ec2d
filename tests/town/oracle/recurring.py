"""What recurs: one request for one time, whoever else looked at the clock."""

from collections.abc import Iterator

from tests.town.town import Town


def problems(town: Town) -> Iterator[str]:
    """Yield what was made twice at one time."""
    twice = town.life.reader.rows(
        "SELECT recurrence_id, company_id, created_at, count(*) AS n FROM ticket WHERE recurrence_id IS NOT NULL"
        " GROUP BY 1, 2, 3 HAVING count(*) > 1"
    )
    for row in twice:
        yield f"recurring: {row['recurrence_id']} made {row['n']} requests at {row['created_at']}"
