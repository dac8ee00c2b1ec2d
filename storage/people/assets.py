"""Assets: what people work with, whose each is, who has it, and the requests about it. Each look is bounded."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, delete, false, func, insert, or_, select, update

from storage.engine.compiled import Prepared
from storage.models import asset, asset_word, ticket_asset
from storage.types import made_id

LONGEST, WORD, WORDS = 64, 32, 24  # letters of a number, and of a word it is found by; how many words
FEW = 2_000  # assets of somebody's own up to which these are gone through, rather than the words of everybody's
COUNTED = 60_000  # up to here it is counted how many words some letters begin
LAST = "\U0010ffff"  # behind whatever a word may go on with
_ALIKE = str.maketrans("авекмнорстухіё", "abekmhopctyxie")  # letters of two alphabets that look alike are one


@dataclass(frozen=True, slots=True)
class Asset:
    """What somebody works with, in the columns' order."""

    id: int
    number: str
    number_key: str
    kind: str
    name: str
    fields: Mapping[str, str]
    company_id: int | None
    person_id: int | None
    retired_at: datetime | None
    at: datetime

    @property
    def digest(self) -> str:
        """Return what tells how it is from how it was."""
        known = (self.name, sorted(self.fields.items()), self.company_id, self.person_id, self.retired_at is None)
        return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:16]

    @property
    def title(self) -> str:
        """Return how it is called on one line."""
        return f"{self.number} · {self.name}" if self.name else self.number


@dataclass(frozen=True, slots=True)
class Reach:
    """Which assets are meant: those of a person, and of their company; everybody's where neither is said."""

    person: int | None = None
    company: int | None = None
    kinds: tuple[str, ...] = ()
    everybody: bool = False

    def conditions(self, *, by_word: bool = False) -> list[ColumnElement[bool]]:
        """Return what is true of every asset meant: none that is retired.

        ``by_word``: they are come to by their words; SQLite would rather go through all of a kind, or of a company, by its index.
        """
        found: list[ColumnElement[bool]] = [asset.c.retired_at.is_(None)]
        if not self.everybody:
            whose = ((asset.c.person_id, self.person), (asset.c.company_id, self.company))
            own = [(of + 0 if by_word else of) == value for of, value in whose if value is not None]
            found.append(or_(false(), *own))
        if self.kinds:
            found.append((asset.c.kind.concat("") if by_word else asset.c.kind).in_(self.kinds))
        return found


EVERYBODY = Reach(everybody=True)


def number_key(number: str) -> str:
    """Return a number as it is looked for: its letters and digits alone, whatever alphabet they were typed in."""
    return re.sub(r"[\W_]+", "", number.casefold().translate(_ALIKE))[:LONGEST]


def asset_words(texts: Iterable[str]) -> list[str]:
    """Return the words that an asset is found by, or that somebody types to find one."""
    found = (word[:WORD] for text in texts for word in re.findall(r"\w+", text.casefold().translate(_ALIKE)))
    return list(dict.fromkeys(found))[:WORDS]


def _words_beginning(letters: str) -> "Select[Any]":
    begins = (asset_word.c.word >= letters, asset_word.c.word < letters + LAST)
    return select(asset_word.c.asset_id).where(*begins)


def _has_word(letters: str) -> ColumnElement[bool]:
    """Return what is true of an asset one of whose words begins with these letters."""
    also = asset_word.alias()
    begins = (also.c.word >= letters, also.c.word < letters + LAST)
    return select(also.c.asset_id).where(also.c.asset_id == asset.c.id, *begins).exists()


_GET = Prepared(select(asset).where(asset.c.id == bindparam("of_id")))
_NUMBERED = Prepared(select(asset).where(asset.c.number_key == bindparam("of_key")))
_OF_TICKET = Prepared(
    select(asset)
    .join(ticket_asset, ticket_asset.c.asset_id == asset.c.id)
    .where(ticket_asset.c.ticket_id == bindparam("of_ticket"))
    .order_by(asset.c.id),
    once=True,
)


class Assets:
    """The assets, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, asset_id: int) -> Asset | None:
        """Return an asset."""
        row = _GET.first(self._connection, {"of_id": asset_id})
        return Asset(*row) if row else None

    def numbered(self, number: str) -> Asset | None:
        """Return the asset of a number, retired or not, however it is typed."""
        key = number_key(number)
        row = _NUMBERED.first(self._connection, {"of_key": key}) if key else None
        return Asset(*row) if row else None

    def all_numbered(self, numbers: Collection[str]) -> dict[str, Asset]:
        """Return the assets of some numbers, by the key of each."""
        query = select(asset).where(asset.c.number_key.in_({number_key(each) for each in numbers}))
        return {row.number_key: Asset(*row) for row in self._connection.execute(query)}

    def add(self, number: str, kind: str, at: datetime, **facts: Any) -> Asset:
        """Make an asset known."""
        begun = {"name": "", "fields": {}, "company_id": None, "person_id": None, "retired_at": None, **facts}
        values = {"number": number[:LONGEST], "number_key": number_key(number), "kind": kind, "at": at, **begun}
        made = Asset(made_id(self._connection.execute(insert(asset).values(values))), **values)
        self._index(made)
        return made

    def change(self, was: Asset, **facts: Any) -> Asset:
        """Change what is known of an asset: anything but its number."""
        self._connection.execute(update(asset).where(asset.c.id == was.id).values(facts))
        now = self.get(was.id)
        assert now is not None
        if {"name", "fields"} & facts.keys():
            self._connection.execute(delete(asset_word).where(asset_word.c.asset_id == was.id))
            self._index(now)
        return now

    def forget(self, asset_id: int) -> None:
        """Know nothing of an asset any more."""
        self._connection.execute(delete(asset).where(asset.c.id == asset_id))

    def _index(self, of: Asset) -> None:
        words = asset_words((of.number, of.number_key, of.name, *of.fields.values()))
        self._connection.execute(insert(asset_word), [{"word": word, "asset_id": of.id} for word in words])

    # Finding

    def within(self, reach: Reach, limit: int) -> list[Asset]:
        """Return some of the assets meant, in the order of their numbers."""
        query = select(asset).where(*reach.conditions()).order_by(asset.c.number_key).limit(limit)
        return self._all(query)

    def having(self, words: Sequence[str], reach: Reach, limit: int, looked_at: int | None = None) -> list[Asset]:
        """Return some of the assets meant that have words which begin with each of these: whole words come first.

        What is rarest is looked at first: their own, where they are few, else the word that the fewest begin with; of that
        ``looked_at``, or all until there are as many as are asked for.
        """
        if not reach.everybody and self._count(select(asset.c.id).where(*reach.conditions()), FEW) < FEW:
            theirs = select(asset).where(*reach.conditions(), *(_has_word(word) for word in words))
            return self._all(theirs.order_by(asset.c.number_key).limit(limit))
        rarest = self._rarest(words)
        begun = _words_beginning(rarest).order_by(asset_word.c.word)
        fits = [*reach.conditions(by_word=True), *(_has_word(word) for word in words if word != rarest)]
        if looked_at is not None:
            looked = begun.limit(looked_at).subquery()
            query = select(asset).join(looked, looked.c.asset_id == asset.c.id).where(*fits)
        else:
            query = begun.with_only_columns(asset).join(asset, asset.c.id == asset_word.c.asset_id).where(*fits)
        found = self._all(query.limit(limit * WORDS))
        return list({one.id: one for one in found}.values())[:limit]  # several words of one may begin alike

    def _rarest(self, words: Sequence[str]) -> str:
        """Return what the fewest words begin with; none is counted any further than the rarest so far."""
        longest_first = sorted(words, key=len, reverse=True)
        rarest, fewest = longest_first[0], COUNTED
        for word in longest_first:
            count = self._count(_words_beginning(word), fewest)
            if count < fewest:
                rarest, fewest = word, count
        return rarest

    def _count(self, query: "Select[Any]", most: int) -> int:
        return self._connection.scalar(select(func.count()).select_from(query.limit(most).subquery())) or 0

    def meant(self, kind: str, words: Sequence[str], *, after: int, limit: int) -> list[Asset]:
        """Return the assets in use of a kind, or of any, that have all these words; in the order they came, behind one."""
        query = select(asset).where(*self._meant(kind, words), asset.c.id > after)
        return self._all(query.order_by(asset.c.id).limit(limit))

    def count_meant(self, kind: str, words: Sequence[str], most: int) -> int:
        """Return how many these are, counted no further than that."""
        return self._count(select(asset.c.id).where(*self._meant(kind, words)), most)

    def _meant(self, kind: str, words: Sequence[str]) -> list[ColumnElement[bool]]:
        found = [asset.c.retired_at.is_(None), *([asset.c.kind == kind] if kind else [])]
        if words:
            rarest = self._rarest(words)
            found.append(asset.c.id.in_(_words_beginning(rarest)))
            found += [_has_word(word) for word in words if word != rarest]
        return found

    def counts(self) -> list[tuple[str, int]]:
        """Return how many assets are in use, by kind."""
        query = select(asset.c.kind, func.count()).where(asset.c.retired_at.is_(None)).group_by(asset.c.kind)
        return [(row[0], row[1]) for row in self._connection.execute(query.order_by(asset.c.kind))]

    def after(self, asset_id: int, limit: int) -> list[Asset]:
        """Return the assets behind one, in the order they came."""
        return self._all(select(asset).where(asset.c.id > asset_id).order_by(asset.c.id).limit(limit))

    def _all(self, query: "Select[Any]") -> list[Asset]:
        return [Asset(*row) for row in self._connection.execute(query).all()]

    # Their requests

    def tie(self, ticket_id: int, assets: Sequence[int]) -> None:
        """Let a request be about these assets, and no others."""
        self._connection.execute(delete(ticket_asset).where(ticket_asset.c.ticket_id == ticket_id))
        if assets:
            rows = [{"ticket_id": ticket_id, "asset_id": each} for each in dict.fromkeys(assets)]
            self._connection.execute(insert(ticket_asset), rows)

    def of_ticket(self, ticket_id: int) -> list[Asset]:
        """Return what a request is about."""
        return [Asset(*row) for row in _OF_TICKET.all(self._connection, {"of_ticket": ticket_id})]

    def requests(self, asset_id: int, limit: int) -> list[int]:
        """Return the newest requests about an asset, by number."""
        query = select(ticket_asset.c.ticket_id).where(ticket_asset.c.asset_id == asset_id)
        return list(self._connection.scalars(query.order_by(ticket_asset.c.ticket_id.desc()).limit(limit)))
