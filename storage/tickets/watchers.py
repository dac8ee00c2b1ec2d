"""Who hears of a ticket besides those who work on it, and what a person wants to hear."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage.engine.compiled import Prepared
from storage.models import person, watcher
from storage.tickets.helpers import watching_now

REVIEW = "review"  # under which a curator's /notify says that no weekly word about the answers is wanted
_CHOSEN = Prepared(select(person.c.notify).where(person.c.id == bindparam("of_id")), once=True)


class Hearing:
    """Watchers and people's own choices, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def watchers(self, number: int) -> list[int]:
        """Return the people who watch a ticket."""
        return watching_now(self._connection, number)

    def watch(self, number: int, person_id: int) -> bool:
        """Watch a ticket, or watch it no more; return whether it is watched now."""
        if self.unwatch(number, person_id):
            return False
        self._connection.execute(insert(watcher).values(ticket_id=number, person_id=person_id))
        return True

    def unwatch(self, number: int, person_id: int) -> bool:
        """Watch a ticket no more; return whether it was watched."""
        gone = delete(watcher).where(watcher.c.ticket_id == number, watcher.c.person_id == person_id)
        return self._connection.execute(gone).rowcount > 0

    def move(self, gone: int, kept: int) -> None:
        """Let whoever watches one ticket watch another instead."""
        there = set(self.watchers(kept))
        for each in self.watchers(gone):
            self.unwatch(gone, each)
            if each not in there:
                self._connection.execute(insert(watcher).values(ticket_id=kept, person_id=each))

    def chosen(self, person_id: int) -> Mapping[str, bool]:
        """Return what a person chose to hear or not to hear, by event."""
        found: Mapping[str, bool] | None = _CHOSEN.scalar(self._connection, {"of_id": person_id})
        return found or {}

    def choose(self, person_id: int, chosen: Mapping[str, bool]) -> None:
        """Keep what a person chose; nothing is what the desk's rules say."""
        kept = update(person).where(person.c.id == person_id)
        self._connection.execute(kept.values(notify=dict(chosen) or None))
