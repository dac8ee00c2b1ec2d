"""Work does not grow with what is stored: every statement on a message's path finds its rows by an index."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, event, text

from bot.delivery.claim import claim_deliveries
from bot.delivery.settle import Result, settle_results
from bot.inbox import inbox_arrival
from bot.intake.timer_dispatcher import TimerDispatcher
from bot.intake.turn_loop import TurnLoop
from bot.telegram.adapter import Telegram
from handlers.rules import Rules
from handlers.rules.book import RulesCache
from handlers.turns.knowledge import Knowledge
from handlers.vocabulary.messages import Event, Kind, RichText, Sender
from storage.engine.database import Database
from storage.models import metadata
from storage.queues import inbox
from tests.bench.path_fill import Story, fill
from tests.clock import MONDAY, HandClock

SMALL = (
    "team_channel",
    "rules_revision",
    "standstill",  # of it is asked whether there is any
    "request_type",  # grows with the rules alone: all those in force are compared with what joins a request
)  # a handful of rows, ever
STORY = Story("telegram:42", "-1001", [("7001", "7001", "Ann")], ["2"], threads=True)
SAID = Event(
    Kind.TEXT,
    STORY.source,
    "900001",
    "7001",
    MONDAY,
    "7001",
    sender=Sender("7001", "Ann", language="en", chat="7001"),
    message="1",
    words=RichText("It happened again"),
)


def path(connection: Connection, desk: TurnLoop, timers: TimerDispatcher, messenger: Telegram) -> int:
    """Take one message all its way; return how many sends it brought."""
    inbox.accept_arrivals(connection, [inbox_arrival(SAID)], MONDAY)
    desk._round(connection)
    messengers = {messenger.source: messenger}
    taken = claim_deliveries(connection, messengers, [messenger.source], MONDAY, 32)
    settle_results(connection, [Result(delivery, ("77",)) for delivery in taken.deliveries], MONDAY, messengers)
    timers._fire(connection)
    return len(taken.deliveries)


async def test_no_statement_on_the_path_of_a_message_scans_a_table(database: Database):
    messenger = Telegram("42:TEST", "http://127.0.0.1:9", team=-1001, per_second=30, group_per_minute=20)
    clock = HandClock()
    desk = TurnLoop(database, clock, RulesCache(Rules()), Knowledge(), {}, promised=asyncio.Event())
    timers = TimerDispatcher(database, clock, asyncio.Event())

    def story(connection: Connection) -> tuple[int, list[str]]:
        fill(connection, STORY, MONDAY)
        said: list[tuple[str, Any]] = []
        if connection.dialect.name == "sqlite":
            raw: Any = connection.connection.dbapi_connection
            raw.set_trace_callback(lambda statement: said.append((statement, None)))
        else:
            event.listen(connection, "before_cursor_execute", lambda *facts: said.append((facts[2], facts[3])))
        sent = path(connection, desk, timers, messenger)
        statements = list(said)
        assert len(statements) > 15, statements
        assert scans(connection, [("SELECT id FROM ticket WHERE summary = 'x'", ())])  # what is looked for is seen
        return sent, scans(connection, statements)

    sent, found = await database.run(story)
    await messenger.close()
    assert sent == 1
    assert found == []


def scanned(line: str) -> str:
    """Return what a line of a plan reads from end to end; empty where it is none."""
    found = re.match(r"SCAN (\w+)", line) or re.search(r"Seq Scan on (\w+)", line)
    return found[1] if found else ""


def scans(connection: Connection, statements: Sequence[tuple[str, Any]]) -> list[str]:
    """Return the statements that read a table from end to end, with their plans."""
    of_sqlite = connection.dialect.name == "sqlite"
    if not of_sqlite:  # small tables are quicker read whole; what matters is whether an index would serve
        connection.execute(text("SET LOCAL enable_seqscan = off"))
    found: dict[str, str] = {}
    for statement, values in statements:
        if statement.split()[0] not in ("SELECT", "UPDATE", "INSERT", "DELETE") or "pg_notify" in statement:
            continue
        one = values[0] if isinstance(values, list) else values
        explain = f"{'EXPLAIN QUERY PLAN' if of_sqlite else 'EXPLAIN'} {statement}"
        lines = [str(row[-1]) for row in connection.exec_driver_sql(explain, one).all()]
        whole = [line for line in lines if scanned(line) in metadata.tables]
        if any(not any(small in line for small in SMALL) for line in whole):
            found[statement] = "\n".join([statement, *lines])
    return list(found.values())
