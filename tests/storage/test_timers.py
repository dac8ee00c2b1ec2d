"""Timers: each becomes one event, once, whoever else tries."""

import asyncio
from datetime import timedelta

from storage.queues.timers import Timer
from tests.clock import MONDAY
from tests.storage.rows import open_ticket, transact

HOUR = timedelta(hours=1)


async def test_a_timer_is_due_once(database):
    def story(tx):
        assert tx.timers.next_due() is None
        late = tx.timers.schedule("remind", MONDAY + 2 * HOUR, facts={"round": 1})
        soon = tx.timers.schedule("remind", MONDAY + HOUR, facts={})
        assert tx.timers.next_due() == MONDAY + HOUR
        assert tx.timers.due(MONDAY, 10) == []
        assert [t.id for t in tx.timers.due(MONDAY + 2 * HOUR, 10)] == [soon, late]
        assert [t.id for t in tx.timers.due(MONDAY + 2 * HOUR, 1)] == [soon]
        tx.timers.fired([soon], MONDAY + HOUR)
        assert tx.timers.due(MONDAY + 2 * HOUR, 10) == [
            Timer(late, "remind", None, None, {"round": 1}, MONDAY + 2 * HOUR)
        ]
        assert tx.timers.next_due() == MONDAY + 2 * HOUR

    await transact(database, story)


async def test_a_tickets_timers_are_unset_by_name(database):
    one, other = await open_ticket(database), await open_ticket(database)

    def story(tx):
        tx.timers.schedule("close", MONDAY, ticket=one.id, facts={})
        kept = [
            tx.timers.schedule("close", MONDAY, ticket=other.id, facts={}),
            tx.timers.schedule("remind", MONDAY, ticket=one.id, facts={}),
        ]
        assert tx.timers.cancel("close", ticket=one.id)
        assert not tx.timers.cancel("close", ticket=one.id)
        assert sorted(t.id for t in tx.timers.due(MONDAY, 10)) == kept

    await transact(database, story)


async def test_processes_fire_each_timer_once(processes):
    def set_them(tx):
        return [tx.timers.schedule("remind", MONDAY, facts={}) for _ in range(60)]

    made = await transact(processes[0], set_them)
    fired: list[int] = []

    def fire(tx):
        due = [timer.id for timer in tx.timers.due(MONDAY, 4)]
        tx.timers.fired(due, MONDAY)
        fired.extend(due)

    async def serve(database):
        while len(fired) < len(made):
            await transact(database, fire)

    await asyncio.gather(*(serve(database) for database in processes for _ in range(2)))
    assert sorted(fired) == made
