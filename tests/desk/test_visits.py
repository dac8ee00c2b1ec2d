"""What a guest wrote and was shown, as it is taken back piece by piece: gone wherever it stood, and shown again as it stood."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from handlers.privacy import erasing
from handlers.tickets import corrections, redaction
from handlers.tickets.visits import FORM
from handlers.turns.turn import Turn
from handlers.vocabulary import presses
from handlers.vocabulary.forms import load_form
from handlers.vocabulary.messages import RENDERED_MESSAGE, Chat, Kind
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import Role, StateKind, message, outgoing, post
from storage.people.account_merge import link_people
from storage.transaction import Transaction
from tests.desk.scenes import SOURCE, Scene, document

FILE = "https://files.slack.com/files-pri/T1-F7/download/passport.png"
TWO = (replace(document("passport.png"), ref=FILE), document("tap.png"))


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; what is kept of words asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


class Visited(Scene):
    """Bob has let Petro into Ann's request."""

    def begin(self) -> "Visited":
        """Play it up to there."""
        self.bob, self.ann, self.petro = self.person("Bob", Role.SENIOR), self.person("Ann"), self.person("Petro")
        assert self.registers(self.ann, "The tap in room 3 leaks", contract="C-42") == 1
        self.delivered()
        self.gives(self.in_team(self.bob, Kind.COMMAND, "claim", "1"))
        self.tx.talk.set_native(1, self.channel.id, "1")
        self.gives(self.in_team(self.bob, Kind.COMMAND, "guest", "1 Petro"))
        self.delivered()
        assert not self.refusals, self.refusals
        return self

    def of_ann(self) -> Turn:
        """Return a turn of Ann's."""
        turn = self.turn(self.event(self.ann, Kind.TEXT))
        turn.actor = self.ann
        return turn

    def shows(self) -> None:
        """Let Bob show Petro what was asked."""
        press = presses.ShowGuest(1, self.petro.id).button("Show")
        self.gives(self.in_team(self.bob, Kind.PRESS, press.name, press.value))

    def written(self, text: str) -> tuple[int, str]:
        """Return what Ann has written, as which message it is kept, and its native id."""
        [kept] = [said.id for said, _ in self.tx.talk.of(1) if said.words["text"] == text]
        native = select(post.c.native).where(post.c.message_id == kept, post.c.outgoing_id.is_(None))
        return kept, str(self.tx.connection.scalars(native).one())

    def read_by_guest(self) -> str:
        """Return all that stands in Petro's own chat now."""
        lane, stands = Chat(self.petro.source, self.petro.home).lane, dict[int, str]()
        rows = select(outgoing).where(outgoing.c.lane == lane, outgoing.c.state != "dropped").order_by(outgoing.c.id)
        for row in self.tx.connection.execute(rows).all():
            drawn = RENDERED_MESSAGE.validate_json(row.payload or "{}")
            stands[row.edits or row.id] = "" if row.operation == "delete" else drawn.words.text
        return "\n".join(text for text in stands.values() if text)

    @property
    def thread(self) -> str:
        """Return the lane of the request's thread."""
        return f"{SOURCE}:#1/{self.channel.id}"


def played(story: Callable[[Visited], None]) -> Callable[[Any], None]:
    """Return a story as work for a database."""
    return lambda connection: story(Visited(Transaction(connection)).begin())


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("there", [True, False])
async def test_a_guest_takes_a_file_away_and_the_words_stay_as_they_stood(database, sent, there):
    def story(scene: Visited) -> None:
        files = (replace(document("passport.png"), ref=FILE), document("seal.png"))
        scene.gives(scene.event(scene.petro, Kind.TEXT, text="The seal looks so", files=files))
        [kept] = scene.tx.talk.holding("F7")
        if sent:
            scene.delivered()
        if not there:
            scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "guest", "1 off Petro"))
        last = scene.last()
        scene.gives(scene.event(scene.petro, Kind.DELETE, gone=("F7",), message="", chat="", sender=None))
        assert scene.refusals == []
        now = scene.tx.talk.get(kept.id)
        assert now is not None
        assert [file["name"] for file in now.files] == ["seal.png"]
        shown = scene.promised(scene.thread, after=last)
        assert ("delete" in [operation for _, operation, _ in shown]) == sent
        [anew] = [
            drawn for _, operation, drawn in shown if operation == "send" and "The seal looks so" in drawn.words.text
        ]
        assert [file.name for file in anew.files] == ["seal.png"]
        assert "Petro (guest)" in anew.words.text
        assert "Pass on to Ann" in [key.label for row in anew.keys for key in row]
        assert [drawn for _, _, drawn in shown if "took a file" in drawn.words.text]
        waiting = select(outgoing.c.payload).where(outgoing.c.done_at.is_(None))
        assert not [payload for payload in scene.tx.connection.scalars(waiting) if "passport" in payload]

    await database.run(played(story))


ASKED, MORE, CONTRACT = "The tap in room 3 leaks", "The door code is 4455", "C-42"


def deleted(scene: Visited) -> None:
    """Ann takes back what she has written."""
    for text in (ASKED, MORE):
        scene.gives(scene.event(scene.ann, Kind.DELETE, message=scene.written(text)[1]))


def edited(scene: Visited) -> None:
    """Ann changes what she has written."""
    for text in (ASKED, MORE):
        scene.gives(scene.event(scene.ann, Kind.EDIT, message=scene.written(text)[1], text="It is mended"))


def taken_back(scene: Visited) -> None:
    """Ann takes back an answer of the form."""
    redaction.forget_answer(scene.of_ann(), 1, "contract")


def corrected(scene: Visited) -> None:
    """Ann corrects an answer of the form."""
    ticket = scene.tx.tickets.get(1)
    field = load_form(scene.tx.requests.form(ticket.form_id)).field("contract")
    assert field is not None
    corrections.change_details(scene.of_ann(), ticket, [(field, "C-99")])


def blacked_out(scene: Visited) -> None:
    """Bob blacks out what nobody should read."""
    for part in ("room 3", "4455", CONTRACT):
        scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "redact", part, thread="1"))


def erased(scene: Visited) -> None:
    """Ann is erased, her request and her words."""
    turn, sought = scene.of_ann(), scene.tx.erasure.begin(scene.ann.id, scene.at)
    erasing.forget_request(turn, scene.ann.id, scene.tx.tickets.get(1))
    for text in (ASKED, MORE):
        said = scene.tx.talk.get(scene.written(text)[0])
        assert said is not None
        erasing.forget_message(turn, said, sought)


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (deleted, (ASKED, MORE)),
        (edited, (ASKED, MORE)),
        (taken_back, (CONTRACT,)),
        (corrected, (CONTRACT,)),
        (blacked_out, ("room 3", "4455", CONTRACT)),
        (erased, (ASKED, MORE, CONTRACT)),
    ],
)
async def test_what_its_requester_takes_back_or_changes_reaches_what_a_guest_was_shown(
    database, change, gone, there, sent
):
    def story(scene: Visited) -> None:
        scene.gives(scene.event(scene.ann, Kind.TEXT, text=MORE))
        scene.shows()
        assert all(part in scene.read_by_guest() for part in (ASKED, MORE, CONTRACT))
        if sent:
            scene.delivered()
        if not there:
            scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "guest", "1 off Petro"))
        change(scene)
        assert scene.refusals == []
        said = scene.read_by_guest()
        theirs = [part for part in gone if part in said]
        assert theirs in ([], [MORE] if change is edited and not there else [])
        assert "Ann" not in said
        fresh = [part for part in ("It is mended", "C-99", "\u2588") if part in said]
        assert bool(fresh) == there or change not in (edited, corrected), "who is a guest no more reads nothing new"

    await database.run(played(story))


@pytest.mark.parametrize("there", [True, False])
async def test_a_file_that_its_requester_takes_away_goes_from_what_a_guest_was_shown(database, there):
    def story(scene: Visited) -> None:
        scene.gives(scene.event(scene.ann, Kind.TEXT, text="It looks so", files=TWO))
        scene.shows()
        scene.delivered()
        if not there:
            scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "guest", "1 off Petro"))
        last = scene.last()
        scene.gives(scene.event(scene.ann, Kind.DELETE, gone=("F7",), message="", chat="", sender=None))
        shown = scene.promised(Chat(scene.petro.source, scene.petro.home).lane, after=last)
        assert "delete" in [operation for _, operation, _ in shown]
        anew = [drawn for _, operation, drawn in shown if operation == "send"]
        told = [(drawn.words.text, [file.name for file in drawn.files]) for drawn in anew]
        assert told == ([("What was asked · #1\nIt looks so", ["tap.png"])] if there else [])

    await database.run(played(story))


@pytest.mark.parametrize("later", [True, False])
async def test_what_was_asked_is_shown_once(database, later):
    def story(scene: Visited) -> None:
        [(kept, _)] = [scene.written(ASKED)]
        scene.tx.connection.execute(delete(message).where(message.c.id == kept))  # asked in a form alone
        for _ in range(2):
            scene.shows()
            scene.delivered()
        assert scene.read_by_guest().count(CONTRACT) == 1
        assert scene.refusals == ["guest_read"]
        if later:
            scene.tx.connection.execute(delete(outgoing).where(outgoing.c.fold.startswith(FORM)))  # a month is over
            scene.shows()
            assert scene.refusals == ["guest_read", "guest_read"]
            return
        scene.gives(scene.event(scene.ann, Kind.TEXT, text=MORE))
        scene.shows()
        assert scene.read_by_guest().count(MORE) == 1
        assert scene.read_by_guest().count(CONTRACT) == 1
        scene.delivered()
        scene.tx.connection.execute(delete(outgoing).where(outgoing.c.fold.startswith(FORM)))  # a month is over
        scene.gives(scene.event(scene.ann, Kind.TEXT, text="It drips again"))
        scene.shows()
        assert "It drips again" in scene.read_by_guest()
        assert CONTRACT not in scene.read_by_guest()

    await database.run(played(story))


async def test_who_was_a_guest_and_asks_for_the_same_now_reads_replies_as_a_requester_and_nothing_else(database):
    def story(scene: Visited) -> None:
        scene.shows()
        tells = scene.in_team(scene.bob, Kind.COMMAND, "guest", "1 Petro Bring the old key")
        scene.gives(tells)
        scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "guest", "1 off Petro"))
        scene.delivered()
        assert scene.registers(scene.petro, "My tap leaks, too") == 2
        scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "merge", "2 1"))
        asked = scene.tx.states.get(scene.bob.id, StateKind.PROPOSAL, scene.at)
        scene.gives(scene.in_team(scene.bob, Kind.PRESS, presses.Apply.name, str(asked["token"])))
        scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "r", "1 The code is 4455, the old one", files=TWO))
        scene.delivered()
        assert "The code is 4455" in scene.read_by_guest()
        for part in ("4455", "room 3", "key"):
            scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "redact", part, thread="1"))
        assert scene.refusals == []
        assert "Bob\nThe code is ████, the old one" in scene.read_by_guest()
        assert not [part for part in ("What was asked", "Bring the old", "Ann") if part in scene.read_by_guest()]
        scene.gives(scene.event(scene.bob, Kind.DELETE, gone=("F7",), message="", chat="", sender=None))
        assert scene.refusals == []
        lane = Chat(scene.petro.source, scene.petro.home).lane
        told = [
            [file.name for file in drawn.files] for _, _, drawn in scene.promised(lane) if "████" in drawn.words.text
        ]
        assert told[-1] == ["tap.png"]

    await database.run(played(story))


@pytest.mark.parametrize("sent", [True, False])
async def test_what_an_agent_changes_reaches_a_guest_on_the_account_that_reads_it_with_its_files(database, sent):
    def story(scene: Visited) -> None:
        tells = scene.in_team(scene.bob, Kind.COMMAND, "guest", "1 Petro The key is here", files=(document("map.png"),))
        scene.gives(tells)
        if sent:
            scene.delivered()
        scene.tx.people.link(keep=scene.person("Petro's other account").id, gone=scene.petro.id)
        last = scene.last()
        says = {"name": "guest", "message": tells.message, "text": "1 Petro The key is with Bob"}
        scene.gives(scene.in_team(scene.bob, Kind.EDIT, **says))
        assert scene.refusals == []
        lane = Chat(scene.petro.source, scene.petro.home).lane
        [now] = [
            drawn for _, _, drawn in scene.promised(lane, after=last if sent else 0) if "The key" in drawn.words.text
        ]
        assert (now.words.text, [file.name for file in now.files]) == ("Bob · #1\nThe key is with Bob", ["map.png"])

    await database.run(played(story))


async def test_a_slip_is_undone_though_a_guest_and_its_agent_have_become_one_with_others_meanwhile(database):
    """They have other numbers now, under which they are what they were."""

    def story(scene: Visited) -> None:
        eve, other = scene.person("Eve", Role.SENIOR), scene.person("Evelyn", Role.SENIOR)
        scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "assign", "1 Eve"))
        scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "close", "1"))
        petra = scene.person("Petra")
        link_people(scene.tx.connection, keep=petra.id, gone=scene.petro.id)
        link_people(scene.tx.connection, keep=other.id, gone=eve.id)
        scene.at -= timedelta(seconds=20)  # it is a slip for half a minute
        scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "reopen", "1"))
        assert scene.refusals == []
        assert scene.tx.tickets.get(1).agent_id == other.id
        assert list(scene.tx.guests.of(1)) == [petra.id]

    await database.run(played(story))
