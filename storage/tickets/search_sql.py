"""What the search asks each database: SQLite's FTS5, PostgreSQL's ``tsvector``. Neither of them reads or cuts words itself."""

from collections.abc import Sequence
from functools import cache
from typing import cast

from sqlalchemy import BigInteger, Boolean, ColumnElement, bindparam, select, text

from storage.engine.compiled import Params, Prepared
from storage.models import searchable

POSTGRES = "postgresql"
_BOUNDS = tuple(bindparam(name, type_=BigInteger()) for name in ("first", "end"))

PARTS_OF = Prepared(
    select(searchable.c.id, searchable.c.words, searchable.c.since)
    .where(searchable.c.id >= bindparam("first"), searchable.c.id < bindparam("end"))
    .order_by(searchable.c.id.desc())
)

# SQLite: a row of words, and the index over it, which takes what is new and gives back what is gone.
KEEP = Prepared(text("INSERT OR REPLACE INTO searchable (id, words, since) VALUES (:id, :words, :since)"))
INDEX = Prepared(text("INSERT INTO search_words (rowid, words) VALUES (:id, :words)"))
UNINDEX = Prepared(text("INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', :id, :words)"))

# PostgreSQL: the same in one statement. Each row has one word more, which no text has: the shelf of 32,768 requests it stands on.
FEED = text("""
    WITH last AS (
        SELECT id, :turned OR length(words) > :full AS crowded, words @@ CAST(:asked AS tsquery) AS known
        FROM searchable WHERE id >= :first AND id < :end ORDER BY id DESC LIMIT 1
    )
    INSERT INTO searchable (id, words, since)
    SELECT coalesce((SELECT CASE WHEN crowded THEN least(id + 1, :end - 1) ELSE id END FROM last), :first),
           array_to_tsvector(string_to_array(:new, ' ') || CAST('@' || (:first >> 27) AS text)), :since
    WHERE :turned OR NOT coalesce((SELECT known FROM last), false)
    ON CONFLICT (id) DO UPDATE SET words = searchable.words || excluded.words
""").bindparams(*_BOUNDS, bindparam("since", type_=BigInteger()), bindparam("turned", type_=Boolean()))
REWRITE = text("""
    UPDATE searchable SET words = array_to_tsvector(string_to_array(:new, ' ') || CAST('@' || (:first >> 27) AS text))
    WHERE id = :id
""").bindparams(_BOUNDS[0], bindparam("id", type_=BigInteger()))

_NEWEST = """
    SELECT id FROM (SELECT id, words FROM searchable WHERE id < :end ORDER BY id DESC LIMIT :newest) AS newest
    WHERE {words} ORDER BY id DESC LIMIT :limit
"""
_ON_SHELVES = """
    WITH shelf AS (SELECT max(id) >> 27 AS newest FROM searchable WHERE id < :end), found AS MATERIALIZED (
        SELECT id FROM searchable WHERE words @@ (CAST(:asked AS tsquery) && (
            SELECT CAST(quote_literal('@' || newest) || ' | ' || quote_literal('@' || newest - 1) AS tsquery) FROM shelf
        ))
    )
    SELECT id FROM found WHERE id < :end ORDER BY id DESC LIMIT :limit
"""
_INDEXED = {
    "sqlite": """
        SELECT rowid FROM search_words WHERE search_words MATCH :asked AND rowid < :end ORDER BY rowid DESC LIMIT :limit
    """,
    POSTGRES: """
        WITH found AS MATERIALIZED (SELECT id FROM searchable WHERE words @@ CAST(:asked AS tsquery))
        SELECT id FROM found WHERE id < :end ORDER BY id DESC LIMIT :limit
    """,
}

_AMONG = {
    "sqlite": "ticket.id IN (SELECT rowid >> 12 FROM search_words WHERE search_words MATCH :asked)",
    POSTGRES: "ticket.id IN (SELECT id >> 12 FROM searchable WHERE words @@ CAST(:asked AS tsquery))",
}


@cache
def search_statements(dialect: str, count: int, *, begun: bool) -> tuple[Prepared, ...]:
    """Return how to look for so many words, one way after another until one finds enough; the last one finds all.

    Most indexes list all that have a word before they can say which are the newest: for a word that is common, looking at the
    newest rows one by one is over much sooner, and costs the same however many there are; for one that is less common, looking
    on the two newest shelves. Only FTS5 reads a whole word's list from its newest end.
    """
    if dialect == POSTGRES:
        condition = "words @@ CAST(:asked AS tsquery)"
    else:
        condition = " AND ".join(f"instr(' ' || words || ' ', :w{n})" for n in range(count))
    ways = [_NEWEST.format(words=condition)] if begun or dialect == POSTGRES else []
    ways += [_ON_SHELVES] if dialect == POSTGRES else []
    return tuple(Prepared({dialect: text(sql).bindparams(_BOUNDS[1])}) for sql in (*ways, _INDEXED[dialect]))


def all_words_condition(dialect: str, words: Sequence[str]) -> ColumnElement[bool]:
    """Say of a ticket that it has all of these words."""
    its = text(_AMONG[dialect]).bindparams(asked=search_parameters(dialect, words)["asked"])
    return cast("ColumnElement[bool]", its.self_group())


def search_parameters(dialect: str, words: Sequence[str], *, begun: bool = False) -> Params:
    """Return the facts of a question for these words; ``begun`` says that the last one finds what begins with it."""
    if dialect == POSTGRES:
        return {"asked": all_of(words) + (":*" if begun else "")}
    asked = " AND ".join(f'"{word}"' for word in words) + (" *" if begun else "")
    last = len(words) - 1
    one_by_one = {f"w{n}": f" {word}" if n == last and begun else f" {word} " for n, word in enumerate(words)}
    return {"asked": asked, **one_by_one}


def all_of(words: Sequence[str]) -> str:
    """Return PostgreSQL's question for all of these words; they are letters and digits, so nothing in them is to be escaped."""
    return " & ".join(f"'{word}'" for word in words)
