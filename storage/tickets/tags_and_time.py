"""What agents stick to a ticket: tags, and the time they spent on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, union_all

from storage.engine.compiled import Prepared
from storage.models import person, ticket_tag, time_spent


@dataclass(frozen=True, slots=True)
class Labels:
    """A ticket's tags in their order, and the minutes spent on it."""

    tags: tuple[str, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class Spent:
    """Minutes somebody wrote down; fewer than none takes some back."""

    minutes: int
    name: str
    at: datetime


_OF = Prepared(  # both in one: a card is drawn for every message
    union_all(
        select(ticket_tag.c.tag, literal(0)).where(ticket_tag.c.ticket_id == bindparam("of_ticket")),
        select(literal(""), func.coalesce(func.sum(time_spent.c.minutes), 0)).where(
            time_spent.c.ticket_id == bindparam("of_ticket")
        ),
    ),
    once=True,
)


class Labelled:
    """Tags and time, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, number: int) -> Labels:
        """Return a ticket's tags and the minutes spent on it."""
        rows = _OF.all(self._connection, {"of_ticket": number})
        return Labels(tuple(sorted(tag for tag, _ in rows if tag)), sum(int(minutes) for _, minutes in rows))

    def tag(self, number: int, tags: Iterable[str]) -> None:
        """Put tags on a ticket; one that it has already stays."""
        fresh = set(tags) - set(self.of(number).tags)
        if fresh:
            rows = [{"ticket_id": number, "tag": tag} for tag in sorted(fresh)]
            self._connection.execute(insert(ticket_tag), rows)

    def untag(self, number: int, tags: Sequence[str]) -> None:
        """Take tags off a ticket."""
        gone = (ticket_tag.c.ticket_id == number, ticket_tag.c.tag.in_(tags))
        self._connection.execute(delete(ticket_tag).where(*gone))

    def spend(self, number: int, person_id: int, minutes: int, at: datetime) -> None:
        """Write down the time somebody spent on a ticket."""
        values = {"ticket_id": number, "person_id": person_id, "minutes": minutes, "at": at}
        self._connection.execute(insert(time_spent).values(values))

    def spent(self, number: int) -> list[Spent]:
        """Return what was written down of the time spent on a ticket, the oldest first."""
        query = (
            select(time_spent.c.minutes, person.c.name, time_spent.c.at)
            .join(person, person.c.id == time_spent.c.person_id)
            .where(time_spent.c.ticket_id == number)
            .order_by(time_spent.c.id)
        )
        return [Spent(*row) for row in self._connection.execute(query).all()]
