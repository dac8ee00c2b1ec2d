"""What is left of somebody who was erased: what no table should have any more, and words looked for wherever they could stand."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, String, Table, Text, cast, or_, select
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.models import (
    account,
    article_remark,
    draft,
    favourite,
    helper,
    message,
    metadata,
    person,
    person_state,
    secret_answer,
    ticket,
    verdict,
    view,
    watcher,
)
from storage.people.erased import MARK
from storage.retention.erasure import NOBODY
from storage.tickets.search_terms import search_words as tokens
from storage.types import Word

TABLES: Sequence[Table] = tuple(metadata.tables.values())
SHOWN = 20  # places told of one kind
PIECE = 1 << 20  # bytes of a file looked at together


def accounts_after(connection: Connection, after: int, most: int) -> Sequence[Any]:
    """Return accounts behind an id: id, person_id, source, native, and when their person was made known."""
    columns = (account.c.id, account.c.person_id, account.c.source, account.c.native, person.c.created_at)
    query = select(*columns).select_from(account.join(person)).where(account.c.id > after)
    return connection.execute(query.order_by(account.c.id).limit(most)).all()


def erasure_remains(connection: Connection) -> list[str]:
    """Return what is left of everybody who was erased, where nothing should be."""
    return list(_of_the_erased(connection))


def _of_the_erased(connection: Connection) -> Iterator[str]:
    gone = select(person.c.id).where(person.c.erased_at.is_not(None))
    empty = json.dumps({"text": "", "spans": []})
    asked = (
        ("person", select(person.c.id).where(person.c.id.in_(gone), person.c.name.not_in((NOBODY, "Agent")))),
        (
            "account",
            select(account.c.id).where(
                account.c.person_id.in_(gone),
                or_(~account.c.native.startswith(MARK), account.c.name != NOBODY, account.c.username != ""),
            ),
        ),
        ("ticket", select(ticket.c.id).where(ticket.c.requester_id.in_(gone), ticket.c.summary != NOBODY)),
        (
            "secret_answer",
            select(secret_answer.c.ticket_id)
            .join(ticket, ticket.c.id == secret_answer.c.ticket_id)
            .where(ticket.c.requester_id.in_(gone)),
        ),
        (
            "message",
            select(message.c.id).where(
                message.c.person_id.in_(gone), message.c.kind == "follow_up", cast(message.c.words, Text) != empty
            ),
        ),
        ("verdict", select(verdict.c.id).where(verdict.c.person_id.in_(gone), verdict.c.question != "")),
        *(
            (table.name, select(table.c.person_id).where(table.c.person_id.in_(gone)))
            for table in (draft, favourite, view, watcher, helper, person_state, article_remark)
        ),
    )
    for name, query in asked:
        for number in connection.scalars(query.order_by(*query.selected_columns).limit(SHOWN)).all():
            yield f"{name} {number}: of somebody who was erased"


def word_occurrences(connection: Connection, table: Table, word: str) -> list[str]:
    """Return where a word stands in a table, in any letter case: column and row."""
    key, found = next(iter(table.primary_key.columns)), []
    for column in table.columns:
        if isinstance(column.type, Word) or not isinstance(column.type, JSON | String | Text | TSVECTOR):
            continue
        written = {word, json.dumps(word)[1:-1], *(tokens(word) if table.name == "searchable" else ())}
        said = [cast(column, Text).icontains(one, autoescape=True) for one in sorted(written)]
        numbers = connection.scalars(select(key).where(or_(*said)).limit(SHOWN)).all()
        found += [f"{table.name}.{column.name} {number}: {word!r}" for number in numbers]
    return found


def in_bytes(path: Path, words: Sequence[str]) -> list[str]:
    """Return where words stand in a file, byte by byte: in tables, indexes, free pages, in whatever was not overwritten."""
    if not path.exists() or not words:
        return []
    written = {one.encode(): word for word in words for one in (word, word.lower(), json.dumps(word)[1:-1])}
    longest, found, at, before = max(map(len, written)), [], 0, b""
    with open(path, "rb") as file:
        while piece := file.read(PIECE):
            looked = before + piece
            found += [
                f"{path.name} at byte {at - len(before) + place}: {word!r}"
                for one, word in written.items()
                if (place := looked.find(one)) >= 0
            ]
            before, at = looked[-longest:], at + len(piece)
    return list(dict.fromkeys(found))[:SHOWN]
