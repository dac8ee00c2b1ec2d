"""Metrics: what an operator's monitoring reads at `/metrics`. Numbers only: nobody's words, names or ids."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.monitoring.health import Contact, Now
from storage.engine.database import Connection, Database, DatabaseUnavailable
from storage.queues import inbox, outbox, undelivered

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)


class Metrics:
    """The numbers of one process; the backlogs are those of the database, whoever serves it."""

    def __init__(self, contacts: Mapping[str, Contact] | None = None, now: Now = lambda: datetime.now(UTC)) -> None:
        self._contacts, self._now = contacts or {}, now
        self.registry = CollectorRegistry()
        self.turns = Counter("frontdesk_turns", "Events that had their turn.", ["kind"], registry=self.registry)
        self.failed_turns = Counter("frontdesk_failed_turns", "Turns undone by a bug.", registry=self.registry)
        self.turn_seconds = Histogram(
            "frontdesk_turn_seconds", "How long a turn took.", ["kind"], buckets=SECONDS, registry=self.registry
        )
        self.sends = Counter(
            "frontdesk_sends", "Calls that say something, by result.", ["messenger", "result"], registry=self.registry
        )
        self.waits = Counter(
            "frontdesk_waits", "Times a messenger told us to wait (429).", ["messenger"], registry=self.registry
        )
        self._waiting = Gauge("frontdesk_backlog", "Rows that wait to be served.", ["box"], registry=self.registry)
        self._dead = Gauge("frontdesk_dead_letters", "Rows put aside for good.", ["box"], registry=self.registry)
        self.refused_calls = Counter(
            "frontdesk_refused_calls",
            "Calls to us that were not taken, by reason.",
            ["messenger", "reason"],
            registry=self.registry,
        )
        self._oldest = Gauge(
            "frontdesk_oldest_seconds",
            "Age of what waits longest: an event (inbox), a message (outbox), one that its place does not take (held).",
            ["box"],
            registry=self.registry,
        )
        self._heard = Gauge(
            "frontdesk_heard_seconds", "Since a messenger was last heard.", ["messenger"], registry=self.registry
        )
        self._spoke = Gauge(
            "frontdesk_spoke_seconds", "Since a messenger last took a message.", ["messenger"], registry=self.registry
        )
        self._up = Gauge("frontdesk_database_up", "1 while the database can serve.", registry=self.registry)

    def turn(self, kind: str, seconds: float, *, failed: bool) -> None:
        """Count a turn and its time."""
        self.turns.labels(kind).inc()
        self.turn_seconds.labels(kind).observe(seconds)
        if failed:
            self.failed_turns.inc()

    def sent(self, source: str, result: str) -> None:
        """Count what became of a delivery."""
        messenger = source.partition(":")[0]
        self.sends.labels(messenger, result).inc()
        if result == "wait":
            self.waits.labels(messenger).inc()

    async def page(self, database: Database) -> bytes:
        """Return the page; a database that cannot serve leaves its own numbers out and says so."""
        self._contact()
        try:
            boxes = await database.read(_boxes)
        except DatabaseUnavailable:
            self._up.set(0)
            for gauge in (self._waiting, self._dead, self._oldest):
                gauge.clear()
        else:
            self._up.set(1)
            for box, backlog in boxes.items():
                self._waiting.labels(box).set(backlog.waiting)
                self._dead.labels(box).set(backlog.dead)
                self._oldest.labels(box).set(self._age(backlog.oldest))
            self._oldest.labels("held").set(self._age(boxes["outbox"].held))
        return generate_latest(self.registry)

    def _contact(self) -> None:
        for messenger, contact in self._contacts.items():
            for gauge, moment in ((self._heard, contact.heard), (self._spoke, contact.spoke)):
                if moment is not None:
                    gauge.labels(messenger).set(self._age(moment))

    def _age(self, moment: datetime | None) -> float:
        """Return how many seconds ago that was, 0 where nothing waits."""
        return 0.0 if moment is None else max(0.0, (self._now() - moment).total_seconds())


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in a box, since when, and what was put aside."""

    waiting: int
    dead: int
    oldest: datetime | None
    held: datetime | None = None


def _boxes(connection: Connection) -> Mapping[str, Backlog]:
    return {
        "inbox": Backlog(
            inbox.inbox_backlog(connection), inbox.dead_count(connection), inbox.oldest_arrival(connection)
        ),
        "outbox": Backlog(
            outbox.outbox_backlog(connection),
            undelivered.count_undelivered(connection),
            outbox.oldest_promise(connection),
            outbox.oldest_promise(connection, held=True),
        ),
    }
