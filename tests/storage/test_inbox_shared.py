"""Several processes empty one inbox: every event is handled once, in the order of its conversation."""

import asyncio
from datetime import timedelta

from storage.queues import inbox
from storage.queues.inbox import Arrival
from tests.clock import MONDAY

LANES, EACH = 3, 120


async def test_every_event_is_handled_once_and_in_order(processes):
    arrivals = [
        Arrival("telegram:1", f"{n}-{lane}", f"telegram:1/{lane}", f"{n}") for n in range(EACH) for lane in range(LANES)
    ]
    await processes[0].run(lambda c: inbox.accept_arrivals(c, arrivals, MONDAY))
    handled: dict[str, list[int]] = {}

    def turn(connection):  # what a turn notes while it holds its lane is noted in the lane's order
        for waiting in inbox.lane_heads(connection, MONDAY + timedelta(seconds=1), 1):
            handled.setdefault(waiting.lane, []).extend(int(payload) for payload in waiting.payloads)
            inbox.finish_event(connection, waiting, MONDAY)

    async def serve(database):
        while sum(map(len, handled.values())) < LANES * EACH:
            await database.run(turn)

    await asyncio.gather(*(serve(database) for database in processes for _ in range(2)))
    assert handled == {f"telegram:1/{lane}": list(range(EACH)) for lane in range(LANES)}
