"""Which requests were asked about how it was, and what was answered to whether one would recommend the desk."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from storage.models import survey


class Surveys:
    """The questions how it was, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def asked(self, number: int) -> bool:
        """Return whether a request was asked about."""
        return self._connection.scalar(select(survey.c.ticket_id).where(survey.c.ticket_id == number)) is not None

    def last(self, person_id: int) -> datetime | None:
        """Return when somebody was asked last, of any of their requests."""
        at: datetime | None = self._connection.scalar(
            select(func.max(survey.c.at)).where(survey.c.person_id == person_id)
        )
        return at

    def ask(self, number: int, person_id: int, scale: str, at: datetime) -> None:
        """Write down that a request is asked about: once, whatever happens to it later."""
        values = {"ticket_id": number, "person_id": person_id, "scale": scale, "at": at}
        self._connection.execute(insert(survey).values(values))

    def score(self, number: int, score: int, at: datetime) -> bool:
        """Keep an answer from 0 to 10; return whether it is the first one."""
        its = (survey.c.ticket_id == number, survey.c.score.is_(None))
        return self._connection.execute(update(survey).where(*its).values(score=score, scored_at=at)).rowcount > 0
