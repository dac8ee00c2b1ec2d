"""Secret answers of requests: kept apart, so that whatever shows, finds, exports or copies a request has dots where they stood.

They are there while the request is worked on, for whoever works on it; when it is over, they are gone.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from storage.models import secret_answer
from storage.types import Answers

DOTS = "••••••"  # stands among a request's answers for one that is kept apart
GONE = "—"  # and for one that is not kept any more


def holds_secrets(answers: Answers) -> bool:
    """Return whether among these answers there is one that is kept apart."""
    return DOTS in answers.values()


def without_secrets(answers: Answers) -> dict[str, Any]:
    """Return answers as they are once what was kept apart is gone."""
    return {name: GONE if value == DOTS else value for name, value in answers.items()}


class SecretAnswers:
    """The secret answers, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, number: int, field: str, value: str, at: datetime) -> None:
        """Keep a secret answer of a request, in the place of the one before; an empty one is none."""
        self.drop(number, field)
        if value:
            row = {"ticket_id": number, "field": field, "value": value, "at": at}
            self._connection.execute(insert(secret_answer).values(row))

    def of(self, number: int) -> dict[str, str]:
        """Return the secret answers of a request, by field."""
        query = select(secret_answer.c.field, secret_answer.c.value).where(secret_answer.c.ticket_id == number)
        return {row.field: row.value for row in self._connection.execute(query.order_by(secret_answer.c.field)).all()}

    def drop(self, number: int, field: str) -> None:
        """Keep one no more."""
        its = (secret_answer.c.ticket_id == number, secret_answer.c.field == field)
        self._connection.execute(delete(secret_answer).where(*its))

    def drop_all(self, numbers: Iterable[int]) -> None:
        """Keep none of these requests."""
        self._connection.execute(delete(secret_answer).where(secret_answer.c.ticket_id.in_(list(numbers))))
