"""The queue and its filters: each one alone, all of them together, and the order."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from storage.lifecycle import Action, StatusKind
from storage.models import Priority, ticket, ticket_tag
from storage.tickets.queue import COUNTED, Filter, Span
from storage.tickets.tickets import Ticket
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.storage.rows import at, known, transact


@dataclass(frozen=True, slots=True)
class Made:
    waiting: Ticket
    taken: Ticket
    closed: Ticket
    urgent: Ticket
    bob: int


def some(tx: Transaction) -> Made:
    """Return four tickets, a minute apart: waiting, taken by Bob, closed, urgent."""
    ann, bob = known(tx, "Ann"), known(tx, "Bob")
    made = [at(tx, ann, minutes=minute) for minute in range(4)]
    urgent = tx.tickets.change(made[3], at=MONDAY, priority=Priority.URGENT)
    taken = tx.tickets.act(made[1], Action.CLAIM, by=bob.id, at=MONDAY)
    closed = tx.tickets.act(made[2], Action.CLOSE, by=None, at=MONDAY)
    return Made(made[0], taken, closed, urgent, bob.id)


async def test_it_shows_the_most_urgent_first_and_then_the_longest_waiting(database):
    def story(tx: Transaction) -> None:
        made = some(tx)
        shown = [t.id for t in tx.queue.page()]
        assert shown == [made.urgent.id, made.waiting.id, made.taken.id]
        assert [t.id for t in tx.queue.page(offset=1, limit=1)] == [made.waiting.id]
        assert tx.queue.count() == 3

    await transact(database, story)


async def test_what_is_over_has_no_place_in_it_and_what_is_reopened_has_its_own_again(database):
    def story(tx: Transaction) -> None:
        made = some(tx)
        assert (made.closed.urgency, made.urgent.urgency, made.waiting.urgency) == (None, 0, 2)
        again = tx.tickets.act(made.closed, Action.REOPEN, by=None, at=MONDAY)
        assert again.urgency == 2
        assert tx.tickets.change(again, at=MONDAY, priority=Priority.HIGH).urgency == 1

    await transact(database, story)


async def test_what_is_over_is_listed_the_newest_first(database):
    def story(tx: Transaction) -> None:
        made = some(tx)
        tx.tickets.act(made.taken, Action.RESOLVE, by=made.bob, at=MONDAY)
        over = Filter(kinds=(StatusKind.CLOSED, StatusKind.RESOLVED))
        assert [t.id for t in tx.queue.page(over)] == [made.closed.id, made.taken.id]
        assert [t.id for t in tx.queue.page(over, offset=1)] == [made.taken.id]
        both = Filter(kinds=(StatusKind.CLOSED, StatusKind.NEW))
        assert [t.id for t in tx.queue.page(both)] == [made.urgent.id, made.closed.id, made.waiting.id]
        assert tx.queue.count(both) == 3

    await transact(database, story)


@pytest.mark.parametrize(
    ("filter_", "names"),
    [
        (Filter(priorities=(Priority.URGENT,)), ["urgent"]),
        (Filter(unclaimed=True), ["urgent", "waiting"]),
        (Filter(agent=0), ["taken"]),  # 0: Bob
        (Filter(kinds=(StatusKind.OPEN,)), ["taken"]),
        (Filter(kinds=(StatusKind.OPEN,), unclaimed=True), []),
        (Filter(statuses=(("new", StatusKind.NEW),)), ["urgent", "waiting"]),
        (Filter(groups=("it", "hr")), ["waiting"]),
        (Filter(types=("other",)), ["urgent", "waiting", "taken"]),
        (Filter(types=("none",)), []),
        (Filter(tags=("vip",)), ["urgent", "taken"]),
        (Filter(tags=("vip", "late")), ["urgent"]),
        (Filter(tags=("vip",), priorities=(Priority.URGENT,), unclaimed=True), ["urgent"]),
        (Filter(created=Span(until=MONDAY + timedelta(minutes=1))), ["waiting"]),
        (Filter(overdue_at=MONDAY + timedelta(hours=2)), ["waiting"]),
        (Filter(overdue_at=MONDAY + timedelta(hours=9)), ["waiting", "taken"]),
        (Filter(words="card charges"), ["urgent", "waiting", "taken"]),
        (Filter(words="elephant"), []),
        (Filter(words="…"), []),
        (Filter(words="card", tags=("late",), groups=("it",)), []),
    ],
)
async def test_a_filter_shows_what_it_says(database, filter_, names):
    def story(tx: Transaction) -> None:
        made = some(tx)
        for number, tag in ((made.urgent.id, "vip"), (made.urgent.id, "late"), (made.taken.id, "vip")):
            tx.connection.execute(insert(ticket_tag).values(ticket_id=number, tag=tag))
        tx.tickets.change(made.waiting, at=MONDAY, group_name="it", first_response_due=MONDAY + timedelta(hours=1))
        due: dict[str, Any] = {
            "resolution_due": MONDAY + timedelta(hours=8),
            "first_response_due": MONDAY,
            "first_response_at": MONDAY,
        }
        tx.connection.execute(update(ticket).where(ticket.c.id == made.taken.id).values(**due))
        wanted = replace(filter_, agent=made.bob) if filter_.agent == 0 else filter_
        by_id = {getattr(made, name).id: name for name in ("waiting", "taken", "closed", "urgent")}
        assert [by_id[t.id] for t in tx.queue.page(wanted)] == names
        assert tx.queue.count(wanted) == len(names)

    await transact(database, story)


async def test_one_that_waits_for_its_requester_is_overdue_only_if_it_was_before(database):
    def story(tx: Transaction) -> None:
        made = some(tx)
        answered: dict[str, Any] = {"first_response_at": MONDAY, "resolution_due": MONDAY + timedelta(hours=1)}
        for number, paused in ((made.waiting, timedelta(minutes=30)), (made.taken, timedelta(hours=2))):
            tx.tickets.change(number, at=MONDAY, paused_at=MONDAY + paused, **answered)
        late = Filter(overdue_at=MONDAY + timedelta(hours=5))
        assert [t.id for t in tx.queue.page(late)] == [made.taken.id]

    await transact(database, story)


async def test_so_is_one_that_is_not_answered(database):
    def story(tx: Transaction) -> None:
        made, due = some(tx), MONDAY + timedelta(hours=1)
        for number, paused in ((made.waiting, timedelta(minutes=30)), (made.taken, timedelta(hours=2))):
            tx.tickets.change(number, at=MONDAY, paused_at=MONDAY + paused, first_response_due=due)
        late = Filter(overdue_at=MONDAY + timedelta(hours=5))
        assert [t.id for t in tx.queue.page(late)] == [made.taken.id]

    await transact(database, story)


async def test_more_than_a_thousand_are_not_counted(database):
    def story(tx: Transaction) -> None:
        made = some(tx)
        row = {**{c.name: getattr(made.waiting, c.name) for c in ticket.c if c.name != "id"}}
        tx.connection.execute(insert(ticket), [row] * (COUNTED + 5))
        assert tx.queue.count() == COUNTED + 1
        assert tx.queue.count(Filter(kinds=(StatusKind.NEW, StatusKind.CLOSED))) == COUNTED + 1

    await transact(database, story)


async def test_among_what_is_as_urgent_incidents_come_first(database):
    def story(tx: Transaction) -> None:
        made = some(tx)
        facts = {"position": 9, "title": {}, "fields": [], "priority": Priority.NORMAL, "workflow": None}
        calm = tx.requests.put_type("calm", kind="service", **facts)
        waiting = tx.tickets.retype(made.waiting, calm, by=None, at=MONDAY)
        assert (made.taken.after_incidents, waiting.after_incidents) == (False, True)
        assert [t.id for t in tx.queue.page()] == [made.urgent.id, made.taken.id, waiting.id]
        assert [t.id for t in tx.queue.page(Filter(request_kinds=("service",)))] == [waiting.id]
        assert tx.queue.numbers(Filter(), 9) == [made.urgent.id, made.taken.id, waiting.id]
        with pytest.raises(TypeError, match="after_incidents"):
            tx.tickets.change(waiting, at=MONDAY, after_incidents=True)

    await transact(database, story)
