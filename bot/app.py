"""The only place where objects are built and joined."""

import asyncio
import contextlib
from collections import ChainMap
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from aiohttp import web

from bot.api.server import Api
from bot.api.table import OPERATIONS
from bot.api.turns import ProgramTurn, ProgramTurns
from bot.clock import Clock, WallClock
from bot.delivery.outbox import Outbox
from bot.inbox import Inbox
from bot.intake.activity import Courtesy
from bot.intake.earshot import Earshot
from bot.intake.reading_ahead import ReadingAhead
from bot.intake.timer_dispatcher import TimerDispatcher
from bot.intake.turn_budget import Budget
from bot.intake.turn_loop import SIDE_BY_SIDE, TurnLoop
from bot.integrations.choice_sources import ChoiceSources
from bot.integrations.outward import OutwardCalls
from bot.integrations.webhooks import WebhookSender
from bot.messengers.lifecycle import PING, MessengerLifecycle
from bot.messengers.protocol import Messenger, Team
from bot.messengers.roster import Roster
from bot.monitoring.health import Health
from bot.monitoring.metrics import Metrics
from bot.operations import seed, standstills, team_channel
from bot.operations.at_rest import LoopClock, is_due
from bot.operations.damage_alarm import DamageAlarm
from bot.operations.duty_groups import DutyGroups
from bot.operations.erased_list import ErasedList, list_of
from bot.operations.index_keeper import IndexKeeper
from bot.operations.retention import Retention
from bot.operations.rules_apply import rules_of
from bot.operations.web import Web, build_web_application, trouble_now
from bot.registry import configured_messengers
from bot.retry import prepare_database, retry_until_served
from bot.settings import Settings, settings_problems
from handlers.rules.book import RulesCache
from handlers.rules.document import Document
from handlers.turns.knowledge import Knowledge
from handlers.vocabulary.messages import Event, Kind
from storage.engine.database import Database, DatabaseDamaged, DatabaseUnavailable, Work
from storage.engine.opening import database_at
from storage.queues import lanes

T = TypeVar("T")

FINISH = 5.0  # seconds that turns under way may take at the end
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
        book: RulesCache,
        first: Document,
        ping: float = PING,
    ) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock
        self.configured = messengers
        self.messengers: dict[str, Messenger] = {}  # those that have answered, by source
        self.book = book
        self.first = first  # the rules of a desk that has none yet
        self.knowledge = knowledge
        self.metrics = Metrics({messenger.name: messenger.contact for messenger in messengers}, clock.now)
        self.health = Health(clock.now)
        self._loop_clock = LoopClock(clock)
        self._join(database, self._loop_clock)
        self.courtesy = Courtesy(database, self.messengers)
        self.retention = Retention(database, self._loop_clock, self.book, self.health)
        self.erased = ErasedList(
            database, self._loop_clock, list_of(settings.database_url, settings.erased_file), self.health
        )
        self.erased.bell = self.desk.erased
        self.damage = DamageAlarm(database, self._loop_clock, self.messengers, self.book, self.health)
        self.keeper = IndexKeeper(database, self._loop_clock, knowledge, self.health)
        self._receive(ping)
        turns = ProgramTurns(clock, book, knowledge, self.messengers, self.desk.able)
        self.api = Api(OPERATIONS, database, clock, turns, book, self._done_by_program)
        self.web = Web(settings.http_host, settings.http_port, self._paths())
        self._tasks: list[asyncio.Task[None]] = []
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def _join(self, database: Database, clock: Clock) -> None:
        """Build what passes events and promises on, each with the bell that wakes the next."""
        promised, scheduled, stirred = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.webhooks = WebhookSender(database, clock, self.book, OutwardCalls(self.settings.private_hosts))
        sends: Mapping[str, Messenger] = ChainMap(self.messengers, {self.webhooks.source: self.webhooks})
        self.outbox = Outbox(
            database,
            clock,
            sends,
            stirred=stirred,
            metrics=self.metrics,
            health=self.health,
            base=self.book.base,
        )
        self.outbox.bell = promised
        self.desk = TurnLoop(
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
            health=self.health,
        )
        self.desk.able.update({messenger.name: messenger.able for messenger in self.configured})
        self.desk.bell = stirred
        self.earshot = Earshot(database)
        self.inbox = Inbox(database, clock, self.desk.bell, self.health, ReadingAhead(self.knowledge))
        self.webhooks.accept = self.inbox.accept
        self.timers = TimerDispatcher(database, clock, self.desk.bell, self.health)
        self.timers.bell = scheduled
        self._ask_around(database, clock)

    def _ask_around(self, database: Database, clock: Clock) -> None:
        """Build what asks others beside the turns, and tells them who is on duty."""
        calls, tokens = OutwardCalls(self.settings.private_hosts), self.settings.tokens_of_hosts
        self.choices = ChoiceSources(database, clock, self.book, calls, tokens, self.inbox, self.health)
        self.roster = Roster(database, clock, self.messengers, self.inbox, self.health)
        self.duty_groups = DutyGroups(database, clock, self.book, self.messengers, self.inbox, self.health)
        for messenger in self.configured:
            messenger.on_gap(self.roster.bell.set)

    def _receive(self, ping: float) -> None:
        """Build what brings the messengers in."""
        self.reception = MessengerLifecycle(
            self.configured,
            self.messengers,
            self.clock,
            keep=self._keep_team,
            accept=self._accept,
            lead=self.database.lead,
            alarm=self._alarm,
            joined=self._joined,
            failed=self._fail,
            ping=ping,
        )
        self.outbox.revoked = self.reception.left
        self.outbox.on_revoked = self.reception.leave

    async def start(self) -> None:
        """Listen, open the database, seed a new desk, start every loop; each messenger joins when it answers.

        Only the database is waited for. Raises OperatorError where a setting keeps the desk from serving.
        """
        await self.web.start()
        await self._database_open()
        await self._insist(partial(seed.seed_rules, document=self.first, base=self.book.base, now=self.clock.now()))
        if not self.database.shared:  # this process alone serves it now
            await self._insist(lanes.let_go)
        await self.keeper.start()
        await retry_until_served(lambda: self.desk.recover(self._insist), self.health)
        await self.database.listen(self._woken)
        loops: list[Callable[[], Coroutine[Any, Any, None]]] = [
            self.outbox.serve,
            self.timers.serve,
            self.retention.serve,
            self.erased.serve,
            self.roster.serve,
            self.keeper.serve,
            self.damage.serve,
            self.choices.serve,
            self.duty_groups.serve,
        ]
        loops += [self.desk.serve] * (SIDE_BY_SIDE if self.database.shared else 1)
        self._tasks = [self._task(loop) for loop in loops]
        self.reception.open()

    async def introduced(self, *, some: int | None = None) -> None:
        """Return when every messenger has answered, or so many of them; raise what ends the start."""
        answered = asyncio.ensure_future(self.reception.introduced(some or len(self.configured)))
        await asyncio.wait({answered, self.failed}, return_when=asyncio.FIRST_COMPLETED)
        answered.cancel()
        if self.failed.done():
            self.failed.result()

    async def stop(self) -> None:
        """Receive nothing more, finish turns, send what can be sent, let go."""
        await self.web.stop()
        await self.reception.close()
        await self.courtesy.stop()
        self.desk.close()
        await self.desk.finish(FINISH)
        await self._idle()
        await _cancel(self._tasks)
        await self.desk.settle()
        if self._tasks:  # else it never got as far as to serve
            await self.outbox.flush(FLUSH)
        for messenger in self.configured:
            await messenger.close()
        await self.webhooks.close()
        await self.choices.close()
        await self.database.close()
        if self.failed.done():
            self.failed.exception()  # whoever waited for it has heard of it; nobody else has to

    async def at_rest(self) -> None:
        """Return when nothing is under way: nothing is being sent or answered, and no event, message or timer is due."""
        while not self.failed.done():
            change = self._loop_clock.change()
            if under_way := self.outbox.under_way | self.desk.under_way:
                await asyncio.wait(under_way)
            elif self._all_wait() and not await self._due() and self._all_wait():
                return
            else:
                await asyncio.wait({change, self.failed}, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        self.failed.result()

    def _all_wait(self) -> bool:
        return self._loop_clock.all_wait(len(self._tasks)) and not (self.outbox.under_way or self.desk.under_way)

    async def _due(self) -> bool:
        """Return whether something could be taken now; whoever wrote it down may have told nobody."""
        sources = self.outbox.sources
        with contextlib.suppress(DatabaseUnavailable):
            if not await self.database.run(lambda connection: is_due(connection, self.clock.now(), sources)):
                return False
            self._look_again()
        return True

    async def _accept(self, events: Sequence[Event]) -> None:
        """Store what came in, and look after it until it has its turn."""
        heard = await self.earshot.heard(events)
        told = await self.roster.complete(heard)
        await self.inbox.accept(told)
        self.roster.learn(told)
        self.courtesy.expect(heard)

    def _paths(self) -> web.Application:
        """Return what is served over HTTP."""
        hooks = {path: hook for m in self.configured for path, hook in m.hooks(self._accept).items()}
        served = build_web_application(hooks, self.problems, self.metrics, self.database, self.clock.now)
        self.api.mount(served)
        return served

    def _done_by_program(self, turn: ProgramTurn) -> None:
        """See to it that what a program's turn promised is sent, and what it set rings."""
        self.outbox.bell.set()
        if turn.scheduled:
            self.timers.bell.set()
        if turn.erased:
            self.desk.erased.set()

    async def problems(self) -> list[str]:
        """Return what keeps the desk from serving in full now; nothing when it is ready."""
        found = [f"{m.name}: {m.contact.problem}" for m in self.configured if m.contact.problem]
        trouble = self.health.trouble or await trouble_now(self.database)
        if trouble is not None:
            return [*found, f"database: {trouble if isinstance(trouble, DatabaseDamaged) else 'it cannot serve'}"]
        return [*found, *await standstills.standstill_problems(self.database)]

    async def _idle(self) -> None:
        """Let turns under way be finished: what waits is in the inbox, and the next start takes it from there."""
        with contextlib.suppress(DatabaseUnavailable):
            await self.database.run(lambda _: None)

    async def _database_open(self) -> None:
        """Open the database, claim it, and see to its schema, as soon as that can be done."""
        await retry_until_served(lambda: prepare_database(self.database), self.health)

    async def _insist(self, work: Work[T]) -> T:
        return await retry_until_served(lambda: self.database.run(work), self.health)

    async def _keep_team(self, source: str, found: Team) -> None:
        await self._insist(
            partial(team_channel.keep_team_channel, source=source, team=found, book=self.book, now=self.clock.now())
        )

    async def _alarm(self, source: str, name: str, why: str) -> None:
        """Let the admins hear what only they can mend."""
        now = self.clock.now()
        with contextlib.suppress(DatabaseUnavailable):
            await self.inbox.accept([Event(Kind.MEMBER, source, f"{name}:{now}", "alarm", now, name=name, why=why)])

    def _joined(self) -> None:
        """See to what waited for a messenger, and ask it who is in its team channel."""
        self.roster.bell.set()
        self.duty_groups.bell.set()
        self._look_again()

    def _look_again(self) -> None:
        for bell in self._bells.values():
            bell.set()

    def _task(self, loop: Callable[[], Coroutine[Any, Any, None]]) -> "asyncio.Task[None]":
        task = asyncio.create_task(loop())
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A loop never ends by itself: if one breaks, so does the process, and its supervisor starts it anew."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fail(error)

    def _fail(self, error: BaseException) -> None:
        if not self.failed.done():
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


async def build_app(
    settings: Settings, *, clock: Clock | None = None, database: Database | None = None, ping: float = PING
) -> App:
    """Join the parts; ask nobody but the database, and that once. Raises OperatorError with the fix of a setting."""
    for problem in settings_problems(settings):
        raise problem
    first = seed.seed_document(settings.desk_file, rules_of(settings))
    database = database or database_at(settings.database_url)
    clock, book = clock or WallClock(), RulesCache(rules_of(settings))
    waited: DatabaseUnavailable | None = None
    try:
        await prepare_database(database)
    except DatabaseUnavailable as trouble:  # it is waited for when the desk starts
        waited = trouble
    except BaseException:
        await database.close()
        raise
    messengers = configured_messengers(settings, book, database, clock)
    app = App(settings, database, messengers, clock=clock, knowledge=Knowledge(), book=book, first=first, ping=ping)
    if waited is not None:
        app.health.failed("start", waited)
    return app
