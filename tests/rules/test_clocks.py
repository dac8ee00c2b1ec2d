"""Whatever happens to a ticket in whatever order, its clocks have what a count of each minute leaves them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules import Rules
from handlers.rules.calendars import CLOSED, Calendar
from handlers.rules.sla import Policy, Target
from handlers.tickets import sla_clocks, ticket_service
from handlers.tickets.ticket_service import change_ticket, move_ticket, retype_ticket
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.translations import Translator
from storage.engine.database import Connection
from storage.engine.opening import open_database
from storage.lifecycle import Action, Refused, StatusKind
from storage.models import Priority, timer
from storage.tickets.tickets import Ticket
from storage.transaction import Transaction
from tests.storage.rows import at, kind, known
from tests.storage.test_lifecycle import PARTS
from tests.storage.undone import undone

MINUTE = timedelta(minutes=1)
EVE = datetime(2026, 10, 23, 9, tzinfo=UTC)  # a Friday; the clock is put back on Sunday morning
NIGHTS = Calendar("nights", "Europe/Kyiv", (((22 * 60, 30 * 60),), *(((600, 780), (840, 1080)),) * 4, CLOSED, CLOSED))
POLICY = Policy(
    "standard",
    "nights",
    {Priority.URGENT: timedelta(minutes=40), Priority.NORMAL: timedelta(hours=5)},
    {Priority.URGENT: timedelta(hours=2), Priority.NORMAL: timedelta(hours=15), Priority.LOW: timedelta(hours=30)},
    pause=frozenset((StatusKind.PENDING, StatusKind.ON_HOLD)),
)
RULES = Rules(hours={"nights": NIGHTS}, sla={"standard": POLICY})
ACTS = (
    *(Action.CLAIM, Action.RELEASE, Action.REPLY, Action.REPLY_AND_WAIT, Action.FOLLOW_UP, Action.HOLD),
    *(Action.RESUME, Action.RESOLVE, Action.REOPEN, Action.CLOSE),
)
TYPES = ("other", "repair")  # the second has statuses of its own, and none in which it waits for its requester
step = st.tuples(st.integers(1, 1500), st.sampled_from((*ACTS, *Priority, *TYPES)))


@dataclass
class Count:
    """For each minute since it was registered, whether the ticket waited for somebody else then."""

    stood: list[bool] = field(default_factory=list)

    def passes(self, minutes: int, ticket: Ticket) -> None:
        """Count minutes in which the ticket stayed as it is."""
        self.stood += [POLICY.stands(ticket.kind)] * minutes

    def due(self, length: timedelta | None) -> int | None:
        """Return the minute at which so much was worked, if it goes on from now."""
        if length is None:
            return None
        left, minute = length // MINUTE, 0
        while left:
            if minute >= len(self.stood) or not self.stood[minute]:
                left -= OPEN[minute]
            minute += 1
        return minute


OPEN = [NIGHTS.is_open(EVE + minute * MINUTE) for minute in range(40 * 24 * 60)]


def turn_at(tx: Transaction, now: datetime) -> Turn:
    return Turn(Event(Kind.TIMER, "desk", "1", "#1", now), tx, now, RULES, Translator(), Knowledge())


def timers(tx: Transaction) -> dict[str, str]:
    """Return what each clock's timer waits for; none has two."""
    waiting = tx.connection.execute(timer.select().where(timer.c.fired_at.is_(None))).all()
    found = {row.name: row.facts.get("due", "") for row in waiting}
    assert len(found) == len(waiting)
    return found


def lives(connection: Connection, steps: list[tuple[int, Any]]) -> None:
    """Let a ticket live, and compare after each step."""
    tx, now, count = Transaction(connection), EVE, Count()
    bob = known(tx, "Bob").id
    turn = turn_at(tx, now)
    aimed: dict[str, Any] = ticket_service.target_dues(turn, "other", Priority.NORMAL, None)
    ticket = tx.tickets.change(at(tx, known(tx, "Ann")), at=now, created_at=now, **aimed)
    types = {"other": ticket.request_type_id, "repair": kind(tx, "repair", workflow=PARTS)}
    ticket_service.start_clocks(turn, ticket)
    for minutes, act in steps:
        count.passes(minutes, ticket)
        now += minutes * MINUTE
        turn = turn_at(tx, now)
        try:
            if isinstance(act, Action):
                ticket = move_ticket(turn, ticket, act, by=bob)
            elif act in types:
                ticket = retype_ticket(turn, ticket, types[act], by=bob)
            else:
                ticket = change_ticket(turn, ticket, action=Action.SET_PRIORITY, by=bob, priority=act)
        except Refused:
            continue
        compare(tx, ticket, count, now)


def compare(tx: Transaction, ticket: Ticket, count: Count, now: datetime) -> None:
    """See that each clock that runs is due when the count says, and has the timer that it needs."""
    stands = POLICY.stands(ticket.kind)
    assert (ticket.paused_at is not None) is stands
    waiting = timers(tx)
    for which in Target:
        due = sla_clocks.running_due(ticket, which)
        if stands or (which is Target.FIRST_RESPONSE and ticket.first_response_at is not None):
            assert due is None
            # Nobody has heard of what was overdue when it was stopped: no timer ever fires here.
            assert which not in waiting or sla_clocks.ringing_due(ticket, which)
            continue
        minute = count.due(POLICY.target(which, ticket.priority))
        assert due == (EVE + minute * MINUTE if minute is not None else None)
        if due is not None and due > now:
            assert waiting[which] == due.isoformat()


async def test_any_life_leaves_its_clocks_what_each_minute_leaves_them(sqlite_url: str):
    database = await open_database(sqlite_url)

    def story(connection: Connection) -> None:
        @given(steps=st.lists(step, max_size=12))
        def each(steps: list[tuple[int, Any]]) -> None:
            with undone(connection):
                lives(connection, steps)

        each()

    await database.run(story)
    await database.close()


@pytest.mark.parametrize("heard", [True, False])
async def test_an_alarm_that_nobody_has_heard_is_not_lost_with_another_priority(sqlite_url: str, heard: bool):
    """The desk was down when it was due, and an agent was quicker than the timer."""

    def story(connection: Connection) -> None:
        tx, late = Transaction(connection), EVE + timedelta(days=20)
        aimed: dict[str, Any] = ticket_service.target_dues(turn_at(tx, EVE), "other", Priority.NORMAL, None)
        ticket = tx.tickets.change(at(tx, known(tx, "Ann")), at=EVE, created_at=EVE, **aimed)
        ticket_service.start_clocks(turn_at(tx, EVE), ticket)
        if heard:
            tx.timers.fired([each.id for each in tx.timers.due(late, 10)], late)
        turn = turn_at(tx, late)
        ticket = change_ticket(turn, ticket, action=Action.SET_PRIORITY, by=None, priority=Priority.URGENT)
        assert ticket.resolution_due is not None
        assert ticket.resolution_due < late
        expected = {} if heard else {Target.RESOLUTION: ticket.resolution_due.isoformat()}
        assert {name: due for name, due in timers(tx).items() if name == Target.RESOLUTION} == expected

    database = await open_database(sqlite_url)
    await database.run(story)
    await database.close()


async def test_the_time_it_stood_in_a_status_that_its_new_type_does_not_know_is_no_time_of_work(sqlite_url: str):
    def story(connection: Connection) -> None:
        tx, at_work = Transaction(connection), EVE
        repair = kind(tx, "repair", workflow=PARTS)
        ticket = at(tx, known(tx, "Ann"), workflow=None)
        ticket = tx.tickets.retype(ticket, repair, by=None, at=at_work)
        aimed: dict[str, Any] = ticket_service.target_dues(turn_at(tx, at_work), "repair", Priority.NORMAL, None)
        ticket = tx.tickets.change(ticket, at=at_work, created_at=at_work, **aimed)
        bob = known(tx, "Bob").id
        for hours, act in ((1, Action.CLAIM), (0, Action.HOLD), (48, Action.RESUME)):
            at_work += timedelta(hours=hours)
            ticket = move_ticket(turn_at(tx, at_work), ticket, act, by=bob)
        due = ticket.resolution_due
        turn = turn_at(tx, at_work)
        other = tx.requests.latest("other").id
        for type_id in (other, repair, other):
            ticket = retype_ticket(turn, ticket, type_id, by=bob)
            assert ticket.resolution_due == due

    database = await open_database(sqlite_url)
    await database.run(story)
    await database.close()
