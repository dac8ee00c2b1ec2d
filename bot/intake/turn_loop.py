"""The desk: one event, one turn, one transaction."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from time import perf_counter
from typing import Any

from bot.clock import Clock
from bot.delivery.outbox import Outbox
from bot.delivery.pending_sends import PendingSends
from bot.intake.flood import fold_words, tell_flood
from bot.intake.long_text import with_rest
from bot.intake.owed_answers import OWED, OwedAnswers, is_missed, own_up
from bot.intake.turn_budget import Budget, Fate, Judged
from bot.intake.turn_gate import Gate
from bot.intake.turn_runner import TurnBatch, TurnRunner, readable_event, safe_heads, whole_event
from bot.intake.turn_watchdog import TOO_LONG, Watch
from bot.messengers.protocol import Answer, Messenger, Undelivered, Unreachable
from bot.monitoring.failpoints import reach_failpoint
from bot.monitoring.health import Health
from bot.monitoring.metrics import Metrics
from handlers import dispatch
from handlers.rules.book import RulesCache
from handlers.turns import form_dialog
from handlers.turns.knowledge import Knowledge
from handlers.turns.private_chat import in_own_chat
from handlers.vocabulary.audience import Audience
from handlers.vocabulary.messages import Event, phrase
from storage.engine.begun_turns import Begun, Marks, NoMarks
from storage.engine.compiled import savepoint
from storage.engine.database import Connection, Database, DatabaseUnavailable, Work, database_failure
from storage.queues import inbox, lanes
from storage.queues.inbox import QueuedEvent
from storage.tickets.tickets import TicketConflict

log = logging.getLogger("frontdesk.desk")

TRIES = 3
BACKOFF = (timedelta(seconds=1), timedelta(seconds=4))  # three tries within 10 s
SLOW = 0.25  # seconds of a turn above which it is named in the log
SIDE_BY_SIDE = 4  # turns of one process at a time on PostgreSQL; SQLite has one writer
PAUSE = (1.0, 30.0)  # seconds to wait for a database in trouble: at first, at most


def _rung() -> asyncio.Event:
    """Return a bell that has rung."""
    bell = asyncio.Event()
    bell.set()
    return bell


class TurnLoop:
    """Takes events from the inbox in order of their conversations, and gives each its turn."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        book: RulesCache,
        knowledge: Knowledge,
        messengers: Mapping[str, Messenger],
        *,
        promised: asyncio.Event,
        outbox: Outbox | None = None,
        scheduled: asyncio.Event | None = None,
        metrics: Metrics | None = None,
        too_long: float = TOO_LONG,
        budget: Budget | None = None,
        health: Health | None = None,
    ) -> None:
        self.bell, self.erased = asyncio.Event(), asyncio.Event()  # something came in; somebody was erased
        self.able = {messenger.name: messenger.able for messenger in messengers.values()}
        self._closing = False
        self._rounds, self._none_under_way = 0, _rung()  # of turns, under way
        self._budget = budget or Budget()
        self._marks: Marks = NoMarks()
        self._watch = Watch(database.interrupt, database.calm, too_long=too_long)
        self._patience = too_long + 1 if database.shared else None  # one thread works on SQLite, and the watch ends it
        self._slots = count()  # one for each loop that serves, the first for what is owed
        self._owed = OwedAnswers(next(self._slots))
        self._database, self._clock, self._messengers = database, clock, messengers
        self._turning = TurnRunner(clock, book, knowledge, messengers, self.able)
        self._promised = promised
        # PostgreSQL: a turn keeps no other address of the outbox locked for longer than it must.
        self._outbox = None if database.shared else outbox
        self._early = outbox.early if outbox is not None else PendingSends()
        self._scheduled = scheduled or asyncio.Event()
        self._metrics = metrics or Metrics()
        self._health = health or Health(clock.now)
        self._answering: set[asyncio.Task[None]] = set()
        # On SQLite conversations share a commit; on PostgreSQL each has its own, so that none waits for another's rows.
        self._together = 1 if database.shared else 16
        self._gate = Gate(SIDE_BY_SIDE if database.shared else 1)

    async def recover(self, run: Callable[[Work[Any]], Awaitable[Any]]) -> None:
        """Count a try against what a process had begun when it died, each alone, and own up to the answers that it owed.

        From now on what is begun and what is owed is remembered.
        """
        self._marks = self._database.marks()
        await self._marks.open()
        for found in await run(self._own_up):
            await run(partial(self._count_try, found=found))
        await run(self._marks.forget)
        self._owed.keep_in(self._marks)

    @property
    def under_way(self) -> set[asyncio.Task[None]]:
        """Return the answers that are being given."""
        return set(self._answering)

    async def serve(self) -> None:
        """Give turns for ever."""
        pause, slot, alone = PAUSE[0], next(self._slots), False
        while not self._closing:
            try:
                async with self._gate.inside(alone=alone), asyncio.timeout(self._patience), self._counted():
                    done = await self._database.run(partial(self._round, slot=slot, alone=alone))
                alone, pause = done.alone, PAUSE[0]
                self._health.went("turns")
            except (DatabaseUnavailable, TimeoutError) as state:
                if overdue := self._watch.overdue():
                    await self._end_overdue(overdue)
                    continue
                self._health.failed(
                    "turns", state if isinstance(state, DatabaseUnavailable) else DatabaseUnavailable("no answer")
                )
                await asyncio.sleep(pause)
                pause = min(pause * 2, PAUSE[1])
                continue
            if done.handled:
                reach_failpoint("after_commit")
                self._promise(done)
            if done.scheduled:
                self._scheduled.set()
            if done.erased:
                self.erased.set()
            self._answer(done.answers)
            if done.handled < self._together and not done.more:
                await self._clock.wait(self.bell, done.next_at)

    @contextlib.asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        """Let whoever stops the desk know that turns are under way."""
        self._rounds += 1
        self._none_under_way.clear()
        try:
            yield
        finally:
            self._rounds -= 1
            if not self._rounds:
                self._none_under_way.set()

    async def finish(self, seconds: float) -> None:
        """Wait for turns under way: one that is cut off would be counted as a try of its event."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._none_under_way.wait()

    async def _end_overdue(self, overdue: Sequence[Begun]) -> None:
        """Count a try against turns that took too long."""
        for found in overdue:
            log.error("a turn took too long and was ended", extra={"event": "overdue", "id": found.ids[0]})
            with contextlib.suppress(DatabaseUnavailable):  # it will be taken again, and ended again
                await self._database.run(partial(self._count_try, found=found))

    def _count_try(self, connection: Connection, found: Begun) -> None:
        waiting = inbox.still_waiting(connection, found)
        if waiting is not None:
            self._failed(connection, waiting, readable_event(waiting), None, self._clock.now())

    def _own_up(self, connection: Connection) -> list[Begun]:
        """Tell of each answer that was owed, once where workers start together; return what else was begun."""
        left = self._marks.left(connection)
        for found in left:
            if found.tries == OWED:
                own_up(connection, found, self._turning)
        self._marks.forget(connection, OWED)
        return [found for found in left if found.tries != OWED]

    def _promise(self, done: TurnBatch) -> None:
        """See to it that what was promised is sent."""
        if self._outbox is None or done.taken is None:
            self._promised.set()
        else:
            self._outbox.go(done.taken)

    def close(self) -> None:
        """Begin no more turns; what waits is in the inbox, and the next start takes it from there."""
        self._closing = True

    async def settle(self) -> None:
        """Wait for answers that are under way; no turn is any more."""
        await asyncio.gather(*self._answering, return_exceptions=True)
        self._watch.close()
        await self._marks.close()

    def _answer(self, answers: Sequence[Answer]) -> None:
        """Send what is perishable right after the commit, in nobody's way."""
        for answer in answers:
            task = asyncio.create_task(self._answer_one(answer))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer_one(self, answer: Answer) -> None:
        try:
            messenger = self._messengers.get(answer.event.source)
            if messenger is None:  # what was heard before a restart may have its turn before the messenger is there
                raise Unreachable("the messenger is not there yet")
            await messenger.answer(answer)
            self._owed.given(answer)
        except Undelivered as late:
            log.info("an answer came too late: %s", late, extra={"event": "late_answer"})
            if is_missed(answer):
                await self._database.run(lambda connection: self._say_instead(connection, answer))
                self._promised.set()
            self._owed.given(answer)

    def _say_instead(self, connection: Connection, answer: Answer) -> None:
        turn = self._turning.turn(connection, answer.event)
        dispatch.admit_event(turn)
        if turn.audience is Audience.PUBLIC:
            turn = in_own_chat(turn)
        for toast in answer.toasts:
            if toast.vital or answer.opening is None:  # the first question is an answer by itself
                turn.say(toast.text)
        if answer.opening is not None:
            form_dialog.step_by_step(turn, answer.opening)

    def _round(self, connection: Connection, slot: int = 0, *, alone: bool = True) -> TurnBatch:
        done, now = TurnBatch(slot=slot), self._clock.now()
        self._early.again(connection, now)
        heads = inbox.lane_heads(connection, now, self._together)
        together = safe_heads(heads)
        if (
            self._database.shared and together and together[0].tries and not alone
        ):  # if it ends the process, no other turn is to be thought guilty
            return TurnBatch(alone=True, more=True)
        done.more = len(together) < len(heads)
        for waiting in together:
            done.handled += 1
            answer = self._one(connection, waiting, done, now)
            if answer is not None:
                self._owed.note(waiting, answer)
                done.answers.append(answer)
        self._marks.clear(slot)
        if done.handled < self._together:
            if self._database.shared:
                done.next_at = lanes.next_free(connection, lanes.IN, now)
            else:  # nobody else holds a lane: what follows what was just handled is next
                done.next_at = lanes.next_ready(connection, lanes.IN)
        if done.handled:
            done.taken = self._outbox.take(connection) if self._outbox else None
            reach_failpoint("before_commit")
        return done

    def _one(self, connection: Connection, waiting: QueuedEvent, done: TurnBatch, now: datetime) -> Answer | None:
        """Give one event its turn; whatever goes wrong undoes this turn alone."""
        try:
            event, begun = whole_event(waiting), perf_counter()
        except ValueError as error:  # no version of ours wrote this: it is kept for whoever can read it
            log.error("incident %s", incident := secrets.token_hex(4), exc_info=error, extra={"event": "unreadable"})
            inbox.finish_event(connection, waiting, now, incident)
            return None
        if self._turning.wait(connection, waiting, event, now) or self._early.wait(connection, waiting, event, now):
            return None
        judged = Judged(Fate.TURN) if waiting.tries else self._budget.judge(event, now)
        if judged.fate in (Fate.LATER, Fate.REFUSED):
            return self._over_budget(connection, waiting, event, judged, now)
        if judged.fate is Fate.FOLDED:
            waiting, event = fold_words(connection, waiting, event, now)
        else:
            waiting, event = with_rest(connection, waiting, event, now)
        try:
            self._marks.begin(done.slot, waiting.ids, waiting.tries)
            with self._watch.over(done.slot, Begun(waiting.ids, waiting.tries)):
                turn = self._turning.give(connection, event)
        except TicketConflict:  # another process was faster on this ticket; what it did is there on the next round
            return None
        except Exception as error:
            if (
                database_failure(error) is not None
            ):  # never the event's fault: this round is undone, and nothing is counted
                raise
            self._measure(waiting, event, perf_counter() - begun, failed=True)
            return self._failed(connection, waiting, event, error, now)
        self._measure(waiting, event, perf_counter() - begun, failed=False)
        inbox.finish_event(connection, waiting, now)
        done.scheduled |= bool(turn.scheduled)
        done.erased |= turn.erased
        if not event.interaction and not turn.toasts:
            return None
        opening, asked = turn.windows[-1] if turn.windows else (None, event)
        return Answer(asked, tuple(turn.toasts), opening)

    def _over_budget(
        self, connection: Connection, waiting: QueuedEvent, event: Event, judged: Judged, now: datetime
    ) -> Answer | None:
        """Keep words for later and refuse acts; only what is said of it costs a turn, once."""
        toasts = tuple(tell_flood(self._turning, connection, event).toasts) if judged.told else ()
        if judged.until is not None:
            lanes.set_ready(connection, lanes.IN, waiting.lane, judged.until)
            return None
        inbox.finish_event(connection, waiting, now)
        return Answer(event, toasts) if event.interaction else None

    def _measure(self, waiting: QueuedEvent, event: Event, seconds: float, *, failed: bool) -> None:
        """Count a turn; one that others had to wait for is named, so that it can be found."""
        self._metrics.turn(event.kind, seconds, failed=failed)
        if seconds > SLOW:
            facts = {"event": "slow_turn", "id": waiting.ids[0], "kind": event.kind, "ms": round(seconds * 1000)}
            log.warning("a turn took %d ms", facts["ms"], extra=facts)

    def _failed(
        self, connection: Connection, waiting: QueuedEvent, event: Event | None, error: Exception | None, now: datetime
    ) -> Answer | None:
        """Try again a little later; after the last try put the event aside and tell the person its incident id.

        No ``error``: the turn ended its process, or did not end. No ``event``: nobody can read it.
        """
        if waiting.tries + 1 < TRIES:
            inbox.postpone_event(connection, waiting, now + BACKOFF[waiting.tries])
            return None
        incident = secrets.token_hex(4)
        log.error(
            "incident %s",
            incident,
            exc_info=error,
            extra={"event": "incident", "incident": incident, "kind": event.kind if event else "unread"},
        )
        inbox.finish_event(connection, waiting, now, incident)
        if event is None:
            return None
        try:
            with savepoint(connection):
                turn = self._turning.turn(connection, event)
                dispatch.admit_event(turn)
                turn.say(phrase("incident", incident=incident))
        except Exception as again:
            if database_failure(again) is not None:
                raise
            log.warning("incident %s could not be told", incident, extra={"event": "incident_untold"})
        return Answer(event) if event.interaction else None
