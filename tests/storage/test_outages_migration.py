"""Requests that were linked to an outage, one of a person, are still of it; and as many as the version before can hold."""

import pytest
from alembic import command
from sqlalchemy import Connection, insert, select, text

from storage.engine import migrate
from storage.engine.database import Database
from storage.models import affected, outage, outage_ticket
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import at, known


def linked_before(connection: Connection) -> None:
    """Write what the version before had: Ann's request is of the outage, Dan's is a different matter."""
    tx = Transaction(connection)
    people = {name: known(tx, name) for name in ("Ann", "Dan")}
    tickets = {name: at(tx, person).id for name, person in people.items()}
    command.downgrade(migrate.alembic_config(connection), "0014")
    values = {"stage": "open", "words": "", "keywords": "", "examples": [], "place": {}, "at": MONDAY}
    connection.execute(insert(outage).values(id=1, **values))
    for name, state in (("Ann", "linked"), ("Dan", "different")):
        person = people[name]
        its = {"outage_id": 1, "person_id": person.id, "account_id": person.account_id, "ticket_id": tickets[name]}
        connection.execute(insert(affected).values(**its, state=state, at=MONDAY))


@pytest.mark.slow
async def test_what_was_linked_is_linked_up_and_down(database: Database):
    await database.run(linked_before)
    await database.run(migrate.upgrade)
    assert await database.run(lambda c: c.execute(select(outage_ticket.c.ticket_id)).scalars().all()) == [1]

    def linked_since(connection: Connection) -> None:
        tx = Transaction(connection)
        ann = tx.people.of_account(1)
        tx.outages.link(1, at(tx, ann).id, MONDAY)
        connection.execute(text("update affected set ticket_id = null where person_id = 1"))
        command.downgrade(migrate.alembic_config(connection), "0014")

    await database.run(linked_since)
    kept = select(affected.c.ticket_id).order_by(affected.c.person_id)
    assert await database.run(lambda c: c.execute(kept).scalars().all()) == [3, 2]
    await database.run(migrate.upgrade)
