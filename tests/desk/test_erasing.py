"""An erase takes out of what waits for others who was erased, and no word that somebody else wrote to somebody else."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from handlers.care import telling
from handlers.privacy import erasing
from handlers.rules import Rules
from handlers.rules.groups import Group
from handlers.tickets import cards
from handlers.vocabulary.deeds import Deed
from handlers.vocabulary.messages import Kind
from handlers.vocabulary.timers import EraseStep
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import Role, Sending, audit, entry, outgoing
from storage.people.people import Person
from storage.retention.erasure import CHUNK
from storage.tickets.messages import TicketThread
from storage.transaction import Transaction
from tests.desk.scenes import SOURCE, Scene


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; what waits asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


class Erasing(Scene):
    """Requests of Zoe (#1), and of somebody who is erased (#2); Bob has both, and nothing that was promised is sent."""

    def begin(self, name: str) -> "Erasing":
        """Register them."""
        self.bob = self.person("Bob", Role.SENIOR)
        self.zoe = self.person("Zoe")
        self.gone = self.person(name)
        for number, who in enumerate((self.zoe, self.gone), 1):
            assert self.registers(who, "The Wi-Fi is down") == number
            self.tx.talk.set_native(number, self.channel.id, str(number))
            self.gives(self.in_team(self.bob, Kind.COMMAND, "claim", str(number)))
        return self

    def erased(self) -> None:
        """Erase them as the desk does, step by step."""
        turn = self.turn(self.event(self.bob, Kind.TEXT))
        erasing.begin_erase(turn, self.gone.id, by=None)
        step: Any = (erasing.REQUESTS, 0, None, 0)
        while step is not None:
            phase, behind, *_ = step
            step = erasing.next_step(turn, EraseStep(self.gone.id, phase, behind, tries=erasing.PATIENCE))

    def waits_for(self, who: Person) -> str:
        """Return what waits to be sent to somebody."""
        return "\n".join(drawn.words.text for _, _, drawn in self.promised(f"{SOURCE}:{who.chat}"))

    def waiting(self) -> str:
        """Return all that waits to be sent to anybody, as it is stored."""
        rows = self.tx.connection.scalars(select(outgoing.c.payload).where(outgoing.c.done_at.is_(None))).all()
        return "\n".join(rows)


def played(story: Callable[[Erasing], None], name: str) -> Callable[[Any], None]:
    """Return a story as work for a database."""
    return lambda connection: story(Erasing(Transaction(connection)).begin(name))


async def test_a_reply_to_somebody_else_keeps_its_words_whatever_the_erased_were_called(database):
    """Anybody can call themselves by a word that everybody uses."""

    def story(scene: Erasing) -> None:
        scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "r", "May I call you at nine?", thread="1"))
        assert "May I call you" in scene.waits_for(scene.zoe)
        scene.erased()
        assert "May I call you" in scene.waits_for(scene.zoe)

    await database.run(played(story, "May"))


@pytest.mark.parametrize("name", ["Wombat", 'Ann "Wombat" O\\Neil', "Вомбат"])
async def test_what_the_desk_was_about_to_say_of_them_names_them_no_more(database, name):
    def story(scene: Erasing) -> None:
        scene.gives(scene.event(scene.bob, Kind.COMMAND, "queue", "mine"))
        scene.gives(scene.event(scene.bob, Kind.COMMAND, "find", "Wi-Fi"))
        scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "card", "2", thread="2"))
        assert name[-4:] in scene.waiting()
        scene.erased()
        assert "ombat" not in scene.waiting()
        assert "омбат" not in scene.waiting()

    await database.run(played(story, name))


async def test_however_much_waits_a_step_looks_at_no_more_than_it_may(database):
    def story(scene: Erasing) -> None:
        rows = [
            {"lane": f"{SOURCE}:{number}", "operation": "send", "payload": '{"words":{"text":"hello"}}', "state": Sending.QUEUED,
             "ready_at": scene.at, "created_at": scene.at}
            for number in range(3 * CHUNK)
        ]  # fmt: skip
        scene.tx.connection.execute(insert(outgoing), rows)
        erasure = scene.tx.erasure
        sought = erasure.begin(scene.gone.id, scene.at)
        after: int | None = 0
        looked = 0
        while after is not None:
            named, after = erasure.naming(scene.gone.id, sought, after)
            looked += 1
            assert len(named) <= CHUNK
        assert looked > (scene.tx.connection.scalar(select(func.count()).select_from(outgoing)) or 0) // CHUNK

    await database.run(played(story, "Wombat"))


async def test_a_thread_where_a_request_stood_before_is_renamed_too(database):
    """Its group got a channel of its own meanwhile: the closed topic in the first one bears the name as well."""

    def story(scene: Erasing) -> None:
        first = scene.channel
        scene.tx.talk.keep_thread(TicketThread(2, first.id, "7", "#2 Wombat · The Wi-Fi is down", "open", open=True))
        own = scene.tx.channels.ensure(SOURCE, "-200", language="en", threads=True)
        scene.rules = Rules(groups={"net": Group("net", {"en": "Net"}, channels=(own.word,))})
        scene.tx.tickets.change(scene.tx.tickets.get(2), at=scene.at, group_name="net")
        turn = scene.turn(scene.event(scene.bob, Kind.TEXT))
        cards.refresh_cards(turn, scene.tx.tickets.get(2))
        last = scene.last()
        scene.erased()
        left = scene.tx.talk.thread(2, first.id)
        assert left is not None
        assert "Wombat" not in left.title
        assert "thread" in [operation for _, operation, _ in scene.promised(f"{SOURCE}:#2/{first.id}", after=last)]

    await database.run(played(story, "Wombat"))


async def test_who_told_many_is_not_told_of_it_any_more(database):
    """How far it is was shown in their own chat: nobody has that any more, and it goes on."""

    def story(scene: Erasing) -> None:
        announcements = scene.tx.announcements
        place = {"lane": f"{SOURCE}:{scene.gone.chat}", "language": "en", "zone": "UTC"}
        values = {"words": {"en": {"text": "Hello", "spans": []}}, "files": [], "segment": {"to": "everybody"}}
        number = announcements.add(
            by_id=scene.gone.id, stage="sending", place=place, created_at=scene.at, keywords="", **values
        )
        scene.erased()
        one = announcements.get(number)
        assert one is not None
        assert one.place == {}
        last = scene.last()
        telling.show_announcement_card(scene.turn(scene.event(scene.bob, Kind.TEXT)), one)
        assert scene.last() == last

    await database.run(played(story, "Wombat"))


async def test_of_what_was_done_numbers_stay_and_words_go(database):
    """Of what was done to their request, by whomever, and of what they did themselves."""
    left = {"count": 3, "priority": "urgent", "open": True, "ids": [1, 2], "none": ""}
    words = {"why": "Zoe's screen", "asked": {"of": ["the Wi-Fi", 5]}, "places": ["hall"]}

    def story(scene: Erasing) -> None:
        connection = scene.tx.connection
        connection.execute(update(entry).values(facts={**left, **words}))
        for who in (scene.bob, scene.gone):
            scene.tx.records.audit(Deed.RULES_CHANGED, scene.at, person=who.id, facts={**left, **words})
        before = connection.scalar(select(func.max(entry.c.id)))
        scene.erased()
        of_requests = connection.execute(select(entry.c.ticket_id, entry.c.facts).where(entry.c.id <= before)).all()
        assert {row.ticket_id for row in of_requests} == {1, 2}
        for number, facts in of_requests:
            assert facts == (left if number == 2 else {**left, **words})
        done = select(audit.c.person_id, audit.c.facts).where(audit.c.act == Deed.RULES_CHANGED)
        assert dict(connection.execute(done).all()) == {scene.bob.id: {**left, **words}, scene.gone.id: left}

    await database.run(played(story, "Wombat"))
