"""Whatever happens in whatever order, nothing is lost, doubled or passed in its conversation: the inbox beside a model."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.queues import inbox
from storage.queues.inbox import Arrival
from tests.clock import MONDAY
from tests.storage.undone import undone

WAIT = timedelta(seconds=1)
LANES = ("ann", "bob", "eve")

arrive = st.tuples(st.just("arrive"), st.sampled_from(LANES), st.sampled_from(["", "", "a", "b"]), st.integers(1, 3))
again = st.tuples(st.just("again"), st.integers(0, 40))
serve = st.tuples(
    st.just("serve"), st.integers(1, 4), st.sampled_from(["finish", "finish", "postpone", "die", "leave"])
)
later = st.tuples(st.just("later"), st.sampled_from([0.25, 1.0, 5.0]))
bring = st.tuples(st.just("bring"), st.integers(0, 40))
steps = st.lists(st.one_of(arrive, arrive, again, serve, serve, later, bring), max_size=25)


@dataclass
class Item:
    """One event as the model keeps it."""

    key: str
    album: str
    ready: datetime
    tries: int = 0


@dataclass
class Model:
    """What waits in each lane, in order; what is dead; what was handled, as it was handed out."""

    waiting: dict[str, list[Item]] = field(default_factory=lambda: {lane: [] for lane in LANES})
    dead: list[tuple[str, Item]] = field(default_factory=list)
    handled: list[str] = field(default_factory=list)
    seen: list[Arrival] = field(default_factory=list)

    def head(self, lane: str, now: datetime) -> list[Item]:
        """Return the items of a lane that are to be handed out now."""
        items = self.waiting[lane]
        if not items or items[0].ready > now:
            return []
        album = items[0].album
        return [item for item in items if item.album == album] if album else items[:1]


class Play:
    """One sequence of steps, done in the database and in the model."""

    def __init__(self, connection):
        self.connection, self.model, self.now = connection, Model(), MONDAY

    def arrive(self, lane, album, count):
        wait = WAIT if album else timedelta(0)
        for _ in range(count):
            key = f"{len(self.model.seen):03}"
            new = Arrival("telegram:1", key, lane, key, album, wait)
            inbox.accept_arrivals(self.connection, [new, new], self.now)
            self.model.seen.append(new)
            self.model.waiting[lane].append(Item(key, album, self.now + wait))

    def again(self, which):
        if self.model.seen:
            inbox.accept_arrivals(self.connection, [self.model.seen[which % len(self.model.seen)]], self.now)

    def later(self, seconds):
        self.now += timedelta(seconds=seconds)

    def serve(self, most, fate):
        found = inbox.lane_heads(self.connection, self.now, most)
        assert len(found) <= most
        assert len({w.lane for w in found}) == len(found)
        if most > len(LANES):
            assert {w.lane for w in found} == {lane for lane in LANES if self.model.head(lane, self.now)}
        for waiting in found:
            items = self.model.head(waiting.lane, self.now)
            assert list(waiting.payloads) == [item.key for item in items]
            assert waiting.tries == items[0].tries
            self.end(waiting, items, fate)

    def end(self, waiting, items, fate):
        lane = self.model.waiting[waiting.lane]
        if fate == "postpone":
            inbox.postpone_event(self.connection, waiting, self.now + 2 * WAIT)
            for item in items:
                item.tries, item.ready = item.tries + 1, self.now + 2 * WAIT
        elif fate != "leave":
            inbox.finish_event(self.connection, waiting, self.now, "cafe" if fate == "die" else None)
            self.model.waiting[waiting.lane] = [item for item in lane if item not in items]
            if fate == "die":
                self.model.dead += [(waiting.lane, item) for item in items]
            else:
                self.model.handled += waiting.payloads

    def bring(self, which):
        if not self.model.dead:
            return
        lane, item = self.model.dead.pop(which % len(self.model.dead))
        [row] = [row for row in inbox.dead_letters(self.connection) if row.key == item.key]
        assert inbox.retry_dead_events(self.connection, [row.id], self.now) == 1
        item.tries, item.ready = 0, self.now
        self.model.waiting[lane] = sorted([*self.model.waiting[lane], item], key=lambda i: i.key)

    def drain(self):
        """Serve what is left until nothing waits: all that ever arrived was handled once."""
        while self.model.dead:
            self.bring(0)
        for _ in range(len(self.model.seen) + 1):
            self.later(10)
            self.serve(len(LANES) + 1, "finish")
        assert inbox.inbox_backlog(self.connection) == 0
        assert sorted(self.model.handled) == [arrival.key for arrival in self.model.seen]


async def test_any_sequence_is_served_as_the_model_says(database):
    def story(connection):
        @given(steps)
        def holds(sequence):
            with undone(connection):
                play = Play(connection)
                for name, *arguments in sequence:
                    getattr(play, name)(*arguments)
                play.drain()

        holds()

    await database.run(story)
