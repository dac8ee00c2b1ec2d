"""Known errors: problems whose cause is known. The workaround is an article, which answers while the problem is worked on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from storage.desk.articles import Articles
from storage.models import known_error, ticket


@dataclass(frozen=True, slots=True)
class KnownError:
    """What is known of a problem."""

    ticket_id: int
    cause: str
    article_id: int | None
    by_id: int
    at: datetime


class KnownErrors:
    """The known errors, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, number: int) -> KnownError | None:
        """Return what is known of a problem, if anything is."""
        row = self._connection.execute(select(known_error).where(known_error.c.ticket_id == number)).first()
        return KnownError(*row) if row is not None else None

    def keep(self, number: int, cause: str, article_id: int | None, *, by: int, at: datetime) -> None:
        """Write down what is known of a problem, in the place of what was."""
        self._connection.execute(delete(known_error).where(known_error.c.ticket_id == number))
        row = {"ticket_id": number, "cause": cause, "article_id": article_id, "by_id": by, "at": at}
        self._connection.execute(insert(known_error).values(row))

    def open(self, limit: int) -> list[KnownError]:
        """Return the known errors that are worked on, the newest first."""
        query = select(known_error).join(ticket, ticket.c.id == known_error.c.ticket_id)
        query = query.where(ticket.c.urgency.is_not(None)).order_by(known_error.c.ticket_id.desc()).limit(limit)
        return [KnownError(*row) for row in self._connection.execute(query).all()]

    def follow(self, number: int, *, over: bool, by: int | None, at: datetime) -> None:
        """Let the workaround of a problem answer no more once it is over, and again when it is taken up again."""
        known = self.of(number)
        articles = Articles(self._connection)
        for each in articles.of([known.article_id] if known is not None and known.article_id is not None else []):
            if each.enabled == over:
                articles.change(each.id, "off" if over else "on", by=by, at=at, enabled=not over)
