"""Request channels by every door: who may open, end and take up what, and whose words are taken."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handlers.privacy import erasing
from handlers.vocabulary import presses
from handlers.vocabulary.messages import Event, Kind
from handlers.vocabulary.payloads import Above, Among
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import Role, StateKind, post
from storage.people.people import Person
from storage.transaction import Transaction
from tests.desk.scenes import SOURCE, Scene

ROOM = "-500"


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; whose words are taken asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


class Room(Scene):
    """A group of Ann's, Zoe's and Max's in which every post is a request; Bob is a senior agent."""

    def begin(self) -> "Room":
        """Make it a request channel."""
        self.bob = self.person("Bob", Role.SENIOR)
        self.ann, self.zoe, self.max = (self.person(name) for name in ("Ann", "Zoe", "Max"))
        settings = {"opens": ["mention", "every"]}
        self.tx.request_channels.keep(SOURCE, ROOM, title="clients", settings=settings, at=self.at)
        self.registers(self.max, "The roof leaks")
        return self

    def there(self, who: Person, kind: Kind, name: str = "", value: str = "", **facts: Any) -> Event:
        """Return what somebody does in the group."""
        facts.setdefault("among", Among())
        return self.event(who, kind, name, value, chat=ROOM, private=False, passing=True, **facts)

    def opens(self, who: Person, words: str) -> int:
        """Let somebody post; return the number of their request."""
        turn = self.gives(self.there(who, Kind.TEXT, text=words))
        assert not self.refusals, self.refusals
        return max(turn.touched)

    def numbers(self) -> list[int]:
        """Return the requests there are."""
        return [each.id for who in (self.ann, self.zoe, self.max, self.bob) for each in self.of(who)]

    def of(self, who: Person) -> list[Any]:
        """Return somebody's requests."""
        return list(self.tx.tickets.of_requester(who.id, 100))

    def merges(self, number: int, into: int) -> None:
        """Let Bob make one of two."""
        self.gives(self.in_team(self.bob, Kind.COMMAND, "merge", f"{number} {into}"))
        asked = self.tx.states.get(self.bob.id, StateKind.PROPOSAL, self.at)
        self.gives(self.in_team(self.bob, Kind.PRESS, presses.Apply.name, str(asked["token"])))
        assert self.tx.tickets.get(number).merged_into == into, self.refusals


def played(story: Callable[[Room], None]) -> Callable[[Any], None]:
    """Return a story as work for a database."""
    return lambda connection: story(Room(Transaction(connection)).begin())


async def test_not_a_request_ends_its_authors_part_alone(database):
    """What goes on for another too is the other's to end."""

    def story(room: Room) -> None:
        mine, theirs = room.opens(room.ann, "The lamp is broken"), 1
        room.merges(theirs, mine)
        room.gives(room.there(room.ann, Kind.PRESS, "not_request", str(mine)))
        assert room.tx.tickets.get(mine).active
        assert room.tx.tickets.get(mine).ended_at is not None
        assert room.tx.tickets.get(theirs).ended_at is None

    await database.run(played(story))


async def test_only_whose_requests_both_are_joins_them_and_in_their_channel_alone(database):
    """A forged button joins nothing: not another's requests, not those of a private chat, not for whoever else is there."""

    def story(room: Room) -> None:
        mine = room.opens(room.ann, "The lamp is broken")
        room.at += timedelta(hours=1)
        also, theirs = room.opens(room.ann, "It flickers, rather"), room.opens(room.zoe, "The printer jams")
        private = room.of(room.max)[0].id
        for who, gone, into in (
            (room.zoe, also, mine),
            (room.max, also, mine),
            (room.zoe, also, theirs),
            (room.ann, also, theirs),
            (room.ann, theirs, mine),
            (room.max, private, mine),
            (room.ann, also, private),
            (room.ann, also, also),
        ):
            room.refusals.clear()
            room.gives(room.there(who, Kind.PRESS, presses.JoinOwn.name, f"{gone}.{into}"))
            assert room.refusals
        assert {room.tx.tickets.get(number).merged_into for number in (mine, also, theirs, private)} == {None}

        room.refusals.clear()
        room.gives(room.there(room.ann, Kind.PRESS, presses.JoinOwn.name, f"{also}.{mine}"))
        assert (room.tx.tickets.get(also).merged_into, room.refusals) == (mine, [])
        room.gives(room.there(room.bob, Kind.PRESS, presses.PartOwn.name, f"{also}.{mine}"))
        assert room.refusals == ["unmerge"]  # whoever joined them parts them
        room.gives(room.there(room.ann, Kind.PRESS, presses.PartOwn.name, f"{also}.{mine}"))
        assert room.tx.tickets.get(also).merged_into is None

    await database.run(played(story))


async def test_what_is_said_in_the_topic_of_what_was_taken_back_is_another_matter(database):
    """A topic goes on with the request that was opened there last, unless its author says that it was none."""

    def story(room: Room) -> None:
        room.gives(room.there(room.ann, Kind.TEXT, text="The lamp is broken", thread="7"))
        room.gives(room.there(room.zoe, Kind.TEXT, text="It is broken for me too", thread="7"))
        (mine,) = room.of(room.ann)
        assert room.of(room.zoe) == []
        room.gives(room.there(room.ann, Kind.PRESS, "not_request", str(mine.id)))
        room.gives(room.there(room.zoe, Kind.TEXT, text="The printer jams", thread="7"))
        assert not room.tx.tickets.get(mine.id).active
        assert [each.summary for each in room.of(room.zoe)] == ["The printer jams"]

    await database.run(played(story))


def above(who: Person, words: str, at: Any, native: str = "900") -> Among:
    """Return a mention under somebody's message."""
    told = {"text": words, "spans": []}
    return Among(mentioned=True, above=Above(native, who.native, who.shown_name, who.username, "en", told, at=at))


async def test_who_was_erased_is_not_brought_back_by_a_mention_under_their_old_words(database):
    def story(room: Room) -> None:
        said = room.at
        room.tx.erasure.begin(room.ann.id, room.at + timedelta(hours=1))
        room.at += timedelta(hours=2)
        before = len(room.numbers())
        named = above(room.ann, "My password is wombat", said)
        room.gives(room.there(room.zoe, Kind.TEXT, text="look at this please", among=named, reply_to="900"))
        assert room.tx.people.find(SOURCE, room.ann.native) is None
        assert [each.summary for each in room.of(room.zoe)] == ["look at this please"]
        assert len(room.numbers()) == before + 1

    await database.run(played(story))


async def test_who_is_banned_opens_nothing_through_another(database):
    def story(room: Room) -> None:
        room.tx.bans.put(room.ann.id, reason="adverts", until=None, by=room.bob.id, at=room.at)
        named = above(room.ann, "Buy wombats", room.at)
        room.gives(room.there(room.zoe, Kind.TEXT, text="", among=named, reply_to="900"))
        assert room.of(room.ann) == []

    await database.run(played(story))


async def test_a_request_of_whoever_was_erased_is_taken_up_by_nobody(database):
    def story(room: Room) -> None:
        mine = room.opens(room.ann, "The lamp is broken")
        room.delivered()
        turn = room.turn(room.event(room.bob, Kind.TEXT))
        erasing.begin_erase(turn, room.ann.id, by=None)
        erasing.forget_request(turn, room.ann.id, room.tx.tickets.get(mine))
        assert not room.tx.tickets.get(mine).active
        shown = select(post.c.native).where(post.c.ticket_id == mine, post.c.place == f"{SOURCE}:{ROOM}")
        ours = str(room.tx.connection.scalars(shown).first())
        room.gives(room.there(room.zoe, Kind.TEXT, text="It is broken for me too", reply_to=ours))
        assert not room.tx.tickets.get(mine).active
        assert not room.tx.request_channels.takes_part(mine, room.zoe.id)

    await database.run(played(story))
