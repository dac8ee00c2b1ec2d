"""A guest who comes: all that points at the account they were registered by points at their own."""

from collections.abc import Callable

from sqlalchemy import select

from storage.care.outages import Stage, Touched
from storage.models import account, columns_that_name
from storage.people import guests
from storage.people.people import Person
from storage.queues.spoken import Said
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import at, known, transact


def overheard(tx: Transaction, guest: Person) -> None:
    """Keep something that was said in a request channel on an account."""
    room = tx.request_channels.keep("slack:T1", "C1", title="", settings={}, at=MONDAY)
    said: Said = {"words": {"text": "Hello", "spans": []}, "files": []}
    tx.request_channels.hear(room.id, "7", topic="", person=guest.id, account=guest.account_id, said=said, at=MONDAY)


def affected(tx: Transaction, guest: Person) -> None:
    """Let an outage concern an account's person."""
    number = tx.outages.add(MONDAY, stage=Stage.OPEN)
    tx.outages.touch(number, guest.id, guest.account_id, Touched.WAITS, MONDAY)


def recurring(tx: Transaction, guest: Person) -> None:
    """Let something recur on an account."""
    schedule: dict[str, object] = {}
    facts = {"schedule": schedule, "type_name": "billing", "holidays": "keep", "again": "note", "created_at": MONDAY}
    tx.recurrences.add(by_id=guest.id, account_id=guest.account_id, summary="look", **facts)


POINTING: dict[str, Callable[[Transaction, Person], object]] = {  # a new table that names an account is a new line here
    "ticket.account_id": at,
    "overheard.account_id": overheard,
    "affected.account_id": affected,
    "recurrence.account_id": recurring,
}


async def test_whatever_points_at_their_account_moves_along(database):
    def story(tx: Transaction) -> None:
        guest = known(tx, guests.new_native(MONDAY), chat="")
        own = known(tx, "Olha")
        for write in POINTING.values():
            write(tx, guest)
        guests.adopt_guest_account(tx.connection, guest=guest.account_id, real=own.account_id, now=MONDAY)
        pointing = {str(column): tx.connection.scalars(select(column)).all() for column in columns_that_name(account)}
        assert pointing == {column: [own.account_id] for column in POINTING}
        assert tx.people.account(guest.account_id) is None

    await transact(database, story)
