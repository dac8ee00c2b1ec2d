"""Behind a backlog people see that they were heard: a typing sign, and a button that stops spinning, before the turn itself."""

import asyncio
import contextlib
import heapq
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from bot.messengers.protocol import Answer, Messenger, Undelivered
from handlers.vocabulary.messages import Event, Kind
from storage.engine.database import Database, DatabaseUnavailable
from storage.queues import inbox

log = logging.getLogger("frontdesk.courtesy")

SLOW = 1.5  # seconds after which an answer is not instant any more
SPINS = 5.0  # seconds a button may spin; the card is drawn anew when its turn comes
AGAIN = 5.0  # seconds a typing sign lasts
TIMES = 12  # typing signs for one event: after a minute they would be a promise nobody keeps


@dataclass(order=True, slots=True)
class _Waiting:
    at: float
    number: int
    event: Event = field(compare=False)
    shown: int = field(default=0, compare=False)


class Courtesy:
    """Looks after what was accepted and has not had its turn. It is about what people see now, so it is kept nowhere."""

    def __init__(self, database: Database, messengers: Mapping[str, Messenger]) -> None:
        self._database = database
        self._messengers = messengers
        self._waiting: list[_Waiting] = []
        self._numbers = count()
        self._alarm: asyncio.TimerHandle | None = None
        self._looking: asyncio.Task[None] | None = None

    def expect(self, events: Iterable[Event]) -> None:
        """Remember what may need a sign: presses, and what was said in private."""
        now = asyncio.get_running_loop().time()
        for event in events:
            if event.interaction:
                heapq.heappush(self._waiting, _Waiting(now + SPINS, next(self._numbers), event))
            elif event.private and event.kind in (Kind.TEXT, Kind.COMMAND):
                heapq.heappush(self._waiting, _Waiting(now + SLOW, next(self._numbers), event))
        self._set()

    async def stop(self) -> None:
        """Look after nothing any more."""
        if self._alarm is not None:
            self._alarm.cancel()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def _set(self) -> None:
        if self._waiting and self._alarm is None and self._looking is None:
            self._alarm = asyncio.get_running_loop().call_at(self._waiting[0].at, self._begin)

    def _begin(self) -> None:
        self._alarm = None
        self._looking = asyncio.create_task(self._look())
        self._looking.add_done_callback(self._looked)

    def _looked(self, _: object) -> None:
        self._looking = None
        self._set()

    async def _look(self) -> None:
        """Give a sign for each that is due and still waits."""
        now = asyncio.get_running_loop().time()
        due: list[_Waiting] = []
        while self._waiting and self._waiting[0].at <= now:
            due.append(heapq.heappop(self._waiting))
        signed: set[str] = set()  # whoever has written many things sees one sign for all of them
        for waiting in await self._still(due):
            with contextlib.suppress(Undelivered):  # a sign that comes too late is none
                await self._sign(waiting, signed)

    async def _still(self, due: Sequence[_Waiting]) -> list[_Waiting]:
        keys = [(w.event.source, w.event.key) for w in due]
        try:
            waiting = await self._database.read(lambda connection: inbox.waiting_keys(connection, keys))
        except DatabaseUnavailable:
            return []
        return [w for w in due if (w.event.source, w.event.key) in waiting]

    async def _sign(self, waiting: _Waiting, signed: set[str]) -> None:
        event = waiting.event
        messenger = self._messengers[event.source]
        if event.interaction:
            await messenger.answer(Answer(event))
            return
        if event.place not in signed:
            signed.add(event.place)
            await messenger.busy(event)
        waiting.shown += 1
        if waiting.shown < TIMES:
            waiting.at += AGAIN
            heapq.heappush(self._waiting, waiting)
