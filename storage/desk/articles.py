"""Articles: curated in chat or by file, every version kept, every change seen by every process before its next answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, false, func, insert, or_, select, update

from storage.desk.records import Records
from storage.engine.compiled import Prepared, any_of, few_values
from storage.engine.database import notify_on_commit
from storage.lifecycle import Refused
from storage.models import alias, article, article_remark, article_version, favourite
from storage.queues.spoken import StoredFile
from storage.types import made_id

REVISION = "knowledge.revision"  # a setting: every change takes the next number, one after another


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as it is now, in the columns' order, and its live aliases."""

    id: int
    revision: int
    section: str
    language: str
    question: str
    answer: str
    keywords: Sequence[str]
    files: Sequence[StoredFile]
    enabled: bool
    deleted_at: datetime | None
    helped: int
    not_helped: int
    shown: int
    translates: int | None = None
    aliases: tuple[str, ...] = ()

    @property
    def live(self) -> bool:
        """Return whether it answers."""
        return self.enabled and self.deleted_at is None

    @property
    def root(self) -> int:
        """Return the article that all of its translations are tied to."""
        return self.translates or self.id


@dataclass(frozen=True, slots=True)
class Version:
    """One state an article was in."""

    id: int
    article_id: int
    act: str
    data: Mapping[str, Any]
    person_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposed:
    """An alias that waits for an admin."""

    id: int
    article_id: int
    text: str
    question: str


KEPT = ("section", "language", "question", "answer", "keywords", "files", "enabled")
_ALIASES = (
    select(alias.c.article_id, alias.c.text)
    .where(alias.c.article_id.in_(bindparam("ids", expanding=True)), alias.c.state == "live")
    .order_by(alias.c.id)
)
_PROPOSED = (
    select(alias.c.id, alias.c.article_id, alias.c.text, article.c.question)
    .join(article, article.c.id == alias.c.article_id)
    .where(alias.c.state == "proposed", article.c.deleted_at.is_(None))
)
_VOTES = Prepared(
    select(article.c.id, article.c.helped, article.c.not_helped).where(
        any_of(article.c.id), article.c.deleted_at.is_(None)
    )
)
_SINCE = select(article).where(article.c.revision > bindparam("seen")).order_by(article.c.id)


def _tied_to(roots: Iterable[int]) -> ColumnElement[bool]:
    wanted = list(roots)
    return or_(article.c.id.in_(wanted), article.c.translates.in_(wanted)) & article.c.deleted_at.is_(None)


class Articles:
    """The articles, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._records = Records(connection)

    # Reading

    def revision(self) -> int:
        """Return the number of the newest change."""
        return int(self._records.get(REVISION) or 0)

    def since(self, seen: int, *, limit: int | None = None) -> list[ArticleRow]:
        """Return the articles changed after a revision, those that answer no more among them."""
        return self._with_aliases(self._connection.execute(_SINCE.limit(limit), {"seen": seen}).all())

    def get(self, article_id: int) -> ArticleRow:
        """Return an article, or refuse: there is none of this number."""
        found = self.of([article_id])
        if not found:
            raise Refused("no_article", article=article_id)
        return found[0]

    def of(self, ids: Iterable[int | str]) -> list[ArticleRow]:
        """Return articles in the order of their ids; those deleted since are left out."""
        wanted = [int(i) for i in ids]
        if not wanted:
            return []
        living = select(article).where(article.c.id.in_(wanted), article.c.deleted_at.is_(None))
        rows = self._connection.execute(living).all()
        found = {row.id: row for row in self._with_aliases(rows)}
        return [found[i] for i in wanted if i in found]

    def votes(self, ids: Sequence[int | str]) -> dict[int | str, tuple[int, int]]:
        """Return how often each of these articles helped, and how often it did not; those deleted since are left out."""
        rows = (row for some in few_values([int(i) for i in ids]) for row in _VOTES.all(self._connection, some))
        return {number: (helped, not_helped) for number, helped, not_helped in rows}

    def owner_of(self, text: str, language: str) -> int | None:
        """Return the article that is asked by exactly these words, in any letter case."""
        there = (article.c.language == language, article.c.deleted_at.is_(None))
        asked = select(article.c.id).where(func.lower(article.c.question) == text.lower(), *there)
        found = self._connection.scalar(asked.limit(1))
        if found is None:
            named = select(alias.c.article_id).join(article, article.c.id == alias.c.article_id)
            mine = (func.lower(alias.c.text) == text.lower(), alias.c.state == "live")
            found = self._connection.scalar(named.where(*mine, *there).limit(1))
        return found

    def sections(self, language: str, *, every: bool = False) -> list[tuple[str, int]]:
        """Return the sections of a language, and how many articles each holds, by name; ``every`` counts those turned off."""
        query = (
            select(article.c.section, func.count())
            .where(article.c.language == language, article.c.deleted_at.is_(None))
            .group_by(article.c.section)
            .order_by(article.c.section)
        )
        if not every:
            query = query.where(article.c.enabled)
        return [(row[0], row[1]) for row in self._connection.execute(query).all()]

    def page(self, *, language: str | None = None, section: str | None = None, offset: int = 0, limit: int = 8,
             every: bool = False) -> tuple[list[ArticleRow], int]:  # fmt: skip
        """Return a page of articles and how many there are, the most helpful first; ``every`` counts those turned off."""
        query = select(article).where(article.c.deleted_at.is_(None))
        if not every:
            query = query.where(article.c.enabled)
        if language is not None:
            query = query.where(article.c.language == language)
        if section is not None:
            query = query.where(article.c.section == section)
        total = self._connection.scalar(select(func.count()).select_from(query.subquery())) or 0
        order = (article.c.helped.desc(), article.c.shown.desc(), article.c.id)
        rows = self._connection.execute(query.order_by(*order).offset(offset).limit(limit)).all()
        return self._with_aliases(rows), int(total)

    def least_helpful(self, limit: int) -> list[ArticleRow]:
        """Return the answers that were said most often not to have helped, the worst first."""
        query = select(article).where(article.c.deleted_at.is_(None), article.c.enabled, article.c.not_helped > 0)
        worst = query.order_by(article.c.not_helped.desc(), article.c.id).limit(limit)
        return self._with_aliases(self._connection.execute(worst).all())

    def naming(self, names: Sequence[str]) -> list[int]:
        """Return which answers, or other ways to ask for them, have one of these names in them."""
        said = [
            where
            for name in names
            if len(name) > 1
            for where in (
                article.c.question.contains(name, autoescape=True),
                article.c.answer.contains(name, autoescape=True),
                article.c.id.in_(select(alias.c.article_id).where(alias.c.text.contains(name, autoescape=True))),
            )
        ]
        query = select(article.c.id).where(or_(false(), *said)).order_by(article.c.id)
        return list(self._connection.scalars(query).all())

    def languages(self) -> list[str]:
        """Return the languages that articles are in."""
        query = select(article.c.language).where(article.c.deleted_at.is_(None)).distinct()
        return list(self._connection.scalars(query.order_by(article.c.language)).all())

    def translations(self, roots: Iterable[int]) -> list[ArticleRow]:
        """Return all articles that are tied to these, themselves among them, by language."""
        rows = self._connection.execute(select(article).where(_tied_to(roots)).order_by(article.c.language)).all()
        return self._with_aliases(rows)

    def in_language(self, found: Sequence[ArticleRow], language: str | None) -> list[ArticleRow]:
        """Return for each article its translation into a language, as far as there is one that answers; each once."""
        foreign = [one.root for one in found if one.language != language]
        own = (
            {one.root: one for one in self.translations(foreign) if one.live and one.language == language}
            if foreign
            else {}
        )
        return list({one.id: one for one in (own.get(each.root, each) for each in found)}.values())

    def untranslated(self, *, offset: int = 0, limit: int = 8) -> tuple[list[ArticleRow], int]:
        """Return a page of articles, one of those that say the same, that are not in every language, and how many there are."""
        root, living = func.coalesce(article.c.translates, article.c.id), article.c.deleted_at.is_(None)
        spoken = len(self.languages())
        some = select(func.min(article.c.id)).where(living).group_by(root)
        some = some.having(func.count(article.c.language.distinct()) < spoken)
        query = select(article).where(article.c.id.in_(some))
        total = self._connection.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = self._connection.execute(query.order_by(article.c.id).offset(offset).limit(limit)).all()
        return self._with_aliases(rows), int(total)

    def leading_to(self, article_id: int) -> list[int]:
        """Return the articles whose answers lead on to one."""
        link = article.c.answer.contains(f"](#{article_id})", autoescape=True)
        query = select(article.c.id).where(link, article.c.deleted_at.is_(None), article.c.id != article_id)
        return list(self._connection.scalars(query.order_by(article.c.id)).all())

    def everything(self) -> list[ArticleRow]:
        """Return all articles that are not deleted, by id."""
        living = select(article).where(article.c.deleted_at.is_(None)).order_by(article.c.id)
        return self._with_aliases(self._connection.execute(living).all())

    def after(self, last: int, limit: int) -> list[ArticleRow]:
        """Return some articles that are not deleted, by id, beginning after one."""
        living = select(article).where(article.c.id > last, article.c.deleted_at.is_(None))
        return self._with_aliases(self._connection.execute(living.order_by(article.c.id).limit(limit)).all())

    def versions(self, article_id: int, *, offset: int = 0, limit: int = 20) -> list[Version]:
        """Return a page of an article's versions, the newest first."""
        query = select(article_version).where(article_version.c.article_id == article_id)
        page = query.order_by(article_version.c.id.desc()).offset(offset).limit(limit)
        return [Version(*row) for row in self._connection.execute(page).all()]

    def version(self, version_id: int) -> Version:
        """Return one version, or refuse: there is none."""
        row = self._connection.execute(select(article_version).where(article_version.c.id == version_id)).first()
        if row is None:
            raise Refused("expired")
        return Version(*row)

    def _with_aliases(self, rows: Sequence[Any]) -> list[ArticleRow]:
        found = [ArticleRow(*row) for row in rows]
        said: dict[int, list[str]] = {}
        for start in range(0, len(found), 500):  # SQLite takes so many parameters and not many more
            ids = [row.id for row in found[start : start + 500]]
            for owner, text in self._connection.execute(_ALIASES, {"ids": ids}).all():
                said.setdefault(owner, []).append(text)
        return [replace(row, aliases=tuple(said.get(row.id, ()))) for row in found]

    # Changing

    def add(self, *, by: int | None, at: datetime, aliases: Iterable[str] = (), **facts: Any) -> ArticleRow:
        """Write an article; it answers from the next question on."""
        values = {"section": "", "keywords": [], "files": [], "enabled": True, **facts}
        counts = {"helped": 0, "not_helped": 0, "shown": 0}
        made = made_id(self._connection.execute(insert(article).values(**values, **counts, revision=self._next())))
        self._set_aliases(made, aliases, at)
        return self._version(made, "add", by, at)

    def change(self, article_id: int, act: str, *, by: int | None, at: datetime, aliases: Iterable[str] | None = None,
               **facts: Any) -> ArticleRow:  # fmt: skip
        """Change an article and keep the version; ``aliases`` replace those it had."""
        self._connection.execute(
            update(article).where(article.c.id == article_id).values(**facts, revision=self._next())
        )
        if aliases is not None:
            self._set_aliases(article_id, aliases, at)
        return self._version(article_id, act, by, at)

    def tie(self, one: ArticleRow, to: ArticleRow, *, by: int | None, at: datetime) -> ArticleRow:
        """Let an article be the translation of another, and of whatever that one is a translation of."""
        return self.change(one.id, "translate", by=by, at=at, translates=to.root)

    def untie(self, one: ArticleRow, *, by: int | None, at: datetime) -> ArticleRow:
        """Let an article stand by itself again; those that were tied to it stay together."""
        rest = [each for each in self.translations([one.root]) if each.id != one.id]
        if one.translates is None and rest:
            first = min(each.id for each in rest)
            for each in rest:
                to = None if each.id == first else first
                self.change(each.id, "translate", by=by, at=at, translates=to)
        return self.change(one.id, "translate", by=by, at=at, translates=None)

    def remove(self, article_id: int, *, by: int | None, at: datetime) -> None:
        """Delete an article; its versions stay, and one of them can be restored. What readers said of it goes."""
        self._version(article_id, "delete", by, at)
        self._connection.execute(delete(article_remark).where(article_remark.c.article_id == article_id))
        gone = update(article).where(article.c.id == article_id)
        self._connection.execute(gone.values(deleted_at=at, revision=self._next()))

    def restore(self, version: Version, *, by: int | None, at: datetime) -> ArticleRow:
        """Make an article what it was in a version."""
        facts = {name: version.data[name] for name in KEPT}
        return self.change(
            version.article_id, "restore", by=by, at=at, aliases=version.data["aliases"], deleted_at=None, **facts
        )

    def _set_aliases(self, article_id: int, texts: Iterable[str], at: datetime) -> None:
        self._connection.execute(delete(alias).where(alias.c.article_id == article_id, alias.c.state == "live"))
        rows = [{"article_id": article_id, "text": text, "state": "live", "at": at} for text in texts]
        if rows:
            said = [str(row["text"]).lower() for row in rows]
            mine = (alias.c.article_id == article_id, func.lower(alias.c.text).in_(said))
            self._connection.execute(delete(alias).where(*mine))  # whatever was proposed is decided by this
            self._connection.execute(insert(alias), rows)

    def _version(self, article_id: int, act: str, by: int | None, at: datetime) -> ArticleRow:
        row = self._connection.execute(select(article).where(article.c.id == article_id)).one()
        now = self._with_aliases([row])[0]
        data = {name: value for name, value in asdict(now).items() if name in KEPT} | {"aliases": list(now.aliases)}
        values = {"article_id": article_id, "act": act, "data": data, "person_id": by, "at": at}
        self._connection.execute(insert(article_version).values(values))
        return now

    def _next(self) -> int:
        """Return the next revision; the row it is kept in makes changes wait for each other until they are committed."""
        following = self._records.count(REVISION)
        notify_on_commit(self._connection, "articles")
        return following

    # What people's answers teach

    def propose(self, article_id: int, text: str, *, by: int | None, at: datetime) -> int | None:
        """Propose an alias; None where the article has it, or an admin has decided about it."""
        self._connection.execute(select(article.c.id).where(article.c.id == article_id).with_for_update())
        known = select(alias.c.id).where(alias.c.article_id == article_id, func.lower(alias.c.text) == text.lower())
        if self._connection.scalar(known.limit(1)) is not None:
            return None
        values = {"article_id": article_id, "text": text, "state": "proposed", "proposed_by": by, "at": at}
        return made_id(self._connection.execute(insert(alias).values(values)))

    def proposed(self, limit: int = 10) -> list[Proposed]:
        """Return aliases that wait for an admin, the oldest first."""
        query = _PROPOSED.order_by(alias.c.id).limit(limit)
        return [Proposed(*row) for row in self._connection.execute(query).all()]

    def proposal(self, alias_id: int) -> Proposed:
        """Return one alias that waits for an admin; refuse politely where that is decided already."""
        row = self._connection.execute(_PROPOSED.where(alias.c.id == alias_id)).first()
        if row is None:
            raise Refused("decided")
        return Proposed(*row)

    def decide(self, alias_id: int, *, live: bool, by: int | None, at: datetime) -> Proposed:
        """Take a proposed alias or refuse it; refuse politely where that is decided already."""
        found = self.proposal(alias_id)
        waiting = update(alias).where(alias.c.id == alias_id, alias.c.state == "proposed")
        if not self._connection.execute(waiting.values(state="live" if live else "refused")).rowcount:
            raise Refused("decided")
        if live:
            self.change(found.article_id, "alias", by=by, at=at)
        return found

    def count(self, article_id: int, name: str) -> None:
        """Count that an article was shown, helped, or did not help."""
        self._connection.execute(update(article).where(article.c.id == article_id).values({name: article.c[name] + 1}))

    def favour(self, person_id: int, article_id: int) -> bool:
        """Keep an article at hand for a person, or put it away again; return whether it is kept now."""
        mine = (favourite.c.person_id == person_id, favourite.c.article_id == article_id)
        if self._connection.execute(delete(favourite).where(*mine)).rowcount:
            return False
        self._connection.execute(insert(favourite).values(person_id=person_id, article_id=article_id))
        return True

    def favourites(self, person_id: int) -> list[ArticleRow]:
        """Return the articles a person keeps at hand."""
        query = select(favourite.c.article_id).where(favourite.c.person_id == person_id)
        return self.of(self._connection.scalars(query.order_by(favourite.c.article_id)).all())
