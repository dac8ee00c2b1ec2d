"""The desk: one event, one turn, one transaction."""

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from time import perf_counter

from bot.clock import Clock
from bot.early import Early
from bot.failpoints import reached
from bot.health import Health
from bot.messenger import Answer, Messenger, Undelivered
from bot.metrics import Metrics
from bot.outbox import Outbox
from bot.taking import Taken
from handlers import conversation, interview
from handlers.knowledge import Knowledge
from handlers.messages import EVENT, Event, Kind, phrase
from handlers.rules.book import Book
from handlers.turn import Turn
from storage import inbox, lanes
from storage.database import Connection, Database, Trouble, raced, trouble
from storage.inbox import Waiting
from storage.lifecycle import Refused
from storage.prepared import savepoint
from storage.tickets import Stale
from storage.transaction import Transaction

log = logging.getLogger("frontdesk.desk")

TRIES = 3
BACKOFF = (timedelta(seconds=1), timedelta(seconds=4))  # three tries within 10 s
UNREAD = timedelta(seconds=5)  # before looking again whether a messenger is there that can read what it sent
PAUSE = (1.0, 30.0)  # seconds to wait for a database in trouble: at first, at most


@dataclass(slots=True)
class Round:
    """What one transaction of turns did."""

    answers: list[Answer] = field(default_factory=list)
    handled: int = 0
    scheduled: bool = False
    next_at: datetime | None = None
    taken: Taken | None = None  # what it promised and may be sent now


class Desk:
    """Takes events from the inbox in order of their conversations, and gives each its turn."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        book: Book,
        knowledge: Knowledge,
        messengers: Mapping[str, Messenger],
        *,
        promised: asyncio.Event,
        outbox: Outbox | None = None,
        scheduled: asyncio.Event | None = None,
        metrics: Metrics | None = None,
        health: Health | None = None,
    ) -> None:
        self.bell = asyncio.Event()
        self.able = {messenger.name: messenger.able for messenger in messengers.values()}
        self._closing = False
        self._database = database
        self._clock = clock
        self._book = book
        self._knowledge = knowledge
        self._messengers = messengers
        self._promised = promised
        # PostgreSQL: a turn keeps no other address of the outbox locked for longer than it must.
        self._outbox = None if database.shared else outbox
        self._early = outbox.early if outbox is not None else Early()
        self._scheduled = scheduled or asyncio.Event()
        self._metrics = metrics or Metrics()
        self._health = health or Health(clock.now)
        self._answering: set[asyncio.Task[None]] = set()
        # On SQLite turns of different conversations share a commit; on PostgreSQL each has its own,
        # so that none waits for another's rows.
        self._together = 1 if database.shared else 16

    @property
    def under_way(self) -> set[asyncio.Task[None]]:
        """Return the answers that are being given."""
        return set(self._answering)

    async def serve(self) -> None:
        """Give turns for ever."""
        pause = PAUSE[0]
        while not self._closing:
            try:
                done = await self._database.run(self._round)
                pause = PAUSE[0]
                self._health.went("turns")
            except Trouble as state:
                self._health.failed("turns", state)
                await asyncio.sleep(pause)
                pause = min(pause * 2, PAUSE[1])
                continue
            if done.handled:
                reached("after_commit")
                self._promise(done)
            if done.scheduled:
                self._scheduled.set()
            self._answer(done.answers)
            if done.handled < self._together:
                await self._clock.wait(self.bell, done.next_at)

    def _promise(self, done: Round) -> None:
        """See to it that what was promised is sent."""
        if self._outbox is None or done.taken is None:
            self._promised.set()
        else:
            self._outbox.go(done.taken)

    def close(self) -> None:
        """Begin no more turns; what waits is in the inbox, and the next start takes it from there."""
        self._closing = True

    async def settle(self) -> None:
        """Wait for answers that are under way."""
        await asyncio.gather(*self._answering, return_exceptions=True)

    def _answer(self, answers: Sequence[Answer]) -> None:
        """Send what is perishable right after the commit, in nobody's way."""
        for answer in answers:
            task = asyncio.create_task(self._answer_one(answer))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    async def _answer_one(self, answer: Answer) -> None:
        messenger = self._messengers.get(answer.event.source)
        if messenger is None:
            return
        try:
            await messenger.answer(answer)
        except Undelivered as late:
            log.info("an answer came too late: %s", late, extra={"event": "late_answer"})
            if answer.opening is not None or any(toast.vital for toast in answer.toasts):
                await self._database.run(lambda connection: self._say_instead(connection, answer))
                self._promised.set()

    def _say_instead(self, connection: Connection, answer: Answer) -> None:
        turn = self._turn(connection, answer.event)
        conversation.arrive(turn)
        for toast in answer.toasts:
            if toast.vital or answer.opening is None:  # the first question is an answer by itself
                turn.say(toast.text)
        if answer.opening is not None:
            interview.step_by_step(turn, answer.opening)

    def _round(self, connection: Connection) -> Round:
        done, now = Round(), self._clock.now()
        self._early.again(connection, now)
        for waiting in inbox.heads(connection, now, self._together):
            done.handled += 1
            answer = self._one(connection, waiting, done, now)
            if answer is not None:
                done.answers.append(answer)
        if done.handled < self._together:
            done.next_at = lanes.next_free(connection, lanes.IN, now)
        if done.handled:
            done.taken = self._outbox.take(connection) if self._outbox else None
            reached("before_commit")
        return done

    def _one(self, connection: Connection, waiting: Waiting, done: Round, now: datetime) -> Answer | None:
        """Give one event its turn; whatever goes wrong undoes this turn alone."""
        try:
            event, begun = whole(waiting), perf_counter()
        except ValueError as error:  # no version of ours wrote this: it is kept for whoever can read it
            log.error("incident %s", incident := secrets.token_hex(4), exc_info=error, extra={"event": "unreadable"})
            inbox.finish(connection, waiting, now, incident)
            return None
        if event.kind is Kind.RAW and event.source not in self._messengers:  # who can read it has not answered yet
            lanes.set_ready(connection, lanes.IN, waiting.lane, now + UNREAD)
            return None
        if self._early.wait(connection, waiting, event, now):
            return None
        try:
            turn = self._tried(connection, event)
        except Stale:  # another process was faster on this ticket; what it did is there on the next round
            return None
        except Exception as error:
            if trouble(error) is not None:  # never the event's fault: this round is undone, and nothing is counted
                raise
            self._metrics.turn(event.kind, perf_counter() - begun, failed=True)
            return self._failed(connection, waiting, event, error, now)
        self._metrics.turn(event.kind, perf_counter() - begun, failed=False)
        inbox.finish(connection, waiting, now)
        done.scheduled |= bool(turn.scheduled)
        if not event.interaction:
            return None
        opening, asked = turn.windows[-1] if turn.windows else (None, event)
        return Answer(asked, tuple(turn.toasts), opening)

    def _tried(self, connection: Connection, event: Event) -> Turn:
        """Give a turn; once more where another process has just written down the same new person or form."""
        try:
            return self._attempt(connection, event)
        except Exception as error:
            if not raced(error):
                raise
            return self._attempt(connection, event)

    def _attempt(self, connection: Connection, event: Event) -> Turn:
        if event.kind is Kind.RAW:  # it could not be read when it came; after an update of the desk it may be
            event = self._messengers[event.source].read(event) or event
        try:
            with savepoint(connection):
                turn = self._turn(connection, event)
                conversation.handle(turn)
                reached("turn")
                return turn
        except Refused as refusal:
            with savepoint(connection):
                turn = self._turn(connection, event)
                conversation.refuse(turn, refusal)
                return turn

    def _turn(self, connection: Connection, event: Event) -> Turn:
        tx = Transaction(connection)
        rules = self._book.follow(tx.rules)
        now, speech = self._clock.now(), self._book.speech
        return Turn(event, tx, now, rules, speech, self._knowledge, able=self.able, links=self._link)

    def _link(self, source: str, payload: str) -> str:
        messenger = self._messengers.get(source)
        return messenger.start_link(payload) if messenger is not None else ""

    def _failed(
        self, connection: Connection, waiting: Waiting, event: Event, error: Exception, now: datetime
    ) -> Answer | None:
        """Try again a little later; after the last try put the event aside and tell the person its incident id."""
        if waiting.tries + 1 < TRIES:
            inbox.postpone(connection, waiting, now + BACKOFF[waiting.tries])
            return None
        incident = secrets.token_hex(4)
        log.error(
            "incident %s",
            incident,
            exc_info=error,
            extra={"event": "incident", "incident": incident, "kind": event.kind},
        )
        inbox.finish(connection, waiting, now, incident)
        try:
            with savepoint(connection):
                turn = self._turn(connection, event)
                conversation.arrive(turn)
                turn.say(phrase("incident", incident=incident))
        except Exception as again:
            if trouble(again) is not None:
                raise
            log.warning("incident %s could not be told", incident, extra={"event": "incident_untold"})
        return Answer(event) if event.interaction else None


def whole(waiting: Waiting) -> Event:
    """Return the event of a lane's head; an album's parts are one event."""
    events = [EVENT.validate_json(payload) for payload in waiting.payloads]
    joined = reduce(Event.joined, events)
    return replace(joined, facts={**joined.facts, "parts": [e.message for e in events]}) if len(events) > 1 else joined
