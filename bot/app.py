"""The only place where objects are built and joined."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from aiohttp import web

from bot import seed, standstills, team
from bot.budget import Budget
from bot.clock import Clock, TimerDoor, WallClock
from bot.courtesy import Courtesy
from bot.desk import SIDE_BY_SIDE, Desk
from bot.desk_rules import rules_of
from bot.errors import OperatorError
from bot.inbox import Inbox
from bot.keeper import Keeper
from bot.messenger import Messenger, Revoked
from bot.messengers import configured
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.patience import insist
from bot.rest import LoopClock, is_due
from bot.retention import Retention
from bot.roster import Roster
from bot.settings import Settings, unfit
from bot.web import Web, answers, application
from handlers.knowledge import Knowledge
from handlers.messages import Event, Kind
from handlers.rules.book import Book
from handlers.rules.document import Document
from storage import lanes, revision
from storage.database import Database, Trouble, Unusable, Work
from storage.opening import open_database

log = logging.getLogger("frontdesk")

T = TypeVar("T")

FLUSH = 10.0  # seconds that a shutdown may take to send what can be sent
LOOK = 0.05  # seconds until it is looked again whether the desk is at rest, where other processes may be at work


class App:
    """The desk with everything around it: built, started, served, stopped."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        messengers: Sequence[Messenger],
        *,
        clock: Clock,
        knowledge: Knowledge,
        book: Book,
        first: Document,
    ) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.messengers = {messenger.source: messenger for messenger in messengers}
        self.book = book
        self.first = first  # the rules of a desk that has none yet
        self.knowledge = knowledge
        self.metrics = Metrics()
        self._loop_clock = LoopClock(clock)
        self._join(database, self._loop_clock)
        self.courtesy = Courtesy(database, self.messengers)
        self.retention = Retention(database, self._loop_clock)
        self.keeper = Keeper(database, self._loop_clock, knowledge)
        self.web = Web(settings.http_host, settings.http_port, self._paths())
        self._tasks: list[asyncio.Task[None]] = []
        self._receiving: list[asyncio.Task[None]] = []
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def _join(self, database: Database, clock: Clock) -> None:
        """Build what passes events and promises on, each with the bell that wakes the next."""
        promised, scheduled, stirred = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.outbox = Outbox(database, clock, self.messengers, stirred=stirred, metrics=self.metrics)
        self.outbox.bell = promised
        self.outbox.on_revoked = self._revoked
        self.desk = Desk(
            database,
            clock,
            self.book,
            self.knowledge,
            self.messengers,
            promised=promised,
            outbox=self.outbox,
            scheduled=scheduled,
            metrics=self.metrics,
            budget=Budget(self.settings.person_per_minute),
        )
        self.desk.bell = stirred
        self.inbox = Inbox(database, clock, self.desk.bell)
        self.roster = Roster(database, clock, self.messengers, self.inbox)
        for messenger in self.messengers.values():
            messenger.on_gap(self.roster.bell.set)
        self.timers = TimerDoor(database, clock, self.desk.bell)
        self.timers.bell = scheduled

    async def start(self) -> None:
        """Seed a new desk, listen, say who talks on which messenger, and start every loop."""
        await self.web.start()
        await self._insist(partial(seed.rules, document=self.first, base=self.book.base, now=self.clock.now()))
        if not self.database.shared:  # this process alone serves it now
            await self._insist(lanes.let_go)
        await self.keeper.start()
        await self.desk.recover(self._insist)
        await self.database.listen(self._woken)
        for messenger in self.messengers.values():
            await self._introduce(messenger)
        loops: list[Callable[[], Coroutine[Any, Any, None]]] = [
            self.outbox.serve,
            self.timers.serve,
            self.retention.serve,
            self.roster.serve,
            self.keeper.serve,
        ]
        loops += [self.desk.serve] * (SIDE_BY_SIDE if self.database.shared else 1)
        self._tasks = [self._task(loop) for loop in loops]
        self._receiving = [self._task(self._receiver(messenger)) for messenger in self.messengers.values()]

    async def stop(self) -> None:
        """Receive nothing more, finish turns, send what can be sent, let go."""
        await self.web.stop()
        await _cancel(self._receiving)
        await self.courtesy.stop()
        self.desk.close()
        await self._idle()
        await _cancel(self._tasks)
        await self.desk.settle()
        if self._tasks:  # else it never got as far as to serve
            await self.outbox.flush(FLUSH)
        for messenger in self.messengers.values():
            await messenger.close()
        await self.database.close()

    async def at_rest(self) -> None:
        """Return when nothing is under way: nothing is being sent or answered, and no event, message or timer is due."""
        while not self.failed.done():
            change = self._loop_clock.change()
            if under_way := self.outbox.under_way | self.desk.under_way:
                await asyncio.wait(under_way)
            elif await self._nothing_due():
                return
            else:
                await asyncio.wait({change, self.failed}, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        self.failed.result()

    async def _nothing_due(self) -> bool:
        """Return whether every loop waits and the records hold nothing for it, before and after they were asked."""
        sources = self.outbox.sources
        with contextlib.suppress(Trouble):
            if self._all_wait():
                if not await self.database.run(lambda c: is_due(c, self.clock.now(), sources)):
                    return self._all_wait()
                for bell in self._bells.values():  # who wrote it down has told nobody
                    bell.set()
        return False

    def _all_wait(self) -> bool:
        return self._loop_clock.all_wait(len(self._tasks)) and not (self.outbox.under_way or self.desk.under_way)

    async def _accept(self, events: Sequence[Event]) -> None:
        """Store what came in, and look after it until it has its turn."""
        told = await self.roster.complete(events)
        await self.inbox.accept(told)
        self.roster.learn(told)
        self.courtesy.expect(events)

    def _paths(self) -> web.Application:
        """Return what is served over HTTP."""
        hooks = {path: hook for m in self.messengers.values() for path, hook in m.hooks(self._accept).items()}
        return application(hooks, self.problems, self.metrics, self.database)

    async def problems(self) -> list[str]:
        """Return what keeps the desk from serving in full now; nothing when it is ready."""
        found = [f"{source.partition(':')[0]}: no contact" for source, m in self.messengers.items() if not m.contact]
        if not (self.desk.healthy and self.inbox.healthy and await answers(self.database)):
            found.append("database: it cannot serve")
        return [*found, *await standstills.problems(self.database)]

    async def _idle(self) -> None:
        """Let turns under way be finished: what waits is in the inbox, and the next start takes it from there."""
        with contextlib.suppress(Trouble):
            await self.database.run(lambda _: None)

    async def _introduce(self, messenger: Messenger) -> None:
        """Check a messenger and make its team channel known."""
        found = await messenger.prepare()
        if found is not None:
            await self._insist(
                partial(team.keep, source=messenger.source, team=found, book=self.book, now=self.clock.now())
            )

    async def _insist(self, work: Work[T]) -> T:
        return await insist(self.database, work, self.desk)

    def _receiver(self, messenger: Messenger) -> Callable[[], Coroutine[Any, Any, None]]:
        async def receive() -> None:
            try:
                await messenger.receive(self._accept, lambda: self.database.lead(messenger.source))
            except Revoked:
                await self._revoked(messenger.source)

        return receive

    async def _revoked(self, source: str) -> None:
        """Serve this messenger no more; the admins hear of it, once, on the others."""
        if source in self.outbox.revoked:
            return
        self.outbox.revoked.add(source)
        log.error("%s: the token is not valid any more; set a new one and start again", source.partition(":")[0])
        now = self.clock.now()
        with contextlib.suppress(Trouble):
            await self.inbox.accept([Event(Kind.MEMBER, source, f"revoked:{now}", "alarm", now, name="revoked")])

    def _task(self, loop: Callable[[], Coroutine[Any, Any, None]]) -> "asyncio.Task[None]":
        task = asyncio.create_task(loop())
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A loop never ends by itself: if one breaks, so does the process, and its supervisor starts it anew."""
        if not task.cancelled() and (error := task.exception()) is not None and not self.failed.done():
            self.failed.set_exception(error)

    def _woken(self, word: str) -> None:
        if word in self._bells:  # "articles" rings none: they are looked at when somebody asks
            self._bells[word].set()

    @property
    def _bells(self) -> Mapping[str, asyncio.Event]:
        return {"inbox": self.desk.bell, "outbox": self.outbox.bell, "timer": self.timers.bell}


async def _cancel(tasks: Sequence["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def build(settings: Settings, *, clock: Clock | None = None) -> App:
    """Open the database and connect the messengers that are configured; raise OperatorError with the fix."""
    for problem in unfit(settings):
        raise problem
    first = seed.document(settings.desk_file, rules_of(settings))
    try:
        database = await _open(settings.database_url)
    except Unusable as error:
        name, _, fix = str(error).partition(": ")
        raise OperatorError(name, fix) from None
    clock, book = clock or WallClock(), Book(rules_of(settings))
    try:
        messengers = await configured(settings, book, database, clock)
    except BaseException:
        await database.close()
        raise
    return App(settings, database, messengers, clock=clock, knowledge=Knowledge(), book=book, first=first)


async def _open(url: str) -> Database:
    """Open a database that this process may serve, with the current schema."""
    database = await open_database(url)
    try:
        database.alone()
        if not await database.run(revision.fits):
            from storage import migrate  # brings alembic with it

            await migrate.prepare(database)
    except (Unusable, Trouble):
        await database.close()
        raise
    return database


async def run(settings: Settings, *, clock: Clock | None = None) -> None:
    """Serve until SIGTERM or Ctrl-C, then stop gracefully; a desk that still waits for a messenger stops at once."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopped.set)
    serving = asyncio.create_task(_serve(settings, clock))
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if stopped.is_set():
        serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def _serve(settings: Settings, clock: Clock | None) -> None:
    app = await build(settings, clock=clock)
    try:
        await app.start()
        log.info("the desk is open", extra={"event": "started", "messengers": list(app.messengers)})
        await app.failed
    finally:
        await app.stop()
        log.info("the desk is closed", extra={"event": "stopped"})
