"""What was kept of accounts, chats, channels and imports among the settings is in tables of its own, up and down."""

from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, insert, select

from storage.desk.articles_import import (
    NOTHING_TAKEN,
    Taken,
    forget_import,
    plan_import,
    read_import_start,
    taken_by,
    write_part,
)
from storage.engine import migrate
from storage.engine.database import Database
from storage.models import setting
from storage.queues import catch_up, moved_chats
from storage.transaction import Transaction
from tests.clock import MONDAY

BEFORE: dict[str, Any] = {
    "heard:slack:T1": MONDAY.isoformat(),
    "team channel slack:T1": "C1",
    "team channel telegram:7": "-100",
    "moved:telegram:7:-5": "-100",
    "offers 1": {"sent": 3, "opened": 1},
    "offers 99": {"sent": 1},  # of a channel that is not there
    "knowledge.imports": {
        "old": {"revisions": [1, 2], "added": 7, "changed": 1},
        "new": {"revisions": [5], "added": 1, "changed": 0},
    },
}


def kept_before(connection: Connection) -> None:
    """Write what the version before had."""
    Transaction(connection).request_channels.keep("slack:T1", "C5", title="", settings={}, at=MONDAY)
    command.downgrade(migrate.alembic_config(connection), "0018")
    connection.execute(insert(setting), [{"name": name, "value": value} for name, value in BEFORE.items()])


def are_kept(connection: Connection) -> None:
    """See that all of it is known."""
    tx = Transaction(connection)
    assert catch_up.heard_until(connection, "slack:T1") == MONDAY
    assert catch_up.heard_until(connection, "telegram:7") is None
    for source, chat in (("slack:T1", "C1"), ("telegram:7", "-100")):
        assert tx.channels.is_named_by_settings(tx.channels.ensure(source, chat, language="en", threads=False))
    assert not tx.channels.is_named_by_settings(tx.channels.ensure("slack:T1", "C2", language="en", threads=False))
    assert moved_chats.current_chat(connection, "telegram:7", "-5") == "-100"
    assert tx.request_channels.offer_counts(1) == {"sent": 3, "opened": 1}
    assert taken_by(connection, "old") == Taken((1, 2), 7, 1)


def goes_on(connection: Connection) -> None:
    """Remember more of each, and go back to the version before."""
    tx = Transaction(connection)
    tx.request_channels.count_offer(1, "sent")
    tx.request_channels.count_offer(1, "dismissed")
    forget_import(connection, "old")
    write_part(connection, "now", plan_import(read_import_start(connection), [], by=None, at=MONDAY), MONDAY)
    assert (taken_by(connection, "now") or NOTHING_TAKEN).added == 0
    command.downgrade(migrate.alembic_config(connection), "0018")


@pytest.mark.slow
async def test_what_was_kept_is_kept_up_and_down(database: Database):
    await database.run(kept_before)
    await database.run(migrate.upgrade)
    await database.run(are_kept)
    await database.run(goes_on)
    rows = await database.run(lambda c: {row.name: row.value for row in c.execute(select(setting)).all()})
    imports = rows.pop("knowledge.imports")
    assert list(imports) == ["new", "now"]  # the newest last
    told = {**BEFORE, "offers 1": {"sent": 4, "opened": 1, "dismissed": 1}}
    del told["knowledge.imports"]
    assert {name: rows.get(name) for name in told} == told
    await database.run(migrate.upgrade)
