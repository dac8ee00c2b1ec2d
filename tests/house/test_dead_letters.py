"""`frontdesk dead`: what failed for good waits for an operator, and nothing happens to it unasked."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, insert, select

from bot.__main__ import run_command_line
from storage.engine.opening import open_database
from storage.models import inbox, lane, outgoing

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


def fail(connection: Connection) -> None:
    connection.execute(insert(lane).values(side="in", name="chat", source="telegram:1"))
    connection.execute(insert(lane).values(side="out", name="telegram:1:7", source="telegram:1"))
    event = {"source": "telegram:1", "lane": "chat", "received_at": AT, "ready_at": AT, "tries": 3, "done_at": AT}
    connection.execute(insert(inbox).values(**event, id=12, key="12", payload='{"text": "help"}', incident="A1B2"))
    connection.execute(insert(inbox).values(**event, id=13, key="13", payload="", incident=None))
    message = {"lane": "telegram:1:7", "operation": "send", "created_at": AT, "ready_at": AT, "done_at": AT}
    connection.execute(
        insert(outgoing).values(**message, id=34, payload='{"parts": []}', state="failed", error="blocked")
    )
    connection.execute(insert(outgoing).values(**message, id=35, payload="{}", state="delivered"))


@pytest.fixture
async def desk(database_url, monkeypatch):
    """Return a database in which one event and one message failed, and the command line looks at it."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    database = await open_database(database_url)
    await database.run(fail)
    yield database
    await database.close()


async def frontdesk(*arguments: str) -> int:
    return await asyncio.to_thread(run_command_line, list(arguments))


async def test_they_are_listed(desk, capsys):
    assert await frontdesk("dead", "list") == 0
    told = capsys.readouterr().out
    assert "event:12" in told
    assert "incident A1B2" in told
    assert "message:34" in told
    assert "blocked" in told
    assert told.count("\n") == 2


async def test_one_is_shown_whole(desk, capsys):
    assert await frontdesk("dead", "show", "event:12", "--json") == 0
    assert json.loads(capsys.readouterr().out)["payload"] == '{"text": "help"}'
    assert await frontdesk("dead", "show", "message:34") == 0
    assert 'send: blocked\n{"parts": []}\n' in capsys.readouterr().out


async def test_put_back_they_wait_again(desk, capsys):
    assert await frontdesk("dead", "retry", "event:12", "message:34") == 0
    assert capsys.readouterr().out == "2 put back.\n"
    assert await desk.run(lambda c: c.execute(select(inbox.c.tries, inbox.c.done_at).filter_by(id=12)).one()) == (
        0,
        None,
    )
    assert await desk.run(lambda c: c.scalar(select(outgoing.c.state).filter_by(id=34))) == "queued"


async def test_dropped_they_are_gone(desk, capsys):
    assert await frontdesk("dead", "drop", "--all") == 0
    assert await frontdesk("dead", "list", "--json") == 0
    assert capsys.readouterr().out == "2 dropped.\n[]\n"


@pytest.mark.parametrize(
    "arguments", [["retry"], ["drop", "event:12", "--all"], ["drop", "event:12", "event:13"], ["show", "message:35"]]
)
async def test_what_is_no_dead_letter_is_left_alone(desk, capsys, arguments):
    assert await frontdesk("dead", *arguments) == 2
    told = capsys.readouterr()
    assert (told.out, told.err[:4], told.err.count("\n")) == ("", "ID: ", 1)
    assert await frontdesk("dead", "list") == 0
    assert capsys.readouterr().out.count("\n") == 2
