"""What came of the answers that were shown, and since when nobody has looked at them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from storage.models import article_version, verdict

MOST = 3000  # answers, the newest, that are looked through


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer that was shown to somebody: the last article of those they tried, and whether they needed a person after it."""

    article_id: int
    person_id: int
    failed: bool


def outcomes_since(connection: Connection, since: datetime) -> list[Outcome]:
    """Return what came of the answers that were shown since a moment, the newest first."""
    query = (
        select(verdict.c.tried, verdict.c.person_id, verdict.c.outcome, verdict.c.ticket_id)
        .where(verdict.c.at >= since, verdict.c.verdict.in_(("sure", "maybe")))
        .order_by(verdict.c.id.desc())
        .limit(MOST)
    )
    return [
        Outcome(
            int(tried[-1]), person, outcome != "helped" and (outcome in ("handoff", "joined") or ticket is not None)
        )
        for tried, person, outcome, ticket in connection.execute(query).all()
        if tried
    ]


def last_versions(connection: Connection, articles: Iterable[int]) -> dict[int, datetime]:
    """Return when each of some articles was last written, changed, or found right."""
    of = article_version.c.article_id
    query = select(of, func.max(article_version.c.at)).where(of.in_(list(articles))).group_by(of)
    return {row[0]: row[1] for row in connection.execute(query).all()}
