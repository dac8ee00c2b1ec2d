"""What calls of other programs were answered, for a day: whoever repeats one is told the same, and nothing is done twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.models import answered_call

UNDER_WAY = 0  # the status of a call whose transaction has not come to its end


@dataclass(frozen=True, slots=True)
class AnsweredCall:
    """What was asked, as a digest of it, and what it was answered."""

    digest: str
    status: int
    answer: Mapping[str, Any]


class AnsweredCalls:
    """The calls of one token, as one transaction sees them."""

    def __init__(self, connection: Connection, token_id: int) -> None:
        self._connection = connection
        self._token = token_id

    def begin(self, key: str, digest: str, at: datetime) -> AnsweredCall | None:
        """Note that a call is under way; return what was answered if it is a repeated one.

        Another transaction that has the same call under way is waited for.
        """
        make = postgresql.insert if self._connection.dialect.name == "postgresql" else sqlite.insert
        values = {"token_id": self._token, "key": key, "digest": digest, "status": UNDER_WAY, "answer": {}, "at": at}
        noted = make(answered_call).values(values).on_conflict_do_nothing(index_elements=["token_id", "key"])
        if self._connection.execute(noted).rowcount == 1:
            return None
        columns = (answered_call.c.digest, answered_call.c.status, answered_call.c.answer)
        row = self._connection.execute(select(*columns).where(*self._its(key))).one()
        return AnsweredCall(*row)

    def end(self, key: str, status: int, answer: Mapping[str, Any]) -> None:
        """Keep what a call was answered: ``answer`` is its document, field by field."""
        kept = update(answered_call).where(*self._its(key)).values(status=status, answer=dict(answer))
        self._connection.execute(kept)

    def _its(self, key: str) -> tuple[Any, Any]:
        return answered_call.c.token_id == self._token, answered_call.c.key == key
