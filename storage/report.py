"""What a stretch of time brought: requests in and out, what waits, how soon people were answered and how they liked it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean, median

from sqlalchemy import Connection, func, select

from storage.lifecycle import StatusKind
from storage.models import ticket, verdict

NO_QUESTION = GREETING, RELATED = "greeting", "related"  # verdicts on what asks nothing, or answers something
LATE = timedelta(days=30)  # who is answered first after a longer time than this does not count


@dataclass(frozen=True, slots=True)
class Report:
    """The figures; None where there was nothing to measure."""

    came: int
    solved: int
    waiting: int
    free: int
    first_response: timedelta | None
    asked: int
    helped: int
    rating: float | None
    rated: int


def of(connection: Connection, since: datetime, until: datetime) -> Report:
    """Return the figures of the time from ``since`` until ``until``; what waits is what waits now."""
    created = (ticket.c.kind.in_(list(StatusKind)), ticket.c.created_at >= since, ticket.c.created_at < until)
    solved = (ticket.c.resolved_at >= since, ticket.c.resolved_at < until)
    active = ticket.c.urgency.is_not(None)
    asked = (verdict.c.at >= since, verdict.c.at < until, verdict.c.verdict.not_in(NO_QUESTION))

    def count(*conditions: object) -> int:
        return connection.scalar(select(func.count()).where(*conditions)) or 0  # type: ignore[arg-type]

    soon = connection.execute(
        select(ticket.c.created_at, ticket.c.first_response_at).where(
            ticket.c.kind.in_(list(StatusKind)),
            ticket.c.created_at >= since - LATE,
            ticket.c.first_response_at >= since,
            ticket.c.first_response_at < until,
        )
    ).all()
    ratings = connection.scalars(select(ticket.c.rating).where(*solved, ticket.c.rating.is_not(None))).all()
    return Report(
        came=count(*created),
        solved=count(*solved),
        waiting=count(active),
        free=count(active, ticket.c.agent_id.is_(None)),
        first_response=median([answered - at for at, answered in soon]) if soon else None,
        asked=count(*asked),
        helped=count(*asked, verdict.c.outcome == "helped"),
        rating=mean(ratings) if ratings else None,
        rated=len(ratings),
    )
