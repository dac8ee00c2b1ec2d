"""Full text over requests: the summary, the answers and all that was said, found by words in any of their forms.

Each request is one row of its words, made by ``storage.tickets.search_terms`` and by nothing else: SQLite's FTS5 and
PostgreSQL's ``tsvector`` only keep and look up what they are given, so both find the same. The row
follows the words in the transaction that writes them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, false, select

from storage.models import message, searchable, ticket
from storage.queues.spoken import StoredFile, StoredWords
from storage.tickets.search_sql import (
    FEED,
    INDEX,
    KEEP,
    PARTS_OF,
    POSTGRES,
    REWRITE,
    UNINDEX,
    all_of,
    all_words_condition,
    search_parameters,
    search_statements,
)
from storage.tickets.search_terms import PREFIX, distinct_words, search_words
from storage.types import Answers

FULL = 1000  # words after which a request goes on in another row: what is said costs the same however long the talk is
TURNS = 256  # messages after which it does so in any case: a change reads and writes those of one row anew
PARTS = 1 << 12  # rows that one request may have
NEWEST = 2000  # rows looked through one by one before the index is asked: what is common stands among them
ASKED = 16  # words of a question that count


class Search:
    """The words of all requests, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    # Feeding

    def add(self, number: int, said: Iterable[str], message_id: int = 0) -> None:
        """Let a request be found by these texts too; they are a message's, or (0) the request's own."""
        new = distinct_words(said)
        if new and self._dialect == POSTGRES:
            facts = {"asked": all_of(new), "new": " ".join(new), "full": FULL}
            turned = {"since": message_id, "turned": _turns(message_id)}
            self._connection.execute(FEED, {**facts, **turned, **_span(number)})
        elif new:
            self._add_sqlite(number, new, message_id)

    def _add_sqlite(self, number: int, new: Sequence[str], message_id: int) -> None:
        last = PARTS_OF.first(self._connection, _span(number))
        key, known, since = (last[0], last[1].split(" "), last[2]) if last else (number * PARTS, [], message_id)
        turned = last is not None and _turns(message_id)
        if not turned and set(known).issuperset(new):
            return
        if (turned or len(known) >= FULL) and key + 1 < (number + 1) * PARTS:
            known, key, since = [], key + 1, message_id
        met = set(known)
        fresh = [word for word in new if word not in met]
        KEEP.run(self._connection, {"id": key, "words": " ".join((*known, *fresh)), "since": since})
        INDEX.run(self._connection, {"id": key, "words": " ".join(fresh)})

    def renew(self, number: int, message_id: int) -> None:
        """Let a request be found by what a message says now and no more by what it said: it was changed, or taken back.

        Only the part with its words is read and written anew, so that this costs the same however long the talk is.
        """
        parts = list(reversed(PARTS_OF.all(self._connection, _span(number))))
        if not parts or any(part[2] == 0 for part in parts[1:]):  # written by a version that kept no beginnings
            self.renew_all(number)
            return
        place = next((n for n in reversed(range(1, len(parts))) if parts[n][2] <= message_id), 0)
        texts = self._own(number) if place == 0 else []
        beyond = parts[place + 1][2] if place + 1 < len(parts) else None
        texts += self._said(number, parts[place][2] if place else 0, beyond)
        self._rewrite(number, parts[place], distinct_words(texts))

    def _rewrite(self, number: int, part: Sequence[Any], new: Sequence[str]) -> None:
        key, old, since = part
        if self._dialect == POSTGRES:
            self._connection.execute(REWRITE, {"id": key, "new": " ".join(new), "first": number * PARTS})
            return
        UNINDEX.run(self._connection, {"id": key, "words": old})
        KEEP.run(self._connection, {"id": key, "words": " ".join(new), "since": since})
        INDEX.run(self._connection, {"id": key, "words": " ".join(new)})

    def _own(self, number: int) -> list[str]:
        own = self._connection.execute(select(ticket.c.summary, ticket.c.answers).where(ticket.c.id == number)).first()
        return of_ticket(*own) if own is not None else []

    def _said(self, number: int, since: int, beyond: int | None) -> list[str]:
        """Return what the messages of a request say, from one to before another."""
        query = select(message.c.words, message.c.files).where(
            message.c.ticket_id == number, message.c.deleted_at.is_(None), message.c.id >= since
        )
        if beyond is not None:
            query = query.where(message.c.id < beyond)
        rows = self._connection.execute(query.order_by(message.c.id)).all()
        return [said for row in rows for said in of_message(*row)]

    def renew_all(self, number: int) -> None:
        """Let a request be found by what it says now and by nothing else."""
        self.drop(number)
        own = self._connection.execute(select(ticket.c.summary, ticket.c.answers).where(ticket.c.id == number)).first()
        if own is None:
            return
        self.add(number, of_ticket(*own))
        said = select(message.c.id, message.c.words, message.c.files).where(
            message.c.ticket_id == number, message.c.deleted_at.is_(None)
        )
        for each in self._connection.execute(said.order_by(message.c.id)).all():
            self.add(number, of_message(*each[1:]), each[0])

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
        facts = {"end": end, "limit": limit, "newest": NEWEST, **search_parameters(self._dialect, wanted, begun=begun)}
        rows: Sequence[Any] = ()
        for way in search_statements(self._dialect, len(wanted), begun=begun):
            rows = way.all(self._connection, facts)
            if len(rows) >= limit:
                break
        return [row[0] for row in rows]


def _turns(message_id: int) -> bool:
    """Return whether a message begins a new part where there is one already: by its id, so that nothing has to be counted."""
    return message_id > 0 and message_id % TURNS == 0


def search_condition(dialect: str, asked: str) -> ColumnElement[bool]:
    """Say of a ticket that it has every word asked for."""
    wanted = _wanted(asked)
    return all_words_condition(dialect, wanted) if wanted else false()


def _wanted(asked: str) -> list[str]:
    return list(dict.fromkeys(search_words(asked)))[:ASKED]


def of_ticket(summary: str, answers: Answers) -> list[str]:
    """Return what a request says by itself: its summary, and every answer that is text."""
    given = (one for value in answers.values() for one in (value if isinstance(value, list) else [value]))
    return [summary, *(one for one in given if isinstance(one, str))]


def of_message(words: StoredWords, files: Iterable[StoredFile]) -> list[str]:
    """Return what a message says: its text, and what its files are called."""
    return [words["text"], *(str(file["name"]) for file in files if file.get("name"))]


def _span(number: int) -> dict[str, int]:
    return {"first": number * PARTS, "end": (number + 1) * PARTS}
