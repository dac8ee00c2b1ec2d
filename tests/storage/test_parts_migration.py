"""Replies of before are known to whom they went: read off the merges that happened by then."""

from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import Connection, select

from storage.engine import migrate
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import carried, entry, message, metadata, ticket
from tests.clock import MONDAY


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request, tmp_path):
    """Return the URL of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"
    return request.getfixturevalue("empty_postgres_url")


@pytest.fixture
async def empty(empty_url):
    """Yield a database with nothing in it."""
    opened = await open_database(empty_url)
    yield opened
    await opened.close()


def fill(connection: Connection) -> None:
    """Write what the version before had: #2 went on in #1 at one o'clock, #1 in #3 at two; a reply an hour on each."""
    put = {table.name: table for table in metadata.tables.values()}
    rows = {
        "person": {"id": 1, "name": "Ann", "role": "requester", "created_at": MONDAY},
        "account": {"id": 1, "person_id": 1, "source": "telegram:1", "native": "7", "name": "Ann"},
        "form": {"id": 1, "name": "f", "digest": "0", "data": {}, "created_at": MONDAY},
        "request_type": {
            "id": 1, "name": "t", "revision": 1, "position": 0, "kind": "incident", "title": {}, "fields": [],
            "priority": "normal", "current": True,
        },
    }  # fmt: skip
    for name, row in rows.items():
        connection.execute(put[name].insert().values(**row))
    for number in (3, 1, 2):
        connection.execute(
            ticket.insert().values(
                id=number, version=1, requester_id=1, account_id=1, request_type_id=1, form_id=1, summary="", answers={},
                status="open", kind="open", priority="normal", language="en", unread=0, created_at=MONDAY,
                updated_at=MONDAY, talked_at=MONDAY, urgency=2, merged_into=3 if number < 3 else None,
            )
        )  # fmt: skip
    for gone, kept, hours in ((2, 1, 1), (1, 3, 2)):
        at = MONDAY + timedelta(hours=hours)
        connection.execute(
            entry.insert().values(
                ticket_id=gone, action="merge", was="open", now="closed", facts={"to": kept}, at=at, person_id=1
            )
        )
    said = [(hour, number) for hour in (0.5, 1.5, 2.5) for number in (1, 2, 3)]
    for made, (hour, number) in enumerate(said, 1):
        values = {"id": made, "ticket_id": number, "person_id": 1, "words": {"text": ""}, "files": []}
        at = MONDAY + timedelta(hours=hour)
        connection.execute(message.insert().values(**values, kind="reply", at=at))
    connection.execute(message.insert().values(**{**values, "id": 99}, kind="note", at=MONDAY))


async def test_each_reply_is_carried_to_those_of_its_time(empty: Database):
    await empty.run(lambda connection: command.upgrade(migrate.alembic_config(connection), "0001"))
    await empty.run(fill)
    await empty.run(lambda connection: command.upgrade(migrate.alembic_config(connection), "0006"))
    rows = await empty.run(lambda connection: connection.execute(select(carried)).all())
    heard = {number: sorted(row.message_id for row in rows if row.ticket_id == number) for number in (1, 2, 3)}
    # By hours and tickets: 1 2 3 at half past twelve, 4 5 6 at half past one, 7 8 9 at half past two.
    assert heard == {1: [1, 4, 7, 9], 2: [2, 4, 5, 7, 8, 9], 3: [3, 6, 9]}
    await empty.run(lambda connection: command.downgrade(migrate.alembic_config(connection), "0001"))
    await empty.run(lambda connection: command.upgrade(migrate.alembic_config(connection), "0006"))
