"""People and companies by number, page by page, for whoever reads on from the last one they have seen."""

from sqlalchemy import Connection, select

from storage.models import account, company, person
from storage.people.companies import Company
from storage.people.people import key_of


class Directory:
    """Everybody who is known, as one look sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def people(self, *, after: int, name: str, limit: int) -> list[int]:
        """Return the numbers of people behind one, those of a name or a username alone where one is given.

        Who was erased is not among them.
        """
        query = select(person.c.id).where(person.c.id > after, person.c.erased_at.is_(None))
        query = query.where(person.c.id.in_(select(account.c.person_id)))
        if name:
            key = key_of(name.removeprefix("@"))
            named = (account.c.name_key == key) | (account.c.username_key == key)
            query = query.where(person.c.id.in_(select(account.c.person_id).where(named)))
        return list(self._connection.scalars(query.order_by(person.c.id).limit(limit)))

    def companies(self, *, after: int, limit: int) -> list[Company]:
        """Return companies behind one, by number."""
        query = select(company).where(company.c.id > after).order_by(company.c.id).limit(limit)
        return [Company(*row) for row in self._connection.execute(query).all()]
