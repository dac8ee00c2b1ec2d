"""What a turn has read is read once, and never told again after it may have changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, event, select, text, update

from storage.engine.compiled import savepoint
from storage.engine.database import Database
from storage.engine.memo import remember_reads
from storage.lifecycle import Action
from storage.models import MessageKind, Priority, draft, lane, person, request_type, team_channel, ticket
from storage.queues import lanes
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import at, known, transact


@contextmanager
def counted(connection: Connection) -> Iterator[list[str]]:
    """Yield the statements that the driver is given inside."""
    seen: list[str] = []
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        raw.set_trace_callback(seen.append)
        yield seen
        raw.set_trace_callback(None)
        return

    def notice(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", notice)
    yield seen
    event.remove(connection, "before_cursor_execute", notice)


async def test_a_turn_asks_once_for_what_it_reads_again(database: Database):
    def story(tx: Transaction) -> None:
        number = at(tx, known(tx, "Ann")).id
        with remember_reads(tx.connection), counted(tx.connection) as seen:
            first = tx.tickets.get(number)
            again = Transaction(tx.connection).tickets.get(number)
        assert (again, len(seen)) == (first, 1)
        with counted(tx.connection) as outside:
            tx.tickets.get(number), tx.tickets.get(number)
        assert len(outside) == 2  # nothing is kept from one turn to the next

    await transact(database, story)


def _act(tx: Transaction, number: int) -> None:
    tx.tickets.act(tx.tickets.get(number), Action.CLOSE, by=1, at=MONDAY)


def _core(tx: Transaction, number: int) -> None:
    tx.connection.execute(update(ticket).where(ticket.c.id == number).values(priority=Priority.HIGH))


def _text(tx: Transaction, number: int) -> None:
    tx.connection.execute(text("UPDATE ticket SET rating = 5 WHERE id = :id"), {"id": number})


def _driver(tx: Transaction, number: int) -> None:
    tx.connection.exec_driver_sql(f"UPDATE ticket SET rating = 4 WHERE id = {number}")


@pytest.mark.parametrize("write", [_act, _core, _text, _driver], ids=lambda one: one.__name__.strip("_"))
async def test_what_it_writes_it_reads_as_it_is_now(database: Database, write: Callable[[Transaction, int], None]):
    def story(tx: Transaction) -> None:
        number = at(tx, known(tx, "Ann")).id
        with remember_reads(tx.connection):
            before = tx.tickets.get(number)
            write(tx, number)
            after = tx.tickets.get(number)
        assert before != after
        assert after == tx.tickets.get(number)

    await transact(database, story)


async def test_a_write_elsewhere_lets_it_be(database: Database):
    def story(tx: Transaction) -> None:
        ann = known(tx, "Ann")
        with remember_reads(tx.connection):
            tx.channels.all()
            tx.talk.add(at(tx, ann).id, ann.id, MessageKind.NOTE, words={"text": "x", "spans": []}, files=[], at=MONDAY)
            with counted(tx.connection) as seen:
                tx.channels.all()
        assert seen == []

    await transact(database, story)


async def test_what_a_name_stands_in_is_read_again_when_the_name_changes(database: Database):
    """A row that was put together from several tables is read again when any of them was written into."""

    def story(tx: Transaction) -> None:
        ann = known(tx, "Ann")
        number = at(tx, ann).id
        tx.talk.add(number, ann.id, MessageKind.NOTE, words={"text": "x", "spans": []}, files=[], at=MONDAY)
        with remember_reads(tx.connection):
            assert [name for _, name in tx.talk.of(number)] == ["Ann"]
            tx.connection.execute(update(person).where(person.c.id == ann.id).values(name="Anna"))
            assert [name for _, name in tx.talk.of(number)] == ["Anna"]

    await transact(database, story)


async def test_what_goes_with_a_row_is_read_again(database: Database):
    """That somebody has left a channel is forgotten with the channel, by the database's own hand."""

    def story(tx: Transaction) -> None:
        ann = known(tx, "Ann")
        team = tx.channels.ensure(ann.source, "-100", language="en", threads=True)
        tx.channels.join(team.id, ann.id, MONDAY)
        tx.channels.leave(team.id, ann.id, MONDAY + timedelta(minutes=1))
        with remember_reads(tx.connection):
            assert tx.people.get(ann.id).left
            tx.connection.execute(delete(team_channel).where(team_channel.c.id == team.id))
            assert not tx.people.get(ann.id).left

    await transact(database, story)


async def test_whoever_waited_for_a_lock_reads_again(database: Database):
    def story(tx: Transaction) -> None:
        number = at(tx, known(tx, "Ann")).id
        with remember_reads(tx.connection):
            tx.tickets.get(number)
            tx.connection.execute(select(request_type.c.id).with_for_update()).all()
            with counted(tx.connection) as seen:
                tx.tickets.get(number)
        assert len(seen) == 1

    await transact(database, story)


def change_and_fail(tx: Transaction, number: int) -> None:
    with savepoint(tx.connection):
        changed = tx.tickets.change(tx.tickets.get(number), at=MONDAY + timedelta(minutes=1), rating=5)
        assert tx.tickets.get(number) == changed
        raise ZeroDivisionError


async def test_what_was_undone_is_read_again(database: Database):
    def story(tx: Transaction) -> None:
        number = at(tx, known(tx, "Ann")).id
        with remember_reads(tx.connection):
            before = tx.tickets.get(number)
            with pytest.raises(ZeroDivisionError):
                change_and_fail(tx, number)
            assert tx.tickets.get(number) == before

    await transact(database, story)


async def test_a_draft_that_gave_way_is_not_there_any_more(database: Database):
    def story(tx: Transaction) -> None:
        ann = known(tx, "Ann")
        form = tx.requests.form_id("new", "aa", {}, MONDAY)
        with remember_reads(tx.connection):
            tx.drafts.open(ann.id, "here", form, step="a", answers={}, facts={}, at=MONDAY)
            assert tx.drafts.at(ann.id, "here") is not None
            tx.connection.execute(delete(draft))
            assert tx.drafts.at(ann.id, "here") is None

    await transact(database, story)


async def test_a_lane_is_made_ready_once_and_again_wherever_it_may_not_be_so_any_more(database: Database):
    later, earlier = MONDAY + timedelta(hours=1), MONDAY - timedelta(hours=1)

    def ready(tx: Transaction) -> Any:
        row = tx.connection.execute(select(lane.c.ready_at).where(lane.c.side == lanes.OUT, lane.c.name == "x")).first()
        return row and row.ready_at

    def marks(tx: Transaction, when: Any) -> int:
        with counted(tx.connection) as seen:
            lanes.mark_ready(tx.connection, lanes.OUT, [("x", "telegram:1", when)])
        return len(seen)

    def undone(tx: Transaction) -> None:
        with savepoint(tx.connection):
            assert (marks(tx, earlier), ready(tx)) == (1, earlier)
            raise ZeroDivisionError

    def story(tx: Transaction) -> None:
        with remember_reads(tx.connection):
            assert (marks(tx, MONDAY), ready(tx)) == (1, MONDAY)
            assert [marks(tx, when) for when in (MONDAY, later)] == [0, 0]
            assert (marks(tx, earlier), ready(tx)) == (1, earlier)
            lanes.set_ready(tx.connection, lanes.OUT, "x", None)  # its head was served
            assert (marks(tx, MONDAY), ready(tx)) == (1, MONDAY)
            tx.connection.execute(update(lane).values(ready_at=None))
            assert (marks(tx, MONDAY), ready(tx)) == (1, MONDAY)
            with pytest.raises(ZeroDivisionError):
                undone(tx)
            assert ready(tx) == MONDAY
            assert (marks(tx, earlier), ready(tx)) == (1, earlier)
        assert marks(tx, earlier) == 1  # nothing is kept from one turn to the next

    await transact(database, story)


async def test_a_long_list_of_choices_is_read_once_and_as_it_is_now(database: Database):
    def story(tx: Transaction) -> None:
        lists = tx.choice_lists
        lists.put("erp", {"a": {"en": "A"}})
        with remember_reads(tx.connection):
            with counted(tx.connection) as seen:
                assert lists.get("erp") == lists.get("erp") == {"a": {"en": "A"}}
            assert len(seen) == 1
            lists.put("erp", {"b": {"en": "B"}})
            assert lists.get("erp") == {"b": {"en": "B"}}
            lists.forget_others([])
            assert lists.get("erp") == {}

    await transact(database, story)
