"""Tickets: moved by one method, guarded by a version, every move in the history."""

import asyncio
from datetime import timedelta

import pytest

from storage.lifecycle import DEFAULT, DEFAULT_DATA, Action, Refused, StatusKind
from storage.models import Priority
from storage.tickets.tickets import TicketConflict
from tests.clock import MONDAY
from tests.storage.rows import at, kind, known, meet, open_ticket, transact
from tests.storage.test_lifecycle import EXPECTED, PARTS


@pytest.fixture
async def ticket(database):
    return await open_ticket(database)


async def test_a_request_is_registered_new_with_its_first_line_of_history(database):
    ann = await meet(database, "Ann")
    made = await open_ticket(database, ann)
    assert (made.version, made.status, made.kind, made.unread) == (1, "new", StatusKind.NEW, 0)
    assert made.created_at == made.updated_at == made.talked_at == MONDAY
    [line] = await transact(database, lambda tx: tx.story.entries(made.id))
    assert (line.action, line.was, line.now, line.person_id, line.name) == (Action.REGISTER, "", "new", ann.id, "Ann")


async def test_a_ticket_that_is_none_is_refused(database):
    def each(tx):
        for number in (1, 0, -1, 2**40):
            with pytest.raises(Refused, match="no_ticket"):
                tx.tickets.get(number)

    await transact(database, each)


async def test_every_move_of_the_table_is_written_with_who_when_and_whence(database):
    """Each status is reached by moves, each action tried from it: kept with its line, or refused without a trace."""
    bob = await meet(database, "Bob")
    ways = {
        "new": [],
        "open": [Action.REPLY],
        "pending": [Action.REPLY_AND_WAIT],
        "on_hold": [Action.REPLY, Action.HOLD],
        "resolved": [Action.RESOLVE],
        "closed": [Action.CLOSE],
    }

    def each(tx):
        for (status, action), following in EXPECTED.items():
            reached = open_in(tx)
            for step in ways[status]:
                reached = tx.tickets.act(reached, step, by=None, at=MONDAY)
            assert reached.status == status
            before = tx.story.entries(reached.id)
            moment = MONDAY + timedelta(minutes=5)
            if following is None:
                with pytest.raises(Refused):
                    tx.tickets.act(reached, action, by=bob.id, at=moment)
                assert tx.tickets.get(reached.id) == reached
                assert tx.story.entries(reached.id) == before
                continue
            moved = tx.tickets.act(reached, action, by=bob.id, to=bob.id, at=moment)
            assert moved == tx.tickets.get(reached.id)
            assert (moved.status, moved.kind) == (following, DEFAULT.kind(following))
            assert (moved.version, moved.updated_at) == (reached.version + 1, moment)
            line = tx.story.entries(reached.id)[-1]
            assert (line.action, line.was, line.now, line.person_id, line.at) == (
                action,
                status,
                following,
                bob.id,
                moment,
            )

    ann = await meet(database, "Ann")

    def open_in(tx):
        return at(tx, ann)

    await transact(database, each)


async def test_a_claim_has_one_winner(database, ticket):
    bob, eve = await meet(database, "Bob"), await meet(database, "Eve")
    claimed = await transact(database, lambda tx: tx.tickets.act(ticket, Action.CLAIM, by=bob.id, at=MONDAY))
    assert claimed.agent_id == bob.id
    with pytest.raises(Refused) as taken:
        await transact(database, lambda tx: tx.tickets.act(claimed, Action.CLAIM, by=eve.id, at=MONDAY))
    assert (taken.value.reason, taken.value.facts["agent"]) == ("taken", "Bob")
    with pytest.raises(Refused, match="yours_already"):
        await transact(database, lambda tx: tx.tickets.act(claimed, Action.CLAIM, by=bob.id, at=MONDAY))
    lines = await transact(database, lambda tx: tx.story.entries(ticket.id))
    assert [line.action for line in lines] == [Action.REGISTER, Action.CLAIM]


async def test_what_was_read_before_another_moved_it_is_stale(database, ticket):
    bob = await meet(database, "Bob")
    await transact(database, lambda tx: tx.tickets.act(ticket, Action.FOLLOW_UP, by=None, at=MONDAY))
    for late in (
        lambda tx: tx.tickets.act(ticket, Action.CLAIM, by=bob.id, at=MONDAY),
        lambda tx: tx.tickets.change(ticket, at=MONDAY, priority=Priority.HIGH),
    ):
        with pytest.raises(TicketConflict):
            await transact(database, late)
    kept = await transact(database, lambda tx: tx.tickets.get(ticket.id))
    assert (kept.agent_id, kept.priority, kept.version) == (None, Priority.NORMAL, 2)


async def test_of_two_processes_that_claim_at_once_one_is_stale(processes):
    """The second waits for the first one's row, and then finds that its version is gone."""
    ticket = await open_ticket(processes[0])
    agents = [await meet(processes[0], name) for name in ("Bob", "Eve", "Joe")]

    def claim(who):
        return lambda tx: tx.tickets.act(tx.tickets.get(ticket.id), Action.CLAIM, by=who.id, at=MONDAY)

    results = await asyncio.gather(
        *(transact(database, claim(who)) for database, who in zip(processes, agents, strict=True)),
        return_exceptions=True,
    )
    won = [result for result in results if not isinstance(result, Exception)]
    assert len(won) == 1
    assert all(isinstance(result, TicketConflict | Refused) for result in results if isinstance(result, Exception))
    kept = await transact(processes[0], lambda tx: tx.tickets.get(ticket.id))
    assert kept == won[0]
    lines = await transact(processes[0], lambda tx: tx.story.entries(ticket.id))
    assert [line.action for line in lines] == [Action.REGISTER, Action.CLAIM]


async def test_actions_keep_who_owns_it_and_when_it_was_answered(database, ticket):
    bob, eve = await meet(database, "Bob"), await meet(database, "Eve")

    def story(tx):
        def act(on, action, minute, by=None, to=None):
            return tx.tickets.act(on, action, by=by, to=to, at=MONDAY + timedelta(minutes=minute))

        asked = act(act(ticket, Action.FOLLOW_UP, 1), Action.FOLLOW_UP, 2)
        assert (asked.unread, asked.talked_at) == (2, MONDAY + timedelta(minutes=2))
        replied = act(asked, Action.REPLY, 3, bob.id)
        assert (replied.agent_id, replied.unread) == (bob.id, 0)
        assert replied.first_response_at == MONDAY + timedelta(minutes=3)
        again = act(replied, Action.REPLY_AND_WAIT, 4, eve.id)
        assert (again.agent_id, again.first_response_at) == (bob.id, MONDAY + timedelta(minutes=3))
        given = act(again, Action.ASSIGN, 5, bob.id, eve.id)
        assert given.agent_id == eve.id
        assert tx.story.entries(ticket.id)[-1].facts == {"to": eve.id}
        back = act(given, Action.RELEASE, 6, eve.id)
        assert (back.agent_id, back.status) == (None, "new")
        solved = act(back, Action.RESOLVE, 7, eve.id)
        assert (solved.agent_id, solved.resolved_by, solved.resolved_at) == (
            eve.id,
            eve.id,
            MONDAY + timedelta(minutes=7),
        )
        closed = act(solved, Action.CLOSE, 8)
        assert (closed.closed_at, closed.resolved_at) == (MONDAY + timedelta(minutes=8), solved.resolved_at)
        reopened = act(closed, Action.REOPEN, 9)
        assert (reopened.status, reopened.closed_at, reopened.resolved_at, reopened.resolved_by) == (
            "open",
            *[None] * 3,
        )

    await transact(database, story)


async def test_a_change_is_no_move(database, ticket):
    bob = await meet(database, "Bob")
    changed = await transact(
        database,
        lambda tx: tx.tickets.change(
            ticket, at=MONDAY, action=Action.SET_PRIORITY, by=bob.id, priority=Priority.URGENT
        ),
    )
    assert (changed.priority, changed.status, changed.version) == (Priority.URGENT, "new", 2)
    line = (await transact(database, lambda tx: tx.story.entries(ticket.id)))[-1]
    assert (line.action, line.was, line.now, line.facts) == (Action.SET_PRIORITY, "new", "new", {"priority": "urgent"})

    def each(tx):
        for ruled in ({"status": "closed"}, {"kind": StatusKind.CLOSED}, {"version": 9}):
            with pytest.raises(TypeError, match="only a move"):
                tx.tickets.change(changed, at=MONDAY, **ruled)

    await transact(database, each)


async def test_a_ticket_follows_the_workflow_that_its_type_pinned(database):
    """A later revision of the type changes nothing for it; a new ticket follows the new one."""
    ann = await meet(database, "Ann")

    def story(tx):
        old = at(tx, ann, workflow=PARTS)
        new = at(tx, ann, workflow={**PARTS, "moves": {**PARTS["moves"], "asked": {"claim": "ordered"}}})
        plain = at(tx, ann)
        assert [t.status for t in (old, new, plain)] == ["asked", "asked", "new"]
        moved = [tx.tickets.act(t, Action.CLAIM, by=ann.id, at=MONDAY) for t in (old, new, plain)]
        assert [t.status for t in moved] == ["looked_at", "ordered", "open"]
        assert moved[1].kind is StatusKind.ON_HOLD

    await transact(database, story)


async def test_moved_by_name_to_an_end_it_is_resolved_closed_and_reopened_as_by_the_action(database):
    ann, bob = await meet(database, "Ann"), await meet(database, "Bob")

    def story(tx):
        looked = tx.tickets.act(at(tx, ann, workflow=PARTS), Action.CLAIM, by=bob.id, at=MONDAY)
        repaired = tx.tickets.act(looked, Action.MOVE, by=bob.id, at=MONDAY, status="repaired")
        assert (repaired.kind, repaired.resolved_at, repaired.resolved_by) == (StatusKind.RESOLVED, MONDAY, bob.id)
        again = tx.tickets.act(repaired, Action.MOVE, by=bob.id, at=MONDAY, status="looked_at")
        assert (again.kind, again.resolved_at) == (StatusKind.OPEN, None)
        over = tx.tickets.act(
            tx.tickets.act(again, Action.RESOLVE, by=bob.id, at=MONDAY), Action.MOVE, by=None, at=MONDAY, status="over"
        )
        assert (over.kind, over.closed_at) == (StatusKind.CLOSED, MONDAY)
        line = tx.story.entries(over.id)[-1]
        assert (line.action, line.was, line.now) == (Action.MOVE, "repaired", "over")

    await transact(database, story)


async def test_snoozed_it_is_on_hold_until_it_wakes_or_its_requester_writes(database):
    ann = await meet(database, "Ann")
    later = MONDAY + timedelta(hours=2)

    def story(tx):
        def snoozed(workflow=None):
            opened = tx.tickets.act(at(tx, ann, workflow=workflow), Action.CLAIM, by=None, at=MONDAY)
            return tx.tickets.act(opened, Action.SNOOZE, by=None, at=MONDAY, until=later)

        held = snoozed()
        assert (held.status, held.snoozed_until) == ("on_hold", later)
        woken = tx.tickets.act(held, Action.WAKE, by=None, at=later)
        assert (woken.status, woken.snoozed_until) == ("open", None)
        assert tx.tickets.act(snoozed(), Action.FOLLOW_UP, by=None, at=MONDAY).status == "open"
        # Where a requester's word changes nothing about what is waited for, it still ends a snooze.
        parts = snoozed(PARTS)
        assert parts.status == "ordered"
        asked = tx.tickets.act(parts, Action.FOLLOW_UP, by=None, at=MONDAY)
        assert (asked.status, asked.snoozed_until) == ("looked_at", None)
        claimed = tx.tickets.act(snoozed(), Action.CLAIM, by=ann.id, at=MONDAY)
        assert claimed.snoozed_until == later
        new = tx.tickets.act(at(tx, ann), Action.SNOOZE, by=None, at=MONDAY, until=later)
        assert (new.status, new.snoozed_until) == ("new", later)
        assert tx.tickets.act(new, Action.REPLY, by=ann.id, at=MONDAY).snoozed_until is None

    await transact(database, story)


async def test_a_merged_ticket_is_moved_no_more_and_its_talk_is_the_others(database):
    ann, bob = await meet(database, "Ann"), await meet(database, "Bob")

    def story(tx):
        gone, kept = at(tx, ann), at(tx, bob)
        gone = tx.tickets.act(gone, Action.MERGE, by=bob.id, at=MONDAY, to=kept.id)
        assert (gone.kind, gone.merged_into) == (StatusKind.CLOSED, kept.id)
        for action in Action:
            with pytest.raises(Refused) as refused:
                tx.tickets.act(gone, action, by=bob.id, at=MONDAY)
            assert refused.value.facts == {"ticket": gone.id, "into": kept.id}
        tx.tickets.act(kept, Action.REPLY, by=bob.id, at=MONDAY + timedelta(days=9))
        assert tx.tickets.get(gone.id).talked_at == MONDAY + timedelta(days=9)

    await transact(database, story)


async def test_a_requesters_tickets_come_active_first(database):
    ann, eve = await meet(database, "Ann"), await meet(database, "Eve")

    def story(tx):
        old, done, late = (at(tx, ann, minutes=minute) for minute in (0, 1, 2))
        at(tx, eve)
        tx.tickets.act(done, Action.CLOSE, by=None, at=MONDAY)
        order = [late.id, old.id, done.id]
        assert [t.id for t in tx.tickets.of_requester(ann.id)] == order
        assert [tx.tickets.of_requester(ann.id, 1, offset)[0].id for offset in range(3)] == order
        assert [t.id for t in tx.tickets.of_requester(ann.id, 2, 1)] == order[1:]
        assert tx.tickets.of_requester(ann.id, 2, 3) == []
        since = MONDAY + timedelta(minutes=1)
        assert [t.id for t in tx.tickets.recent(ann.id, since)] == [late.id, done.id]

    await transact(database, story)


async def test_what_somebody_has_is_new_in_no_other_workflow(database):
    """A type may keep what is claimed where it was; given a type that does not, it goes on as if taken there."""
    asked = {
        **DEFAULT_DATA,
        "start": "asked",
        "statuses": {**DEFAULT_DATA["statuses"], "asked": "new"},
        "moves": {**DEFAULT_DATA["moves"], "asked": {**DEFAULT_DATA["moves"]["new"], "claim": "asked"}},
    }
    bob = await meet(database, "Bob")

    def story(tx):
        ticket = at(tx, known(tx, "Ann"), workflow=asked)
        ticket = tx.tickets.act(ticket, Action.CLAIM, by=bob.id, at=MONDAY)
        assert (ticket.status, ticket.agent_id) == ("asked", bob.id)
        ticket = tx.tickets.retype(ticket, kind(tx, "plain"), by=bob.id, at=MONDAY)
        assert (ticket.status, ticket.kind, ticket.agent_id) == ("open", StatusKind.OPEN, bob.id)

    await transact(database, story)
