"""What agents keep for themselves: views of the queue; and how often canned replies were sent."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.models import canned_use, view


class Kept:
    """Views and counts, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def views(self, person: int) -> Mapping[str, str]:
        """Return what a person's views show, by name."""
        query = select(view.c.name, view.c.words).where(view.c.person_id == person).order_by(view.c.name)
        return {row.name: row.words for row in self._connection.execute(query).all()}

    def shared(self) -> list[tuple[str, int, str]]:
        """Return the views that the whole team may look at: name, whose it is, what it shows."""
        query = select(view.c.name, view.c.person_id, view.c.words).where(view.c.shared.is_(True))
        rows = self._connection.execute(query.order_by(view.c.name, view.c.person_id)).all()
        return [(row[0], row[1], row[2]) for row in rows]

    def share_view(self, person: int, name: str, *, shared: bool) -> bool:
        """Let the team look at a view, or its owner alone; return whether there is one."""
        known = update(view).where(view.c.person_id == person, view.c.name == name).values(shared=shared)
        return self._connection.execute(known).rowcount > 0

    def keep_view(self, person: int, name: str, words: str) -> None:
        """Keep a view under a name; one of that name shows this from now on."""
        known = update(view).where(view.c.person_id == person, view.c.name == name).values(words=words)
        if self._connection.execute(known).rowcount == 0:
            self._connection.execute(insert(view).values(person_id=person, name=name, words=words))

    def drop_view(self, person: int, name: str) -> bool:
        """Forget a view; return whether there was one."""
        gone = delete(view).where(view.c.person_id == person, view.c.name == name)
        return self._connection.execute(gone).rowcount > 0

    def used(self) -> Mapping[str, int]:
        """Return how often each canned reply was sent."""
        return {row["name"]: row["count"] for row in self._connection.execute(select(canned_use)).mappings().all()}

    def use(self, name: str) -> None:
        """Count that a canned reply was sent."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        once = dialect.insert(canned_use).values(name=name, count=1)
        again = once.on_conflict_do_update(index_elements=["name"], set_={"count": canned_use.c.count + 1})
        self._connection.execute(again)
