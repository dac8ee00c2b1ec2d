"""The feed: whoever reads on after a cursor meets each event once, in whatever order transactions commit, on both databases."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy import Connection, text

from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.lifecycle import Action
from storage.tickets.feed import EACH, Feed
from storage.tickets.tickets import TicketConflict
from storage.transaction import Transaction
from tests.api.program import let_in
from tests.clock import MONDAY
from tests.storage.rows import at, known, transact
from tests.stories.harness import Desk


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Yield a database with one request in it."""
    opened = await open_database(database_url)
    await transact(opened, lambda tx: at(tx, known(tx, "Ann")))
    yield opened
    await opened.close()


def happen(connection: Connection, minutes: int) -> None:
    """Let something be written into the history of the request."""
    tx = Transaction(connection)
    tx.tickets.change(tx.tickets.get(1), at=MONDAY, action=Action.SET_PRIORITY, by=None, facts={"minutes": minutes})


async def read_on(database: Database, after: int) -> list[tuple[int, int]]:
    """Read on as the API does: give places, then read a page."""
    await database.run(lambda connection: Feed(connection).give_places())
    found = await database.read(lambda connection: Feed(connection).after(after, 7))
    return [(one.position, int(one.facts.get("minutes", 0))) for one in found]


async def test_what_commits_late_is_not_missed_by_who_has_read_beyond_its_id(postgres_url: str):
    database, other = await open_database(postgres_url), await open_database(postgres_url)
    await transact(database, lambda tx: at(tx, known(tx, "Ann")))
    begun, may_end = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def slow() -> None:
        """Take an id, and commit only once the others have been read."""
        engine = other._engine  # type: ignore[attr-defined]
        async with engine.begin() as connection:
            await connection.execute(text(
                "INSERT INTO entry (ticket_id, action, was, now, facts, at, position) "
                "VALUES (1, 'set_priority', 'new', 'new', '{\"minutes\": 1}', now(), 0)"))  # fmt: skip
            begun.set()
            await may_end.wait()

    late = loop.create_task(slow())
    await begun.wait()
    await database.run(lambda connection: happen(connection, 2))
    first = await read_on(database, 0)
    assert [minutes for _, minutes in first] == [0, 2]
    may_end.set()
    await late
    assert [minutes for _, minutes in await read_on(database, first[-1][0])] == [1]
    await database.close()
    await other.close()


async def write_all(database: Database, numbers: list[int]) -> None:
    """Let these happen one after another; once more where another was faster, as a turn does."""
    for number in numbers:
        written = False
        while not written:
            with contextlib.suppress(TicketConflict):
                await database.run(partial(happen, minutes=number))
                written = True
        await asyncio.sleep(0)


async def read_all(database: Database, seen: list[tuple[int, int]], done: asyncio.Event) -> None:
    """Read on until nothing more is written and nothing is left."""
    more = True
    while more:
        over = done.is_set()
        found = await read_on(database, seen[-1][0] if seen else 0)
        seen += found
        more = bool(found) or not over
        await asyncio.sleep(0)


async def test_many_who_write_and_many_who_read_meet_each_event_once(database: Database, database_url: str):
    others = [await open_database(database_url) for _ in range(2)] if database.shared else [database]
    numbers = [*range(1, 61)]
    random.Random(7).shuffle(numbers)
    done, readers = asyncio.Event(), [list[tuple[int, int]](), list[tuple[int, int]]()]
    both = zip((database, others[-1]), readers, strict=True)
    reading = [asyncio.create_task(read_all(on, seen, done)) for on, seen in both]
    await asyncio.gather(*(write_all(others[place % len(others)], numbers[place::4]) for place in range(4)))
    done.set()
    await asyncio.gather(*reading)
    for seen in readers:
        assert [position for position, _ in seen] == sorted({position for position, _ in seen})
        assert sorted(minutes for _, minutes in seen) == [0, *range(1, 61)]
    assert readers[0] == readers[1]
    for other in (one for one in others if one is not database):
        await other.close()


async def test_a_backlog_is_given_its_places_in_pieces(database: Database):
    def long_ago(connection: Connection) -> None:
        row = "(1, 'set_priority', 'new', 'new', '{}', {at}, 0)".replace("{at}", "now()" if database.shared else "0")
        many = ", ".join([row] * (EACH + 5))
        connection.execute(text(f"INSERT INTO entry (ticket_id, action, was, now, facts, at, position) VALUES {many}"))

    await database.run(long_ago)
    assert await database.run(lambda connection: Feed(connection).give_places()) == EACH
    assert await database.run(lambda connection: Feed(connection).give_places()) == 6
    assert await database.run(lambda connection: Feed(connection).give_places()) == 0
    assert await database.read(lambda connection: Feed(connection).last()) == EACH + 6


async def test_a_reader_goes_on_where_it_stopped_through_a_restart_of_the_desk(desk: Desk):
    async with let_in(desk, "Shop") as shop:
        first = await shop.asks("GET", "/events?limit=1")
        assert first["more"]
        rest = await shop.asks("GET", f"/events?cursor={first['next']}")
        assert not rest["more"]
        now = await shop.asks("GET", "/events?start=now")
        assert now == {"items": [], "next": rest["next"], "more": False}
        await desk.restarts()
        shop.base = f"{desk.app.web.url}/api/v1"
        await shop.asks("POST", "/tickets/2/claim")
        (event,) = (await shop.asks("GET", f"/events?cursor={now['next']}"))["items"]
        assert (event["action"], event["ticket"], event["by"]["name"]) == ("claim", 2, "Shop")


async def test_nothing_in_it_is_anybodys_words_and_an_erased_persons_name_is_gone(desk: Desk):
    async with let_in(desk, "Shop") as shop:
        told = str(await shop.asks("GET", "/events"))
        assert "Dan" in told
        assert "fire" not in told
        await desk.records(lambda tx: tx.erasure.begin(tx.people.named("Dan")[0].id, desk.clock.now()))
        assert "Dan" not in str(await shop.asks("GET", "/events"))
