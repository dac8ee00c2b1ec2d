"""Rows that many tests begin with: people, a request type, a ticket."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from storage.engine.database import Database
from storage.models import Priority
from storage.people.people import Person
from storage.tickets.tickets import Ticket
from storage.transaction import Transaction
from tests.clock import MONDAY

T = TypeVar("T")
SOURCE = "telegram:1"


async def transact(database: Database, work: Callable[[Transaction], T]) -> T:
    """Run work over the nouns of one transaction."""
    return await database.run(lambda connection: work(Transaction(connection)))


def known(tx: Transaction, who: str, **facts: Any) -> Person:
    """Return a person, made known by this name."""
    values = {"name": who, "username": who.lower(), "language": "en", "chat": who.lower(), **facts}
    return tx.people.meet(SOURCE, who.lower(), at=MONDAY, **values)


async def meet(database: Database, name: str, **facts: Any) -> Person:
    """Return a person, made known in a transaction of its own."""
    return await transact(database, lambda tx: known(tx, name, **facts))


def kind(tx: Transaction, name: str, *, workflow: Mapping[str, Any] | None = None) -> int:
    """Return a request type of this name, made known."""
    return tx.requests.put_type(
        name,
        position=0,
        kind="incident",
        title={"en": name.title()},
        fields=[],
        priority=Priority.NORMAL,
        workflow=workflow,
    )


def at(
    tx: Transaction,
    requester: Person,
    *,
    minutes: int = 0,
    summary: str = "My card was charged twice",
    answers: Mapping[str, Any] | None = None,
    workflow: Mapping[str, Any] | None = None,
) -> Ticket:
    """Return a new ticket, registered so many minutes after the beginning."""
    moment = MONDAY + timedelta(minutes=minutes)
    return tx.tickets.add(
        at=moment,
        requester_id=requester.id,
        account_id=requester.account_id,
        request_type_id=kind(tx, "other", workflow=workflow),
        form_id=tx.requests.form_id("new", "0", {"name": "new", "title": {}, "fields": []}, moment),
        summary=summary,
        answers=answers or {},
        priority=Priority.NORMAL,
        language="en",
    )


async def open_ticket(database: Database, requester: Person | None = None) -> Ticket:
    """Return a new ticket, registered in a transaction of its own."""
    return await transact(database, lambda tx: at(tx, requester or known(tx, "Ann")))
