"""A requester's own part in what goes on for several: it ends, is confirmed and taken up again for them alone."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import select

from bot.deferred.stories import read_story
from handlers.rules import Rules
from handlers.tickets.readable import readable_entries, readable_ticket
from handlers.vocabulary import presses
from handlers.vocabulary.deferred import FILES
from handlers.vocabulary.messages import Kind
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.lifecycle import StatusKind
from storage.models import Role, StateKind, carried, message, outgoing
from storage.people.people import Person
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.desk.scenes import SOURCE, Scene


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; whose part ends asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


class Shared(Scene):
    """Requests of Ann (#1), Zoe (#2) and Max (#3), all claimed by Bob, a senior agent."""

    def begin(self) -> "Shared":
        """Register them."""
        self.bob = self.person("Bob", Role.SENIOR)
        self.ann, self.zoe, self.max = (self.person(name) for name in ("Ann", "Zoe", "Max"))
        for number, who in enumerate((self.ann, self.zoe, self.max), 1):
            assert self.registers(who, f"The Wi-Fi is down for {who.name}") == number
            self.tx.talk.set_native(number, self.channel.id, str(number))
            self.does("claim", str(number))
        self.delivered()
        return self

    def does(self, command: str, value: str) -> None:
        """Let Bob do something in the team channel, and say yes where he is asked."""
        self.gives(self.in_team(self.bob, Kind.COMMAND, command, value))
        if asked := self.tx.states.get(self.bob.id, StateKind.PROPOSAL, self.at):
            self.gives(self.in_team(self.bob, Kind.PRESS, presses.Apply.name, str(asked["token"])))
        if command == "resolve" and self.tx.tickets.get(int(value)).kind is StatusKind.OPEN:  # nobody has answered
            self.gives(self.in_team(self.bob, Kind.PRESS, presses.ResolveNow.name, value))

    def replies(self, number: int, words: str) -> None:
        """Let Bob answer in a ticket's thread."""
        self.gives(self.in_team(self.bob, Kind.COMMAND, "r", words, thread=str(number)))

    def presses(self, who: Person, name: str, value: str) -> str:
        """Let somebody press a button in their chat; return what they read then, in passing too."""
        last = self.last()
        turn = self.gives(self.event(who, Kind.PRESS, name, value))
        return "\n".join((self.reads(who, last), *(toast.text for toast in turn.toasts)))

    def reads(self, who: Person, after: int) -> str:
        """Return what somebody was told behind a promise."""
        return "\n".join(drawn.words.text for _, _, drawn in self.promised(f"{SOURCE}:{who.chat}", after=after))

    def button(self, who: Person, name: str) -> str:
        """Return what the latest button of this name in somebody's chat carries."""
        found = [
            key.value
            for _, _, drawn in self.promised(f"{SOURCE}:{who.chat}")
            for row in drawn.keys
            for key in row
            if key.name == name
        ]
        return found[-1]

    def kind(self, number: int) -> StatusKind:
        """Return where a request stands for whoever registered it."""
        return readable_ticket(self.turn(self.event(self.ann, Kind.TEXT)), self.tx.tickets.get(number)).kind

    def whole(self, number: int) -> StatusKind:
        """Return where a ticket itself stands."""
        return self.tx.tickets.get(number).kind


def played(story: Callable[[Shared], None]) -> Callable[[Any], None]:
    """Return a story as work for a database."""
    return lambda connection: story(Shared(Transaction(connection)).begin())


async def test_withdrawing_ends_ones_own_part_and_the_last_one_ends_the_whole(database):
    def story(scene: Shared) -> None:
        scene.does("merge", "2 1")
        last = scene.last()
        assert "closed as you asked" in scene.presses(scene.zoe, "withdraw", "2")
        assert (scene.kind(2), scene.kind(1), scene.whole(1)) == ("closed", "open", "open")
        assert scene.reads(scene.ann, last) == ""
        assert "needs #2 no more" in "".join(
            drawn.words.text for _, _, drawn in scene.promised(f"{SOURCE}:#1/{scene.channel.id}", after=last)
        )
        scene.replies(1, "It works again")
        assert "It works again" in scene.reads(scene.ann, last)
        assert "It works again" not in scene.reads(scene.zoe, last)
        assert "closed as you asked" in scene.presses(scene.ann, "withdraw", "1")
        assert (scene.kind(1), scene.whole(1)) == ("closed", "closed")

    await database.run(played(story))


async def test_who_registered_what_goes_on_ends_their_part_alone_too(database):
    def story(scene: Shared) -> None:
        scene.does("merge", "2 1")
        last = scene.last()
        scene.presses(scene.ann, "withdraw", "1")
        assert (scene.kind(1), scene.kind(2), scene.whole(1)) == ("closed", "open", "open")
        assert scene.reads(scene.zoe, last) == ""
        scene.replies(1, "A new router is there")
        assert "A new router" not in scene.reads(scene.ann, last)
        assert "A new router" in scene.reads(scene.zoe, last)

    await database.run(played(story))


async def test_a_yes_counts_for_the_resolution_it_was_asked_about(database):
    def story(scene: Shared) -> None:
        scene.does("resolve", "1")
        old = scene.button(scene.ann, "confirm")
        scene.does("reopen", "1")
        assert "That question is over" in scene.presses(scene.ann, "confirm", old)
        assert scene.whole(1) == "open"
        scene.does("resolve", "1")
        now = scene.button(scene.ann, "confirm")
        assert now != old
        for early in (old, "1"):  # a button sent before they carried which
            assert "is it solved for you?" in scene.presses(scene.ann, "confirm", early)
            assert scene.whole(1) == "resolved"
            assert scene.button(scene.ann, "confirm") == now
        assert "Thank you" in scene.presses(scene.ann, "confirm", now)
        assert scene.whole(1) == "closed"
        assert "That question is over" in scene.presses(scene.ann, "confirm", now)

    await database.run(played(story))


async def test_an_old_yes_closes_nothing_that_goes_on_elsewhere_since(database):
    def story(scene: Shared) -> None:
        scene.does("merge", "2 1")
        scene.does("resolve", "1")
        old = scene.button(scene.zoe, "confirm")
        scene.does("reopen", "1")
        scene.does("merge", "1 3")
        last = scene.last()
        scene.presses(scene.zoe, "confirm", old)
        assert [scene.kind(number) for number in (1, 2, 3)] == ["open"] * 3
        assert (scene.reads(scene.max, last), scene.reads(scene.ann, last)) == ("", "")

    await database.run(played(story))


async def test_of_two_who_are_asked_each_answers_for_themselves(database):
    def story(scene: Shared) -> None:
        scene.does("merge", "2 1")
        scene.does("resolve", "1")
        last = scene.last()
        scene.presses(scene.ann, "confirm", scene.button(scene.ann, "confirm"))
        assert (scene.kind(1), scene.kind(2), scene.whole(1)) == ("closed", "resolved", "resolved")
        scene.presses(scene.ann, "rate", "1.5")
        assert "is open again" in scene.presses(scene.zoe, "again", "2")
        assert (scene.kind(1), scene.kind(2), scene.whole(1)) == ("closed", "open", "open")
        assert "taken" not in scene.reads(scene.ann, last)
        scene.does("resolve", "1")
        scene.presses(scene.zoe, "confirm", scene.button(scene.zoe, "confirm"))
        scene.presses(scene.zoe, "rate", "2.1")
        assert [scene.tx.tickets.get(number).rating for number in (1, 2)] == [5, 1]
        assert scene.whole(1) == "closed"

    await database.run(played(story))


async def test_who_ended_their_part_may_take_it_up_again_alone(database):
    def story(scene: Shared) -> None:
        scene.does("merge", "2 1")
        scene.presses(scene.zoe, "withdraw", "2")
        last = scene.last()
        assert "open: just write" in scene.presses(scene.ann, "again", "1")
        assert "is open again" in scene.presses(scene.zoe, "again", "2")
        assert (scene.kind(2), scene.whole(1)) == ("open", "open")
        scene.replies(1, "Good to have you back")
        assert "Good to have you back" in scene.reads(scene.zoe, last)
        scene.presses(scene.zoe, "withdraw", "2")
        scene.presses(scene.ann, "withdraw", "1")
        scene.presses(scene.zoe, "again", "2")
        assert (scene.kind(1), scene.kind(2), scene.whole(1)) == ("closed", "open", "open")

    await database.run(played(story))


async def test_what_the_team_takes_up_again_goes_on_for_all_where_nobody_needed_it_any_more(database):
    def story(scene: Shared) -> None:
        scene.does("merge", "2 1")
        scene.presses(scene.zoe, "withdraw", "2")
        scene.presses(scene.ann, "withdraw", "1")
        last = scene.last()
        scene.does("reopen", "1")
        assert [scene.kind(number) for number in (1, 2)] == ["open", "open"]
        for who in (scene.ann, scene.zoe):
            assert "taken" in scene.reads(who, last)
        scene.presses(scene.zoe, "withdraw", "2")
        scene.does("close", "1")
        scene.does("reopen", "1")  # one still needed it: it goes on for that one
        assert [scene.kind(number) for number in (1, 2)] == ["open", "closed"]

    await database.run(played(story))


async def test_the_history_keeps_what_each_was_told_over_two_merges(database):
    def story(scene: Shared) -> None:
        scene.replies(2, "to Zoe alone")
        scene.does("merge", "2 1")
        scene.replies(1, "to Ann and Zoe")
        scene.does("merge", "1 3")
        scene.replies(3, "to all three")
        scene.presses(scene.zoe, "withdraw", "2")
        scene.replies(3, "after Zoe left")
        told = {
            number: [
                words["text"]
                for (words,) in scene.tx.connection.execute(
                    select(message.c.words)
                    .join(carried, carried.c.message_id == message.c.id)
                    .where(carried.c.ticket_id == number)
                    .order_by(message.c.id)
                )
            ]
            for number in (1, 2, 3)
        }
        assert told == {
            1: ["to Ann and Zoe", "to all three", "after Zoe left"],
            2: ["to Zoe alone", "to Ann and Zoe", "to all three"],
            3: ["to all three", "after Zoe left"],
        }
        for number, who in ((1, scene.ann), (2, scene.zoe), (3, scene.max)):
            last = scene.last()
            scene.gives(scene.event(who, Kind.COMMAND, "history", str(number)))
            lane = f"{SOURCE}:{who.chat}{FILES}"
            [args] = [file.facts["args"] for _, _, drawn in scene.promised(lane, after=last) for file in drawn.files]
            page = read_story(scene.tx.connection, MONDAY, Rules(), args)()
            for words in {each for every in told.values() for each in every}:
                assert (words in page) == (words in told[number]), (number, words)
            assert f"for {who.name}" in page

    await database.run(played(story))


async def test_the_history_has_what_was_done_since_each_came_and_names_no_other_requester(database):
    def story(scene: Shared) -> None:
        def done(number: int) -> list[str]:
            turn = scene.turn(scene.event(scene.bob, Kind.TEXT))
            return [f"{one.action} {one.name}" for one in readable_entries(turn, scene.tx.tickets.get(number))]

        scene.does("resolve", "1")
        scene.presses(scene.ann, "again", "1")
        scene.does("merge", "2 1")
        scene.does("priority", "1 high")  # the team's own
        scene.presses(scene.ann, "withdraw", "1")
        scene.presses(scene.ann, "again", "1")
        scene.does("resolve", "1")
        scene.presses(scene.zoe, "again", "2")
        mine = ["resolve Bob", "reopen Ann", "leave Ann", "rejoin Ann"]
        assert done(1) == ["register Ann", "claim Bob", *mine, "resolve Bob", "reopen None"]
        assert done(2) == ["register Zoe", "claim Bob", "merge Bob", "resolve Bob", "reopen Zoe"]

    await database.run(played(story))


async def test_the_own_two_requests_of_one_are_ended_and_taken_up_together(database):
    def story(scene: Shared) -> None:
        made = scene.registers(scene.ann, "No internet either")
        scene.does("merge", f"{made} 1")
        scene.presses(scene.ann, "withdraw", str(made))
        assert (scene.whole(1), scene.tx.tickets.get(1).ended_at) == ("closed", None)
        assert "open again" in scene.presses(scene.ann, "again", str(made))
        assert scene.whole(1) == "open"

    await database.run(played(story))


async def test_the_cards_say_who_needs_it_no_more(database):
    def story(scene: Shared) -> None:
        scene.does("merge", "2 1")
        scene.presses(scene.zoe, "withdraw", "2")
        cards = scene.tx.connection.scalars(
            select(outgoing.c.payload).where(outgoing.c.ticket_id == 1).order_by(outgoing.c.id)
        ).all()
        assert any("needed no more by #2 Zoe" in payload for payload in cards)

    await database.run(played(story))
