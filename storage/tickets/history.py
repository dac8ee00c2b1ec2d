"""A ticket's whole story: all that was ever said on it, what it said before it was changed, and what was taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.lifecycle import Action
from storage.models import MessageKind, carried, entry, message, old_words, person
from storage.queues.spoken import StoredWords
from storage.tickets.messages import TicketMessage

MOST = 5000  # messages: beyond them a file is no reading any more


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a ticket's history."""

    action: Action
    was: str
    now: str
    person_id: int | None
    name: str | None
    facts: Mapping[str, Any]
    at: datetime

    def unsigned(self) -> "Entry":
        """Return this entry without who did it."""
        return replace(self, person_id=None, name=None)


@dataclass(frozen=True, slots=True)
class Before:
    """What a message said until it was changed."""

    words: StoredWords
    until: datetime


class Story:
    """The stories of tickets, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def said(self, number: int) -> list[tuple[TicketMessage, str]]:
        """Return a ticket's messages with their authors' names, the oldest first, those taken back among them."""
        query = (
            select(message, person.c.name)
            .join(person, person.c.id == message.c.person_id)
            .where(message.c.ticket_id == number)
            .order_by(message.c.id)
            .limit(MOST)
        )
        return [(TicketMessage(*row[:-1]), row[-1]) for row in self._connection.execute(query).all()]

    def own(self, number: int, requester: int, path: Sequence[int]) -> list[tuple[TicketMessage, str]]:
        """Return what the requester of a ticket said and was answered, with the authors' names, the oldest first.

        Theirs are their own words on the tickets of ``path``, and the replies that were carried to them under ``number``.
        """
        theirs = (message.c.kind == MessageKind.FOLLOW_UP) & (message.c.person_id == requester)
        answers = select(carried.c.message_id).where(carried.c.ticket_id == number)
        query = (
            select(message, person.c.name)
            .join(person, person.c.id == message.c.person_id)
            .where((message.c.ticket_id.in_(list(path)) & theirs) | message.c.id.in_(answers))
            .where(message.c.deleted_at.is_(None))
            .order_by(message.c.id)
            .limit(MOST)
        )
        return [(TicketMessage(*row[:-1]), row[-1]) for row in self._connection.execute(query).all()]

    def path(self, number: int) -> list[tuple[int, datetime | None]]:
        """Return the tickets that went on for one, in order, each with since when; the first is itself, with None."""
        found: list[tuple[int, datetime | None]] = [(number, None)]
        while merge := self._merge(found[-1][0]):
            found.append(merge)
        return found

    def _merge(self, number: int) -> tuple[int, datetime] | None:
        query = select(entry.c.facts, entry.c.at).where(entry.c.ticket_id == number, entry.c.action == Action.MERGE)
        row = self._connection.execute(query).first()
        return (int(row.facts["to"]), row.at) if row else None

    def before(self, number: int) -> dict[int, list[Before]]:
        """Return what a ticket's messages said before each change, by message."""
        query = (
            select(old_words.c.message_id, old_words.c.words, old_words.c.until)
            .join(message, message.c.id == old_words.c.message_id)
            .where(message.c.ticket_id == number)
            .order_by(old_words.c.id)
        )
        found: dict[int, list[Before]] = {}
        for of, words, until in self._connection.execute(query).all():
            found.setdefault(of, []).append(Before(words, until))
        return found

    def entries(self, number: int) -> list[Entry]:
        """Return a ticket's history, the oldest first."""
        query = (
            select(
                entry.c.action, entry.c.was, entry.c.now, entry.c.person_id, person.c.name, entry.c.facts, entry.c.at
            )
            .select_from(entry.outerjoin(person, person.c.id == entry.c.person_id))
            .where(entry.c.ticket_id == number)
            .order_by(entry.c.id)
        )
        return [Entry(*row) for row in self._connection.execute(query).all()]
