"""Each messenger from its first answer to its last: introduced, heard, asked whether it is there. None waits for another."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.errors import OperatorError
from bot.messengers.protocol import Accept, Lead, Messenger, Revoked, Team, Undelivered
from storage.engine.database import DatabaseUnavailable

log = logging.getLogger("frontdesk")

PING = 30.0  # seconds after which a messenger that has not answered a call is asked whether it is there
AGAIN = 1.0  # seconds until the records are asked again what a messenger wants to know of them
STARTING = timedelta(minutes=1)  # a setting that a messenger refuses later stops that messenger, and not the desk

REVOKED = "the token is not valid any more; set a new one and start again"

Keep = Callable[[str, Team], Awaitable[None]]
Alarm = Callable[[str, str, str], Awaitable[None]]


class MessengerLifecycle:
    """Serves messengers side by side. ``served`` are those that have answered, by source; others are added when they do."""

    def __init__(
        self,
        messengers: Sequence[Messenger],
        served: dict[str, Messenger],
        clock: Clock,
        *,
        keep: Keep,
        accept: Accept,
        lead: Callable[[str], Awaitable[bool]],
        alarm: Alarm,
        joined: Callable[[], None],
        failed: Callable[[BaseException], None],
        ping: float = PING,
    ) -> None:
        self.messengers = messengers
        self.left: set[str] = set()  # sources that are served no more
        self._served = served
        self._clock = clock
        self._keep, self._accept, self._lead, self._alarm = keep, accept, lead, alarm
        self._joined, self._failed = joined, failed
        self._ping = ping
        self._began = clock.now()
        self._answered: set[str] = set()
        self._answer = asyncio.Condition()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def open(self) -> None:
        """Serve each as soon as it answers."""
        self._began = self._clock.now()
        for messenger in self.messengers:
            task = asyncio.create_task(self._serve(messenger))
            task.add_done_callback(self._ended)
            self._tasks[messenger.name] = task

    async def introduced(self, some: int) -> None:
        """Return when so many messengers have answered, whatever they said."""
        async with self._answer:
            await self._answer.wait_for(lambda: len(self._answered) >= some)

    async def _has_answered(self, messenger: Messenger) -> None:
        async with self._answer:
            self._answered.add(messenger.name)
            self._answer.notify_all()

    async def ended(self) -> None:
        """Return when none is served any more."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def close(self) -> None:
        """Hear nobody any more."""
        for task in self._tasks.values():
            task.cancel()
        await self.ended()

    async def leave(self, source: str) -> None:
        """Serve a messenger no more that does not take our token; the admins hear of it, once, on the others."""
        if source in self.left:
            return
        self.left.add(source)
        messenger = self._served[source]
        messenger.contact.refuse(REVOKED)
        log.error("%s: %s", messenger.name, REVOKED, extra={"event": "revoked"})
        task = self._tasks.get(messenger.name)
        if task is not None and task is not asyncio.current_task():
            task.cancel()
        await self._alarm(source, "revoked", "")

    async def _serve(self, messenger: Messenger) -> None:
        if not await self._introduce(messenger):
            return

        async def lead() -> bool:
            return await self._lead(messenger.source)

        try:
            await _first(self._receive(messenger, lead), self._ask(messenger))
        except Revoked:
            await self.leave(messenger.source)

    async def _receive(self, messenger: Messenger, lead: Lead) -> None:
        await messenger.receive(self._accept, lead)

    async def _introduce(self, messenger: Messenger) -> bool:
        """Check a messenger and make its team channel known; return whether it is served from now on."""
        try:
            team = await self._prepared(messenger)
        except OperatorError as error:
            await self._refuse(messenger, error)
            return False
        if team is not None:
            await self._keep(messenger.source, team)
        self._served[messenger.source] = messenger
        log.info("%s is served", messenger.name, extra={"event": "served", "messenger": messenger.name})
        await self._has_answered(messenger)
        self._joined()
        return True

    async def _prepared(self, messenger: Messenger) -> Team | None:
        """Check a messenger; it may ask the records, and then it waits until they can be asked."""
        while True:
            try:
                return await messenger.prepare()
            except DatabaseUnavailable as trouble:
                log.info(
                    "%s waits for the database: %s", messenger.name, trouble, extra={"event": "introduction_waits"}
                )
            await asyncio.sleep(AGAIN)

    async def _refuse(self, messenger: Messenger, error: OperatorError) -> None:
        """A refusal ends the start; one that comes when others have been served for a while ends nothing of theirs."""
        messenger.contact.refuse(str(error))
        if not self._served or self._clock.now() - self._began < STARTING:
            self._failed(error)
        else:
            log.error("%s is not served: %s", messenger.name, error, extra={"event": "refused"})
            await self._alarm(messenger.name, "refused", str(error))
        await self._has_answered(messenger)

    async def _ask(self, messenger: Messenger) -> None:
        """Ask a messenger that has not answered anything for a while: else a token taken away is found when it is needed."""
        while True:
            await asyncio.sleep(self._ping)
            if messenger.contact.quiet(timedelta(seconds=self._ping)):
                with contextlib.suppress(Undelivered):
                    await messenger.ping()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A messenger is served for ever: if that breaks, so does the process, and its supervisor starts it anew."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)


async def _first(*works: Coroutine[Any, Any, None]) -> None:
    """Return or raise what ends first; the others are ended."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
