"""Whatever makes work for a loop says so with its commit: another process need not look every minute to find it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from storage.engine.database import Connection, Database
from storage.models import Sending, outgoing
from storage.models import inbox as arrived
from storage.models import lane as lane_of
from storage.models import standstill as stands
from storage.queues import inbox, lanes, outbox, standstill, undelivered
from storage.queues.inbox import Arrival
from storage.queues.timers import Timers
from tests.clock import MONDAY
from tests.storage.test_postgres import Heard

SOURCE, LANE = "telegram:1", "telegram:1:7"
LATER = MONDAY + timedelta(minutes=5)


def promised(connection: Connection, **values: Any) -> list[int]:
    """Promise two messages; return their ids."""
    row = {"lane": LANE, "rank": 1, "operation": "send", "payload": "{}"}
    ids = [outbox.enqueue(connection, SOURCE, row, MONDAY) for _ in range(2)]
    if values:
        connection.execute(update(outgoing).where(outgoing.c.id.in_(ids)).values(**values))
    return ids


def dead(connection: Connection) -> list[int]:
    """Leave two dead letters; return their ids."""
    inbox.accept_arrivals(connection, [Arrival(SOURCE, key, f"{SOURCE}/c", "{}") for key in "ab"], MONDAY)
    connection.execute(update(arrived).values(done_at=MONDAY, incident="i1"))
    return list(connection.scalars(select(arrived.c.id)))


def refused(connection: Connection) -> list[int]:
    """Leave two messages that their place refuses; return their ids."""
    connection.execute(insert(stands).values(STANDS))
    return promised(connection, tries=1, error="thread_closed", ready_at=LATER)


STANDS = {
    "address": LANE, "place": f"{SOURCE}:7", "reason": "closed", "word": "TOPIC_CLOSED", "since": MONDAY, "told": True,
}  # fmt: skip
NOTHING: Any = lambda connection: []  # noqa: E731
FAILED: Any = lambda connection: promised(connection, state=Sending.FAILED, done_at=MONDAY, error="refused")  # noqa: E731
# What was there before, what a process does then, and what the others hear.
ACTS: dict[str, tuple[Any, Any, str]] = {
    "an arrival": (
        NOTHING,
        lambda connection, _: inbox.accept_arrivals(connection, [Arrival(SOURCE, "a", f"{SOURCE}/c", "{}")], MONDAY),
        "inbox",
    ),
    "a dead letter put back": (
        dead,
        lambda connection, ids: inbox.retry_dead_events(connection, ids[:1], MONDAY),
        "inbox",
    ),
    "a promise": (NOTHING, lambda connection, _: promised(connection), "outbox"),
    "a failed message queued again": (
        FAILED,
        lambda connection, ids: undelivered.retry_undelivered(connection, ids[:1], MONDAY),
        "outbox",
    ),
    "a refused message tried now": (
        refused,
        lambda connection, ids: standstill.retry_refused(connection, ids[:1], MONDAY),
        "outbox",
    ),
    "a refused message given up": (
        refused,
        lambda connection, ids: standstill.drop_refused(connection, ids[:1], MONDAY),
        "outbox",
    ),
    "a timer": (NOTHING, lambda connection, _: Timers(connection).schedule("wake", LATER, facts={}), "timer"),
}


@pytest.mark.parametrize("act", ACTS)
async def test_every_other_process_hears_of_it_once_it_is_committed(processes: list[Database], act: str):
    given, done, word = ACTS[act]
    made = await processes[0].run(given)
    await processes[0].run(
        lambda c: c.execute(update(lane_of).where(lane_of.c.side == lanes.OUT).values(ready_at=LATER))
    )
    ears = [Heard() for _ in processes[1:]]
    for database, ear in zip(processes[1:], ears, strict=True):
        await database.listen(ear)

    def undone(connection: Connection) -> None:
        done(connection, made)
        raise LookupError

    with pytest.raises(LookupError):
        await processes[0].run(undone)
    await processes[0].run(lambda connection: done(connection, made))
    await processes[0].run(lambda connection: Timers(connection).schedule("last", LATER, facts={}))
    for ear in ears:
        heard = [await ear.next()]
        while heard[-1] != "timer":
            heard.append(await ear.next())
        assert heard[0] == word


async def test_what_is_ended_makes_no_work_and_wakes_nobody(processes: list[Database]):
    ear = Heard()
    await processes[1].listen(ear)
    await processes[0].run(
        lambda c: (inbox.retry_dead_events(c, [5], MONDAY), undelivered.retry_undelivered(c, [5], MONDAY))
    )
    await processes[0].run(lambda c: c.execute(insert(outgoing).values(ROW)))
    await processes[0].run(lambda c: Timers(c).schedule("last", LATER, facts={}))
    assert await ear.next() == "timer"


ROW = {
    "lane": LANE, "rank": 1, "operation": "send", "payload": "{}", "state": Sending.SENT, "created_at": MONDAY,
    "ready_at": MONDAY, "done_at": MONDAY,
}  # fmt: skip
