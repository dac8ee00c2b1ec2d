"""Work does not grow with what is stored: no statement of claim, card, /queue, /find or /my reads a table from end to end."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from bot.inbox import inbox_arrival
from bot.intake.turn_loop import TurnLoop
from handlers.rules import Rules
from handlers.rules.book import RulesCache
from handlers.turns.knowledge import Knowledge
from storage.engine.database import Database
from storage.models import metadata
from storage.queues import inbox
from storage.tickets.queue import Filter, Span
from storage.transaction import Transaction
from tests.bench.scale_acts import ACTS, Act, said
from tests.bench.scale_fill import fill, hasten
from tests.clock import MONDAY, HandClock
from tests.storage.rows import transact
from tests.storage.test_plans import scanned, scans

COUNT = 400
SMALL = ("team_channel", "request_type", "rules_revision", "member")  # a handful of rows, ever
MORE = (
    Act("/queue text", lambda *_: said("queue", "text printers")),
    Act("/queue overdue", lambda *_: said("queue", "overdue")),
    Act("/queue type", lambda *_: said("queue", "billing")),
    Act("/queue closed @bob #vip", lambda *_: said("queue", "closed @bob #vip")),
    Act("/assign by name", lambda *_: said("assign", "399 @nobody")),
    Act("/history", lambda *_: said("history", "390")),
    Act("/tag", lambda *_: said("tag", "390 vip")),
    Act("/time", lambda *_: said("time", "30m 390")),
    Act("/report", lambda *_: said("report", "")),
    Act("/view save", lambda *_: said("view", "save night free")),
)


@pytest.fixture
async def desk(database: Database) -> TurnLoop:
    """Return a desk with some hundred requests."""

    def work(connection: Connection) -> None:
        after = hasten(connection)
        fill(connection, COUNT, MONDAY)
        for statement in after:
            connection.execute(text(statement))

    await database.run(work)
    return TurnLoop(database, HandClock(), RulesCache(Rules()), Knowledge(), {}, promised=asyncio.Event())


@pytest.mark.parametrize("act", [*ACTS, *MORE], ids=lambda act: act.name)
async def test_no_statement_of_an_act_scans_a_table(database: Database, desk: TurnLoop, act: Act):
    def story(connection: Connection) -> list[str]:
        inbox.accept_arrivals(connection, [inbox_arrival(act.arriving(1, 0, COUNT, MONDAY))], MONDAY)
        said: list[tuple[str, Any]] = []
        if connection.dialect.name == "sqlite":
            raw: Any = connection.connection.dbapi_connection
            raw.set_trace_callback(lambda statement: said.append((statement, None)))
        else:
            event.listen(connection, "before_cursor_execute", lambda *facts: said.append((facts[2], facts[3])))
        assert desk._round(connection).handled == 1
        statements = list(said)
        assert len(statements) > 10
        assert connection.scalar(text("SELECT count(*) FROM inbox WHERE incident IS NOT NULL")) == 0
        return [plan for plan in scans(connection, statements) if not bounded(plan)]

    assert await database.run(story) == []


def bounded(plan: str) -> bool:
    """Return whether what is read whole is small, or cut off by a limit in the queue's order."""
    whole = [line for line in plan.splitlines()[1:] if scanned(line) in metadata.tables]
    return all(scanned(line) in SMALL or ("ix_ticket_queue" in line and "LIMIT" in plan) for line in whole)


async def test_the_queue_and_the_search_agree_with_what_is_there(database: Database, desk: TurnLoop):
    """What the benches fill is what the desk itself would have written."""

    def story(tx: Transaction) -> None:
        assert tx.queue.count() == COUNT // 10
        assert [ticket.id for ticket in tx.queue.page(limit=3)] == [200, 400, 10]
        assert tx.search.find("printers", limit=3) == [400, 395, 390]
        assert tx.search.find("пароля принтер") == []
        assert tx.search.find("invoice 301") == [301]
        assert tx.queue.count(Filter(words="elephants")) == 0
        assert tx.queue.count(Filter(created=Span(until=MONDAY - timedelta(days=1)))) == 0

    await transact(database, story)
