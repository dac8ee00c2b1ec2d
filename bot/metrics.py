"""Metrics: what an operator's monitoring reads at `/metrics`. Numbers only: nobody's words, names or ids."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from storage import inbox, outbox, undelivered
from storage.database import Connection, Database, Trouble

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60)


class Metrics:
    """The numbers of one process; the backlogs are those of the database, whoever serves it."""

    def __init__(self) -> None:
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
        try:
            waiting, dead = await database.run(_boxes)
            self._up.set(1)
            for box in ("inbox", "outbox"):
                self._waiting.labels(box).set(waiting[box])
                self._dead.labels(box).set(dead[box])
        except Trouble:
            self._up.set(0)
            self._waiting.clear()
            self._dead.clear()
        return generate_latest(self.registry)


def _boxes(connection: Connection) -> tuple[dict[str, int], dict[str, int]]:
    waiting = {"inbox": inbox.backlog(connection), "outbox": outbox.backlog(connection)}
    return waiting, {"inbox": inbox.dead_count(connection), "outbox": undelivered.count(connection)}
