"""From an event to its turn: read, heard by its handler, and undone by itself where the handler refuses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import TypeVar

from bot.clock import Clock
from bot.delivery.claim import ClaimedDeliveries
from bot.messengers.protocol import Answer, Messenger
from bot.monitoring.failpoints import reach_failpoint
from handlers import dispatch
from handlers.contents import CONTENTS
from handlers.rules.book import RulesCache
from handlers.turns.knowledge import Knowledge
from handlers.turns.turn import Turn
from handlers.vocabulary.capabilities import Capabilities
from handlers.vocabulary.messages import Event, Kind, read_event
from storage.engine.compiled import savepoint
from storage.engine.database import Connection, is_insert_race
from storage.engine.memo import remember_reads
from storage.lifecycle import Refused
from storage.queues import lanes
from storage.queues.inbox import QueuedEvent
from storage.transaction import Transaction

T = TypeVar("T", bound=Turn)
UNREAD = timedelta(seconds=5)  # before looking again whether a messenger is there that can read what it sent


@dataclass(slots=True)
class TurnBatch:
    """What one transaction of turns did."""

    slot: int = 0
    answers: list[Answer] = field(default_factory=list)
    handled: int = 0
    more: bool = False  # whether others wait that had no place in it
    alone: bool = False  # whether the next has to be given its turn while nobody else has one
    scheduled: bool = False
    erased: bool = False  # somebody: that is to be written down outside the database
    next_at: datetime | None = None
    taken: ClaimedDeliveries | None = None  # what it promised and may be sent now


class TurnRunner:
    """Makes turns with all that a handler may ask for."""

    def __init__(
        self,
        clock: Clock,
        book: RulesCache,
        knowledge: Knowledge,
        messengers: Mapping[str, Messenger],
        able: Mapping[str, Capabilities],
    ) -> None:
        self._clock = clock
        self._book = book
        self._knowledge = knowledge
        self._messengers = messengers
        self._able = able  # by the messenger's name

    def wait(self, connection: Connection, waiting: QueuedEvent, event: Event, now: datetime) -> bool:
        """Let an event wait that its messenger alone can read, while that has not answered yet; return whether it does."""
        if event.kind is not Kind.RAW or event.source in self._messengers:
            return False
        lanes.set_ready(connection, lanes.IN, waiting.lane, now + UNREAD)
        return True

    def give(self, connection: Connection, event: Event) -> Turn:
        """Give a turn; once more where another process has just written down the same new person or form."""
        try:
            return self._attempt(connection, event)
        except Exception as error:
            if not is_insert_race(error):
                raise
            return self._attempt(connection, event)

    def _attempt(self, connection: Connection, event: Event) -> Turn:
        if event.kind is Kind.RAW:  # it could not be read when it came; after an update of the desk it may be
            event = self._messengers[event.source].read(event) or event
        try:
            with savepoint(connection), remember_reads(connection):
                turn = self.turn(connection, event)
                dispatch.dispatch(turn)
                reach_failpoint("turn")
                return turn
        except Refused as refusal:
            with savepoint(connection), remember_reads(connection):
                turn = self.turn(connection, event)
                dispatch.answer_refusal(turn, refusal)
                return turn

    def turn(self, connection: Connection, event: Event) -> Turn:
        """Return a turn about an event that nobody has heard yet."""
        return self.turn_as(Turn, connection, event)

    def turn_as(self, kind: type[T], connection: Connection, event: Event) -> T:
        """Return a turn of a kind of its own, which speaks otherwise."""
        tx = Transaction(connection)
        rules = self._book.follow(tx.rules)
        now, speech = self._clock.now(), self._book.speech
        return kind(
            event,
            tx,
            now,
            rules,
            speech,
            self._knowledge,
            able=self._able,
            sources=tuple(self._messengers),
            links=self._link,
            contents=CONTENTS,
        )

    def _link(self, source: str, payload: str) -> str:
        messenger = self._messengers.get(source)
        return messenger.start_link(payload) if messenger is not None else ""


def whole_event(waiting: QueuedEvent) -> Event:
    """Return the event of a lane's head; an album's parts are one event."""
    events = [read_event(payload) for payload in waiting.payloads]
    joined = reduce(Event.joined, events)
    return replace(joined, parts=tuple(e.message for e in events)) if len(events) > 1 else joined


def readable_event(waiting: QueuedEvent) -> Event | None:
    """Return the event of a lane's head, None where no version of ours wrote it."""
    try:
        return whole_event(waiting)
    except ValueError:
        return None


def safe_heads(heads: Sequence[QueuedEvent]) -> Sequence[QueuedEvent]:
    """Return what may share a transaction: what was tried before and failed has one of its own, and takes nobody with it."""
    tried = next((place for place, waiting in enumerate(heads) if waiting.tries), len(heads))
    return heads[: max(tried, 1)]
