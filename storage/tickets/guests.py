"""Guests of a ticket: people outside the team whom an agent lets into this one, and who were let in once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, insert, literal, select, update

from storage.engine.compiled import Prepared
from storage.models import MessageKind, guest, message, person, ticket
from storage.tickets.helpers import guests_now, visiting_at

_INVITED = Prepared(  # asked of everybody who writes: one's own request is never one to be a guest of
    select(guest.c.ticket_id, guest.c.told_at)
    .join(ticket, ticket.c.id == guest.c.ticket_id)
    .where(
        guest.c.person_id == bindparam("whom"),
        guest.c.ended_at.is_(None),
        ticket.c.requester_id != guest.c.person_id,
    )
    .order_by(guest.c.told_at.desc(), guest.c.ticket_id.desc()),
    once=True,
)


@dataclass(frozen=True, slots=True)
class Invited:
    """A ticket that somebody is a guest of, and when the last word went between them and the team."""

    ticket: int
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody's time as a guest: since when, and until when; None while it goes on."""

    person: int
    name: str
    at: datetime
    ended_at: datetime | None


class Guests:
    """The guests, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, number: int) -> list[int]:
        """Return who is a guest of a ticket now, in the order in which they came."""
        return guests_now(self._connection, number)

    def all(self, number: int) -> list[Visit]:
        """Return everybody who is a guest of a ticket or was, in the order in which they came."""
        columns = (guest.c.person_id, person.c.name, guest.c.at, guest.c.ended_at)
        query = select(*columns).join(person, person.c.id == guest.c.person_id).where(guest.c.ticket_id == number)
        return [Visit(*row) for row in self._connection.execute(query.order_by(guest.c.at, guest.c.person_id))]

    def invited(self, person_id: int) -> list[Invited]:
        """Return which tickets somebody is a guest of now, the one talked on last first."""
        return [Invited(*row) for row in _INVITED.all(self._connection, {"whom": person_id})]

    def was(self, number: int, person_id: int) -> bool:
        """Return whether somebody is a guest of a ticket, or was once."""
        its = (guest.c.ticket_id == number, guest.c.person_id == person_id)
        return self._connection.execute(select(guest.c.at).where(*its)).first() is not None

    def wrote(self, number: int, person_id: int, at: datetime) -> bool:
        """Return whether what somebody wrote on a ticket then was written by its guest: while they were one."""
        its = (guest.c.ticket_id == number, guest.c.person_id == person_id, visiting_at(at))
        return self._connection.execute(select(guest.c.at).where(*its)).first() is not None

    def join(self, number: int, person_id: int, at: datetime) -> bool:
        """Let somebody be a guest of a ticket; return whether they were none yet.

        Whoever comes again has been one since the first time, unless they wrote there in between as one of the team.
        """
        if person_id in self.of(number):
            return False
        its = (guest.c.ticket_id == number, guest.c.person_id == person_id)
        between = select(message.c.id).where(
            message.c.ticket_id == number,
            message.c.person_id == person_id,
            message.c.kind != MessageKind.FOLLOW_UP,
            message.c.at > guest.c.ended_at,
        )
        since = case((between.correlate(guest).exists(), literal(at, guest.c.at.type)), else_=guest.c.at)
        again = update(guest).where(*its).values(at=since, told_at=at, ended_at=None, shown_id=None)
        if not self._connection.execute(again).rowcount:
            values = {"ticket_id": number, "person_id": person_id, "at": at, "told_at": at}
            self._connection.execute(insert(guest).values(values))
        return True

    def return_to(self, number: int, person_id: int) -> bool:
        """Let somebody be a guest of a ticket as they were, and since when they were; return whether they ever were."""
        its = (guest.c.ticket_id == number, guest.c.person_id == person_id)
        return self._connection.execute(update(guest).where(*its).values(ended_at=None)).rowcount > 0

    def talked(self, number: int, person_id: int, at: datetime) -> None:
        """Remember when the last word went between a guest and the team."""
        its = (guest.c.ticket_id == number, guest.c.person_id == person_id)
        self._connection.execute(update(guest).where(*its).values(told_at=at))

    def shown(self, number: int, person_id: int) -> int | None:
        """Return which of the requester's messages a guest was shown last; 0 where only the form, None where nothing."""
        its = (guest.c.ticket_id == number, guest.c.person_id == person_id)
        return self._connection.scalar(select(guest.c.shown_id).where(*its))

    def show(self, number: int, person_id: int, message_id: int) -> None:
        """Remember which of the requester's messages a guest was shown last; 0 where only the form."""
        its = (guest.c.ticket_id == number, guest.c.person_id == person_id)
        self._connection.execute(update(guest).where(*its).values(shown_id=message_id))

    def leave(self, number: int, person_id: int, at: datetime) -> bool:
        """Let somebody be a guest of a ticket no more; return whether they were."""
        its = (guest.c.ticket_id == number, guest.c.person_id == person_id, guest.c.ended_at.is_(None))
        return self._connection.execute(update(guest).where(*its).values(ended_at=at)).rowcount > 0

    def move(self, gone: int, kept: int, at: datetime) -> list[int]:
        """Let the guests of one ticket be guests of another instead; return who they are."""
        found = self.of(gone)
        for each in found:
            self.leave(gone, each, at)
            self.join(kept, each, at)
        return found
