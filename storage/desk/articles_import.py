"""Many articles at once, as a file brings them: a version of each, and one undo for all of them.

On SQLite nobody else writes meanwhile, so the rows are made ready before the transaction that writes them: `look` reads, `plan`
makes them ready, `write` only writes, and refuses where the articles have changed in between. A large file is written in parts,
each a transaction of some milliseconds; what belongs together is remembered under the import's token.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam, delete, func, insert, select, update

from storage.desk.articles import REVISION, Articles
from storage.desk.records import Records
from storage.engine.database import notify_on_commit
from storage.engine.upsert import put_row
from storage.models import alias, article, article_import, article_version
from storage.types import Moment

ACT = "import"
TIE = "translates"
_REMEMBERED = 20  # imports that can be undone
_CHANGED = ("section", "language", "question", "answer", "keywords")
_CHANGE = (
    update(article)
    .where(article.c.id == bindparam("of_id"))
    .values({name: bindparam(f"to_{name}") for name in (*_CHANGED, "revision", "translates")} | {"deleted_at": None})
)
_ARTICLE = ("id", "revision", *_CHANGED, "files", "enabled", "helped", "not_helped", "shown", "translates")
_ALIAS = ("article_id", "text", "state", "at")
_VERSION = ("article_id", "act", "data", "person_id", "at")
_CHUNK = 500  # ids in one statement: SQLite takes so many parameters and not many more


class ArticleConflict(Exception):
    """The articles have changed since the plan was made: make another."""


@dataclass(frozen=True, slots=True)
class Brought:
    """An article as a file has it; ``id`` where the file names one that is a number."""

    id: int | None
    section: str
    language: str
    question: str
    answer: str
    keywords: Sequence[str] = ()
    aliases: Sequence[str] = ()
    name: int | str | None = None  # what others of the file call it
    translates: int | str | None = None  # the article it is tied to, by number or by what the file calls it

    def columns(self) -> dict[str, Any]:
        """Return the columns of its row."""
        return {name: getattr(self, name) for name in _CHANGED} | {"keywords": list(self.keywords)}


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import has taken so far."""

    revisions: Sequence[int]  # of the knowledge base, one for each part of the file
    added: int
    changed: int


NOTHING_TAKEN = Taken((), 0, 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, in the order of the columns above."""

    revision: int
    articles: list[tuple[Any, ...]]
    changes: list[dict[str, Any]]
    aliases: list[tuple[Any, ...]]
    versions: list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Undone:
    """How many articles of an import were removed again, how many are as before, and how many are still to be undone."""

    removed: int
    restored: int
    left: int


@dataclass(frozen=True, slots=True)
class Start:
    """What has to be known of the articles that are there, to plan an import."""

    revision: int
    newest: int
    there: Mapping[int, Mapping[str, Any]]  # what an import leaves alone of each, deleted ones among them
    dialect: Dialect


def read_import_start(connection: Connection, brought: Sequence[Brought] | None = None) -> Start:
    """Return what an import of these articles starts from; of any where none are named."""
    query = select(article.c.id, article.c.files, article.c.enabled, article.c.translates)
    if brought is not None:
        query = query.where(article.c.id.in_([one.id for one in brought if one.id is not None]))
    there = {
        row.id: {"files": row.files, "enabled": row.enabled, TIE: row.translates}
        for row in connection.execute(query).all()
    }
    newest = int(connection.scalar(select(func.max(article.c.id))) or 0)
    return Start(Articles(connection).revision(), newest, there, connection.dialect)


def plan_import(start: Start, brought: Sequence[Brought], *, by: int | None, at: datetime) -> Plan:
    """Return what to write; an article of a number that is there (deleted or not) becomes what the file says."""
    made = Plan(start.revision, [], [], [], [])
    next_, moment = start.revision + 1, Moment().process_bind_param(at, start.dialect)
    numbered = list(_numbered(start, brought))
    names = {one.name: number for number, one in numbered if one.name is not None}
    for number, one in numbered:
        kept, facts = start.there.get(number), one.columns()
        was = kept[TIE] if kept else None
        tie = was if one.translates is None else names.get(one.translates, one.translates)
        tie = tie if isinstance(tie, int) and tie != number else None
        if kept is None:
            texts = (one.section, one.language, one.question, one.answer, json.dumps(facts["keywords"]))
            made.articles.append((number, next_, *texts, "[]", True, 0, 0, 0, tie))
        else:
            made.changes.append(
                {f"to_{name}": value for name, value in facts.items()} | {"of_id": number, "to_translates": tie}
            )
        made.aliases.extend((number, said, "live", moment) for said in one.aliases)
        data = {**facts, "files": [], "enabled": True, **(kept or {}), "aliases": list(one.aliases)}  # TIE: what it was
        made.versions.append((number, ACT, json.dumps(data), by, moment))
    return made


def write_import(connection: Connection, planned: Plan) -> int:
    """Write it all and return its revision, or raise ArticleConflict."""
    revision = Records(connection).count(REVISION)  # from here on no other change numbers an article
    if revision != planned.revision + 1:
        raise ArticleConflict
    notify_on_commit(connection, "articles")
    _insert(connection, article, _ARTICLE, planned.articles)
    _number_on(connection)
    if planned.changes:
        connection.execute(_CHANGE, [{**change, "to_revision": revision} for change in planned.changes])
        ids = [change["of_id"] for change in planned.changes]
        for start in range(0, len(ids), _CHUNK):
            mine = alias.c.article_id.in_(ids[start : start + _CHUNK])
            connection.execute(delete(alias).where(mine, alias.c.state == "live"))
    _insert(connection, alias, _ALIAS, planned.aliases)
    _insert(connection, article_version, _VERSION, planned.versions)
    return revision


def write_part(connection: Connection, token: str, planned: Plan, at: datetime) -> Taken:
    """Write a part of an import, or raise ArticleConflict; return what was taken under its token so far."""
    revision = write_import(connection, planned)
    so_far = taken_by(connection, token) or NOTHING_TAKEN
    taken = Taken(
        (*so_far.revisions, revision), so_far.added + len(planned.articles), so_far.changed + len(planned.changes)
    )
    values = {"revisions": list(taken.revisions), "added": taken.added, "changed": taken.changed, "at": at}
    put_row(connection, article_import, {"token": token}, values)
    newest = select(article_import.c.token).order_by(article_import.c.at.desc(), article_import.c.token)
    kept = connection.scalars(newest.limit(_REMEMBERED)).all()
    connection.execute(delete(article_import).where(article_import.c.token.not_in(kept)))
    return taken


def taken_by(connection: Connection, token: str) -> Taken | None:
    """Return what was taken under an import's token, None where it is not known, or no longer."""
    query = select(article_import.c.revisions, article_import.c.added, article_import.c.changed)
    row = connection.execute(query.where(article_import.c.token == token)).first()
    return Taken(tuple(row.revisions), row.added, row.changed) if row else None


def remembered_imports(connection: Connection) -> list[tuple[str, datetime, Taken]]:
    """Return the imports that can be taken back, each with when it ended and what it took, the newest first."""
    query = select(article_import).order_by(article_import.c.at.desc(), article_import.c.token)
    return [
        (row.token, row.at, Taken(tuple(row.revisions), row.added, row.changed)) for row in connection.execute(query)
    ]


def undo_part(connection: Connection, token: str, limit: int, *, by: int | None, at: datetime) -> "Undone":
    """Make some articles of an import what they were before it: those that were changed since stay as they are."""
    taken = taken_by(connection, token)
    mine = select(article.c.id).where(
        article.c.revision.in_(taken.revisions if taken else ()), article.c.deleted_at.is_(None)
    )
    ids = [int(number) for number in connection.scalars(mine.order_by(article.c.id).limit(limit)).all()]
    articles, removed = Articles(connection), 0
    for number in ids:
        brought, before = (*articles.versions(number, limit=2), None, None)[:2]
        if before is None or before.act == "delete":
            articles.remove(number, by=by, at=at)
            removed += 1
        else:
            articles.restore(before, by=by, at=at)
            if brought is not None and TIE in brought.data:
                articles.change(number, "restore", by=by, at=at, translates=brought.data[TIE])
    left = connection.scalar(select(func.count()).select_from(mine.subquery())) or 0
    return Undone(removed, len(ids) - removed, int(left))


def forget_import(connection: Connection, token: str) -> None:
    """Forget an import: it cannot be undone any more."""
    connection.execute(delete(article_import).where(article_import.c.token == token))


def bring_in(connection: Connection, brought: Sequence[Brought], *, by: int | None, at: datetime) -> None:
    """Write what a file brings, in the transaction under way."""
    if brought:
        write_import(connection, plan_import(read_import_start(connection), brought, by=by, at=at))


def _numbered(start: Start, brought: Sequence[Brought]) -> Iterator[tuple[int, Brought]]:
    """Yield each article with its number: its own, or the next that nobody has had."""
    free = count(max([start.newest, *(one.id for one in brought if one.id is not None)]) + 1)
    for one in brought:
        yield next(free) if one.id is None else one.id, one


def _insert(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert ready rows without a look at each: four times faster than by SQLAlchemy's own parameters."""
    if not rows:
        return
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=list(names))
    assert list(names) == compiled.positiontup, "the columns stand in another order in the table"
    connection.exec_driver_sql(str(compiled), list(rows))


def _number_on(connection: Connection) -> None:
    """Let the database number the next article after those that came with a number of their own."""
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence("article", "id")
        connection.execute(select(func.setval(sequence, select(func.max(article.c.id)).scalar_subquery())))
