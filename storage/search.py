"""Full text over requests: the summary, the answers and all that was said, found by words in any of their forms.

Each request is one row of its words, made by ``storage.tokens`` and by nothing else: SQLite's FTS5 and PostgreSQL's ``tsvector``
only keep and look up what they are given, so both find the same. The row follows the words in the transaction that writes them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, false, select

from storage.models import message, searchable, ticket
from storage.search_sql import FEED, INDEX, KEEP, PARTS_OF, POSTGRES, UNINDEX, all_of, among, questions, sought
from storage.tokens import PREFIX, distinct, words

FULL = 1000  # words after which a request goes on in another row: what is said costs the same however long the talk is
PARTS = 1 << 12  # rows that one request may have
NEWEST = 2000  # rows looked through one by one before the index is asked: what is common stands among them
ASKED = 16  # words of a question that count


class Search:
    """The words of all requests, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    # Feeding

    def add(self, number: int, said: Iterable[str]) -> None:
        """Let a request be found by these texts too."""
        new = distinct(said)
        if new and self._dialect == POSTGRES:
            facts = {"asked": all_of(new), "new": " ".join(new), "full": FULL}
            self._connection.execute(FEED, {**facts, **_span(number)})
        elif new:
            self._add_sqlite(number, new)

    def _add_sqlite(self, number: int, new: Sequence[str]) -> None:
        last = PARTS_OF.first(self._connection, _span(number))
        key, known = (last[0], last[1].split(" ")) if last else (number * PARTS, [])
        if set(known).issuperset(new):
            return
        if len(known) >= FULL:
            known, key = ([], key + 1) if key + 1 < (number + 1) * PARTS else (known, key)
        met = set(known)
        fresh = [word for word in new if word not in met]
        KEEP.run(self._connection, {"id": key, "words": " ".join((*known, *fresh))})
        INDEX.run(self._connection, {"id": key, "words": " ".join(fresh)})

    def renew(self, number: int) -> None:
        """Let a request be found by what it says now and by nothing else: something was changed, taken back or erased."""
        self.drop(number)
        own = self._connection.execute(select(ticket.c.summary, ticket.c.answers).where(ticket.c.id == number)).first()
        if own is None:
            return
        self.add(number, of_ticket(*own))
        said = select(message.c.words, message.c.files).where(
            message.c.ticket_id == number, message.c.deleted_at.is_(None)
        )
        for each in self._connection.execute(said.order_by(message.c.id)).all():
            self.add(number, of_message(*each))

    def drop(self, number: int) -> None:
        """Let a request be found by nothing."""
        span = _span(number)
        if self._dialect != POSTGRES:
            UNINDEX.each(
                self._connection, [{"id": row[0], "words": row[1]} for row in PARTS_OF.all(self._connection, span)]
            )
        its = (searchable.c.id >= span["first"], searchable.c.id < span["end"])
        self._connection.execute(delete(searchable).where(*its))

    # Finding

    def find(self, asked: str, *, limit: int = 10) -> list[int]:
        """Return the newest requests that have every word asked for, the newest first.

        Where none has the last word as it stands, it finds every word that begins with it, unless it is very short.
        """
        wanted = _wanted(asked)
        if not wanted:
            return []
        found = self._find(wanted, limit, begun=False)
        return found or (self._find(wanted, limit, begun=True) if len(wanted[-1]) >= PREFIX else [])

    def _find(self, wanted: Sequence[str], limit: int, *, begun: bool) -> list[int]:
        found: list[int] = []
        end = PARTS << 31
        while True:
            rows = self._look(wanted, end, limit, begun=begun)
            found = list(dict.fromkeys((*found, *(row // PARTS for row in rows))))
            if len(found) >= limit or len(rows) < limit:
                return found[:limit]
            end = rows[-1]

    def _look(self, wanted: Sequence[str], end: int, limit: int, *, begun: bool) -> list[int]:
        """Return the newest rows before ``end`` that have these words."""
        facts = {"end": end, "limit": limit, "newest": NEWEST, **sought(self._dialect, wanted, begun=begun)}
        rows: Sequence[Any] = ()
        for way in questions(self._dialect, len(wanted), begun=begun):
            rows = way.all(self._connection, facts)
            if len(rows) >= limit:
                break
        return [row[0] for row in rows]


def having(dialect: str, asked: str) -> ColumnElement[bool]:
    """Say of a ticket that it has every word asked for."""
    wanted = _wanted(asked)
    return among(dialect, wanted) if wanted else false()


def _wanted(asked: str) -> list[str]:
    return list(dict.fromkeys(words(asked)))[:ASKED]


def of_ticket(summary: str, answers: Mapping[str, Any]) -> list[str]:
    """Return what a request says by itself: its summary, and every answer that is text."""
    given = (one for value in answers.values() for one in (value if isinstance(value, list) else [value]))
    return [summary, *(one for one in given if isinstance(one, str))]


def of_message(said: Mapping[str, Any], files: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what a message says: its text, and what its files are called."""
    return [str(said.get("text", "")), *(str(file["name"]) for file in files if file.get("name"))]


def _span(number: int) -> dict[str, int]:
    return {"first": number * PARTS, "end": (number + 1) * PARTS}
