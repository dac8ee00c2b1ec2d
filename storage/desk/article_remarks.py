"""What readers say is missing or wrong in an answer, kept for those who look after it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from storage.models import article, article_remark

NEWEST = 20  # of an article that are kept


@dataclass(frozen=True, slots=True)
class Remark:
    """One reader's words about an article; whose they are is nobody's to read."""

    id: int
    text: str
    at: datetime


class Remarks:
    """The remarks on articles, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(
        self, article_id: int, person_id: int, text: str, at: datetime, *, place: str | None, native: str | None
    ) -> None:
        """Keep a remark in the place of what the person said of the article before; of all only the newest are kept.

        ``place`` and ``native``: the message in which it was written, if it was one.
        """
        remarked = self._remarked(article_id)
        self._connection.execute(delete(article_remark).where(remarked, article_remark.c.person_id == person_id))
        values = {"article_id": article_id, "person_id": person_id, "text": text, "at": at}
        self._connection.execute(insert(article_remark).values(**values, place=place, native=native))
        number = article_remark.c.id
        newest = select(number).where(remarked).order_by(number.desc()).limit(NEWEST)
        self._connection.execute(delete(article_remark).where(remarked, number.not_in(newest)))

    def written_at(self, person_id: int, place: str, native: str) -> int | None:
        """Return about which article a person said something in this native message, as far as it is kept."""
        theirs = (article_remark.c.person_id == person_id, article_remark.c.place == place)
        query = select(article_remark.c.article_id).where(*theirs, article_remark.c.native == native)
        return self._connection.scalar(query.order_by(article_remark.c.id.desc()))

    def of(self, article_id: int, most: int) -> list[Remark]:
        """Return the newest remarks on an article, the newest first."""
        query = select(article_remark.c.id, article_remark.c.text, article_remark.c.at)
        newest = query.where(self._remarked(article_id)).order_by(article_remark.c.id.desc()).limit(most)
        return [Remark(*row) for row in self._connection.execute(newest).all()]

    def count(self, article_id: int) -> int:
        """Return how many remarks there are on an article."""
        return self._connection.scalar(select(func.count()).where(self._remarked(article_id))) or 0

    def waiting(self, most: int) -> list[tuple[int, int]]:
        """Return the articles that answer and have remarks, with how many: those with the most first."""
        many, about = func.count().label("many"), article_remark.c.article_id
        query = select(about, many).join(article, article.c.id == about).group_by(about)
        live = query.where(article.c.enabled, article.c.deleted_at.is_(None))
        found = self._connection.execute(live.order_by(many.desc(), about).limit(most)).all()
        return [(row[0], row[1]) for row in found]

    def dismiss(self, article_id: int, oldest: int, newest: int) -> int:
        """Drop an article's remarks from one to another, as they were read; return how many there were."""
        read = delete(article_remark).where(self._remarked(article_id), article_remark.c.id.between(oldest, newest))
        return self._connection.execute(read).rowcount

    @staticmethod
    def _remarked(article_id: int) -> ColumnElement[bool]:
        return article_remark.c.article_id == article_id
