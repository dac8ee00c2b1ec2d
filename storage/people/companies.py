"""Companies: whom people belong to, what their contract says, and who of them is known."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate, takewhile
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, bindparam, cast, delete, func, insert, literal, select, update

from storage.engine.compiled import Prepared
from storage.models import asset, company, company_person, person, request_channel, ticket
from storage.people.people import key_of

LONGEST = 128  # letters of a name


@dataclass(frozen=True, slots=True)
class Company:
    """Whom people belong to, in the columns' order."""

    id: int
    name: str
    name_key: str
    contract: str
    until: str
    policy: str
    group_name: str
    types: Sequence[str]
    notes: str
    workspaces: Sequence[str]
    at: datetime

    @property
    def ends(self) -> date | None:
        """Return the last day of the contract, if it has one."""
        return date.fromisoformat(self.until) if self.until else None

    def covers(self, kind: str) -> bool:
        """Return whether the contract covers a request type."""
        return not self.types or kind in self.types


LIVES = company.c.name != literal("#") + cast(company.c.id, String)  # of one that is forgotten a number is left
_OF = Prepared(select(company_person.c.company_id).where(company_person.c.person_id == bindparam("person")))
_GET = Prepared(select(company).where(company.c.id == bindparam("of_id")))


class Companies:
    """The companies, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def id_of(self, person_id: int) -> int | None:
        """Return the id of somebody's company."""
        found: int | None = _OF.scalar(self._connection, {"person": person_id})
        return found

    def of(self, person_id: int) -> Company | None:
        """Return somebody's company."""
        number = self.id_of(person_id)
        return self.get(number) if number is not None else None

    def get(self, company_id: int) -> Company | None:
        """Return a company."""
        row = _GET.first(self._connection, {"of_id": company_id})
        return Company(*row) if row else None

    def living(self, ids: Collection[int]) -> set[int]:
        """Return which of these are companies still: of one that is forgotten a number is left."""
        return set(self._connection.scalars(select(company.c.id).where(company.c.id.in_(ids), LIVES))) if ids else set()

    def named(self, name: str) -> Company | None:
        """Return a company by its name, in any letter case."""
        row = self._connection.execute(select(company).where(company.c.name_key == key_of(name)[:LONGEST])).first()
        return Company(*row) if row else None

    def named_first(self, words: Sequence[str]) -> tuple[Company | None, int]:
        """Return the company whose name these words begin with, the longest that is one's, and how many words it is.

        That is one look, however many words there are: a name has no more than so many letters.
        """
        begun = accumulate(words, lambda name, word: f"{name} {word}")
        keys = [key_of(name)[:LONGEST] for name in takewhile(lambda name: len(name) <= LONGEST, begun)]
        query = select(company).where(company.c.name_key.in_(keys)).order_by(func.length(company.c.name_key).desc())
        row = self._connection.execute(query.limit(1)).first()
        return (Company(*row), keys.index(row.name_key) + 1) if row else (None, 0)

    def names(self) -> list[str]:
        """Return every company's name, in their order."""
        return list(self._connection.scalars(select(company.c.name).order_by(company.c.name_key)))

    def page(self, limit: int, offset: int = 0) -> list[tuple[Company, int]]:
        """Return companies by name, each with how many people of it are known."""
        people = select(func.count()).where(company_person.c.company_id == company.c.id).scalar_subquery()
        query = select(company, people).order_by(company.c.name_key).limit(limit).offset(offset)
        return [(Company(*row[:-1]), row[-1]) for row in self._connection.execute(query)]

    def under_contract(self, ids: Sequence[int], today: date, *, after: int, limit: int) -> list[Company]:
        """Return the companies among these whose contract has not ended, by id; 0 among them stands for every company."""
        query = select(company).where(*_under_contract(ids, today), company.c.id > after)
        return [Company(*row) for row in self._connection.execute(query.order_by(company.c.id).limit(limit))]

    def count_under_contract(self, ids: Sequence[int], today: date) -> int:
        """Return how many companies those are."""
        query = select(func.count()).select_from(company).where(*_under_contract(ids, today))
        return int(self._connection.scalar(query) or 0)

    def put(self, name: str, at: datetime, **facts: Any) -> Company:
        """Make a company known, or change what is known of it."""
        known = self.named(name)
        if known is None:
            values = {
                "name": name[:LONGEST],
                "name_key": key_of(name)[:LONGEST],
                "types": [],
                "workspaces": [],
                "at": at,
            }
            self._connection.execute(insert(company).values({**values, **facts}))
        elif facts:
            self._connection.execute(update(company).where(company.c.id == known.id).values(facts))
        kept = self.named(name)
        assert kept is not None
        return kept

    # People and channels

    def join(self, company_id: int, person_id: int) -> None:
        """Let somebody belong to a company, and to no other."""
        self.leave(person_id)
        self._connection.execute(insert(company_person).values(company_id=company_id, person_id=person_id))

    def leave(self, person_id: int) -> None:
        """Let somebody belong to no company."""
        self._connection.execute(delete(company_person).where(company_person.c.person_id == person_id))

    def people(self, company_id: int, limit: int) -> list[str]:
        """Return the names of a company's people."""
        query = select(person.c.name).join(company_person, company_person.c.person_id == person.c.id)
        return list(
            self._connection.scalars(
                query.where(company_person.c.company_id == company_id).order_by(person.c.name).limit(limit)
            )
        )

    def people_after(self, company_id: int, behind: int, most: int) -> list[int]:
        """Return the ids of a company's people behind one, in their order."""
        its = (company_person.c.company_id == company_id, company_person.c.person_id > behind)
        query = select(company_person.c.person_id).where(*its).order_by(company_person.c.person_id)
        return list(self._connection.scalars(query.limit(most)))

    def counts(self, company_id: int) -> tuple[int, int]:
        """Return how many people a company has, and how many requests they have made."""
        people = select(company_person.c.person_id).where(company_person.c.company_id == company_id)
        many = self._connection.scalar(select(func.count()).select_from(people.subquery()))
        requests = select(func.count()).where(ticket.c.requester_id.in_(people))
        return many or 0, self._connection.scalar(requests) or 0

    def forget(self, company_id: int) -> None:
        """Leave of a company its number, for what was counted by it, and the work its contract chose; none of its assets."""
        name = f"#{company_id}"
        nothing = {"contract": "", "until": "", "notes": "", "workspaces": []}
        values = {"name": name, "name_key": key_of(name), **nothing}
        self._connection.execute(update(company).where(company.c.id == company_id).values(values))
        self._connection.execute(delete(asset).where(asset.c.company_id == company_id))
        its = update(request_channel).where(request_channel.c.company_id == company_id)
        self._connection.execute(its.values(company_id=None))

    def channels(self, company_id: int) -> list[str]:
        """Return the titles of a company's request channels."""
        query = select(request_channel.c.title).where(request_channel.c.company_id == company_id)
        return list(self._connection.scalars(query.order_by(request_channel.c.title)))

    def give_channel(self, channel_id: int, company_id: int | None) -> None:
        """Let a request channel be a company's, or (None) nobody's."""
        change = update(request_channel).where(request_channel.c.id == channel_id)
        self._connection.execute(change.values(company_id=company_id))


def _under_contract(ids: Sequence[int], today: date) -> list[ColumnElement[bool]]:
    running = (company.c.until == "") | (company.c.until >= today.isoformat())
    return [running, LIVES, *([] if 0 in ids else [company.c.id.in_(ids)])]


def company_changes(known: Company, facts: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what ``facts``, by column, would change of a company: what is so and what would be, by column."""
    was = {name: getattr(known, name) for name in facts}
    return {name: (was[name], value) for name, value in facts.items() if _plain(was[name]) != _plain(value)}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else value
