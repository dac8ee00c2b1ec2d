"""What somebody deletes is gone: from all that was kept of it, from all that shows it, and from what is drawn afterwards."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.slack import events
from handlers.vocabulary.messages import Event, Kind
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import MessageKind, Role, metadata, old_words, outgoing, post, verdict
from storage.people.people import Person
from storage.transaction import Transaction
from tests.desk.scenes import SOURCE, Scene, document

SECRET = "hunter2canary"
ASKED = f"I cannot log in with {SECRET}"
RETAINED = ("inbox",)  # handled events are emptied by retention, after 48 hours


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; what is kept of words asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


class Telling(Scene):
    """Ann has asked a question that holds a password, and it has become her request #1, which Bob has."""

    native = ""

    def begin(self) -> "Telling":
        """Play it up to there."""
        self.bob, self.eve = (self.person(name, Role.SENIOR) for name in ("Bob", "Eve"))
        self.ann = self.person("Ann")
        asks = self.event(self.ann, Kind.TEXT, text=ASKED, files=(document(f"{SECRET}.png"),))
        self.native = asks.message
        self.gives(asks)
        [kept] = self.tx.connection.scalars(select(verdict.c.id)).all()
        number = self.registers(self.ann, ASKED, contract="42", file=f"{SECRET}.png")
        assert number == 1
        # The words of the request are those of the question.
        mine = post.c.place == f"{SOURCE}:{self.ann.chat}"
        self.tx.connection.execute(update(post).where(mine, post.c.message_id.is_not(None)).values(native=self.native))
        self.tx.records.outcome(kept, "handoff", number)
        self.delivered()
        self.gives(self.in_team(self.eve, Kind.COMMAND, "watch", "1"))
        self.gives(self.in_team(self.bob, Kind.COMMAND, "claim", "1"))
        self.tx.talk.set_native(1, self.channel.id, "1")
        return self

    def deletes(self, who: Person, native: str, chat: str = "") -> None:
        """Let somebody delete a message of theirs."""
        self.gives(self.event(who, Kind.DELETE, message=native, chat=chat or who.chat))

    def says(self, who: Person, text: str) -> str:
        """Let somebody write; return the native id of their message."""
        event = self.event(who, Kind.TEXT, text=text)
        self.gives(event)
        return event.message

    def kept(self) -> list[str]:
        """Return where the secret stands in the database."""
        found = []
        for table in metadata.sorted_tables:
            if table.name not in RETAINED:
                rows = self.tx.connection.execute(select(table)).all()
                found += [f"{table.name}: {row}" for row in rows if SECRET in repr(tuple(row))]
        return found

    def drawn(self) -> str:
        """Draw all that shows the request: cards, history, lists, front pages; return what they say."""
        last = self.last()
        for who in (self.bob, self.ann):
            for command in ("history 1", "status 1", "my"):
                name, _, value = command.partition(" ")
                self.gives(self.event(who, Kind.COMMAND, name, value))
            self.gives(self.event(who, Kind.HOME))
        for command in ("card 1", "queue", "mine", "find login", "history 1"):
            name, _, value = command.partition(" ")
            self.gives(self.in_team(self.bob, Kind.COMMAND, name, value))
        rows = self.tx.connection.scalars(select(outgoing.c.payload).where(outgoing.c.id > last)).all()
        return "\n".join(rows)


def played(story: Callable[[Telling], None]) -> Callable[[Any], None]:
    """Return a story as work for a database."""
    return lambda connection: story(Telling(Transaction(connection)).begin())


@pytest.mark.parametrize("sent", [True, False])
async def test_a_question_with_a_password_leaves_nothing(database, sent):
    def story(scene: Telling) -> None:
        if sent:
            scene.delivered()
        assert len(scene.kept()) > 5
        scene.deletes(scene.ann, scene.native)
        assert scene.kept() == []
        scene.delivered()
        assert SECRET not in scene.drawn()
        assert scene.tx.search.find(SECRET, limit=9) == []
        assert "Words taken back" in scene.tx.talk.thread(1, scene.channel.id).title  # type: ignore[union-attr]

    await database.run(played(story))


async def test_a_follow_up_in_a_post_with_others_is_drawn_out_of_it(database):
    def story(scene: Telling) -> None:
        scene.delivered()
        thread = f"{SOURCE}:#1/{scene.channel.id}"
        natives = [scene.says(scene.ann, text) for text in ("One thing more", f"it is {SECRET}", "and so on")]
        rows = scene.tx.connection.scalars(
            select(outgoing.c.id).where(outgoing.c.lane == thread, outgoing.c.done_at.is_(None))
        ).all()
        scene.delivered()
        together = post.c.outgoing_id.in_(rows)
        scene.tx.connection.execute(update(post).where(together).values(native="777"))
        last = scene.last()
        scene.deletes(scene.ann, natives[1])
        done = [(operation, drawn.words.text) for _, operation, drawn in scene.promised(thread, after=last)]
        [edit] = [text for operation, text in done if operation == "edit" and "One thing more" in text]
        assert "and so on" in edit
        assert SECRET not in "".join(text for _, text in done)
        scene.deletes(scene.ann, natives[0])
        scene.deletes(scene.ann, natives[2])
        assert "delete" in [operation for _, operation, _ in scene.promised(thread, after=last)]
        assert [said.words["text"] for said, _ in scene.tx.talk.of(1)] == [ASKED]

    await database.run(played(story))


async def test_what_waits_to_be_sent_is_not_sent(database):
    def story(scene: Telling) -> None:
        scene.delivered()
        native = scene.says(scene.ann, f"and the other is {SECRET}")
        waiting = select(outgoing.c.payload).where(outgoing.c.done_at.is_(None))
        assert any("and the other" in payload for payload in scene.tx.connection.scalars(waiting).all())
        scene.deletes(scene.ann, native)
        assert not any("and the other" in payload for payload in scene.tx.connection.scalars(waiting).all())

    await database.run(played(story))


async def test_a_former_wording_goes_along(database):
    def story(scene: Telling) -> None:
        scene.delivered()
        native = scene.says(scene.ann, f"{SECRET} is the word")
        scene.delivered()
        scene.gives(scene.event(scene.ann, Kind.EDIT, message=native, text="Never mind the word"))
        scene.delivered()
        assert scene.tx.connection.scalars(select(old_words.c.words)).all()
        scene.deletes(scene.ann, native)
        assert not scene.tx.connection.scalars(select(old_words.c.words)).all()
        assert not any("is the word" in line for line in scene.kept())

    await database.run(played(story))


async def test_an_edit_to_nothing_is_a_deletion(database):
    def story(scene: Telling) -> None:
        scene.delivered()
        scene.gives(scene.event(scene.ann, Kind.EDIT, message=scene.native, text=" "))
        assert scene.kept() == []

    await database.run(played(story))


async def test_a_reply_that_is_taken_back_stands_in_no_other_thread_or_history(database):
    def story(scene: Telling) -> None:
        other = scene.tx.channels.ensure(SOURCE, "-200", language="en", threads=True)
        scene.delivered()
        scene.gives(scene.in_team(scene.bob, Kind.COMMAND, "claim", "1"))
        scene.tx.talk.set_native(1, other.id, "2")
        said = scene.in_team(scene.bob, Kind.COMMAND, "r", "your new one is resetcanary", thread="1")
        scene.gives(said)
        scene.delivered()
        last = scene.last()
        [reply] = [one.id for one, _ in scene.tx.talk.of(1) if one.kind == "reply"]
        scene.gives(scene.in_team(scene.bob, Kind.PRESS, "unsend", str(reply), thread="1"))
        lanes = (f"{SOURCE}:{scene.ann.chat}", f"{SOURCE}:#1/{other.id}")
        for lane in lanes:
            assert "delete" in [operation for _, operation, _ in scene.promised(lane, after=last)], lane
        assert not any("resetcanary" in line for line in map(str, scene.tx.talk.of(1)))
        assert "resetcanary" not in scene.drawn()

    await database.run(played(story))


async def test_words_that_joined_no_request_go_from_what_was_kept_of_them(database):
    def story(scene: Telling) -> None:
        zoe = scene.person("Zoe")
        event = scene.event(zoe, Kind.TEXT, text=f"What is otherword {SECRET}?")
        scene.gives(event)
        verdict_id = scene.tx.connection.scalar(select(verdict.c.id).where(verdict.c.person_id == zoe.id))
        scene.gives(scene.event(zoe, Kind.PRESS, "need", str(verdict_id)))
        scene.delivered()
        scene.deletes(zoe, event.message)
        assert not any("otherword" in line for line in scene.kept() if not line.startswith("outgoing"))

    await database.run(played(story))


async def test_nobody_deletes_what_another_said(database):
    def story(scene: Telling) -> None:
        before = scene.kept()
        scene.deletes(scene.eve, scene.native, chat=scene.ann.chat)
        zoe = scene.person("Zoe")
        scene.gives(scene.event(zoe, Kind.DELETE, message=scene.native, chat=scene.ann.chat))
        assert scene.kept() == before

    await database.run(played(story))


KNOWN = events.SlackContext("slack:T1", "UBOT", "BBOT", "CTEAM")
WAS = {"type": "message", "user": "U1", "ts": "1700000000.000100", "text": "secret", "channel": "D1"}


def heard(**inner: Any) -> Event | None:
    """Return the event of what Slack says of a message."""
    body = {"type": "message", "channel": "D1", "ts": "1700000001.000000", "event_ts": "1700000001.000000", **inner}
    return events.event_from_payload({"event": body, "event_id": "E1"}, KNOWN)


def test_a_stone_and_a_deletion_are_one_event():
    gone = heard(subtype="message_deleted", deleted_ts=WAS["ts"], previous_message=WAS)
    stone = {
        "type": "message",
        "subtype": "tombstone",
        "user": "USLACKBOT",
        "ts": WAS["ts"],
        "text": "This message was deleted.",
    }
    stands = heard(subtype="message_changed", message=stone, previous_message=WAS)
    assert gone is not None
    assert stands is not None
    assert (gone.kind, gone.key, gone.message) == (Kind.DELETE, "m:D1:1700000000.000100:deleted", WAS["ts"])
    assert (stands.kind, stands.key, stands.message, stands.sender) == (gone.kind, gone.key, gone.message, gone.sender)
    assert not stands.words


def test_a_deletion_of_which_slack_says_nothing_but_where_is_one_as_well():
    for channel, chat, private in (("D1", "D1", True), ("CTEAM", "CTEAM", False), ("C7", f"C7/{WAS['ts']}", False)):
        gone = heard(subtype="message_deleted", deleted_ts=WAS["ts"], channel=channel)
        assert gone is not None
        assert (gone.kind, gone.key, gone.message) == (Kind.DELETE, f"m:{channel}:{WAS['ts']}:deleted", WAS["ts"])
        assert (gone.chat, gone.private, gone.sender) == (chat, private, None)
    ours = {**WAS, "user": "UBOT", "bot_id": "BBOT"}
    assert heard(subtype="message_deleted", deleted_ts=WAS["ts"], previous_message=ours) is None


async def test_whose_a_deleted_message_was_the_desk_knows_by_its_place(database):
    def story(scene: Telling) -> None:
        scene.delivered()
        [(native,)] = scene.tx.connection.execute(
            select(post.c.native)
            .where(post.c.place == f"{SOURCE}:{scene.ann.chat}", post.c.outgoing_id.is_not(None))
            .limit(1)
        ).all()
        before = scene.kept()
        scene.gives(scene.event(scene.ann, Kind.DELETE, message=native, sender=None))
        scene.gives(scene.event(scene.ann, Kind.DELETE, message="no such", sender=None))
        scene.gives(scene.event(scene.eve, Kind.DELETE, message=scene.native, sender=None))
        assert scene.kept() == before
        scene.gives(scene.event(scene.ann, Kind.DELETE, message=scene.native, sender=None))
        assert scene.kept() == []

    await database.run(played(story))


async def test_of_the_teams_words_too(database):
    def story(scene: Telling) -> None:
        note = scene.in_team(
            scene.bob, Kind.COMMAND, "note", f"1 it is {SECRET}2", thread="1", text=f"1 it is {SECRET}2"
        )
        scene.gives(note)
        kept = scene.tx.talk.last(1, MessageKind.NOTE)
        assert kept is not None
        scene.gives(scene.in_team(scene.bob, Kind.DELETE, message=note.message, sender=None))
        gone = scene.tx.talk.get(kept.id)
        assert gone is not None
        assert gone.deleted_at is not None

    await database.run(played(story))


STONE = {"id": "F7", "mode": "tombstone"}
FILE = "https://files.slack.com/files-pri/T1-F7/download/passport.png"


def test_a_file_that_is_taken_away_is_a_deletion_of_it_alone():
    stands = {**WAS, "subtype": "file_share", "files": [STONE]}
    was = {**WAS, "files": [{"id": "F7", "mode": "hosted", "url_private": FILE}]}
    gone = heard(subtype="message_changed", message=stands, previous_message=was)
    assert gone is not None
    assert (gone.kind, gone.message, gone.gone, gone.words.text, gone.files) == (
        Kind.DELETE,
        WAS["ts"],
        ("F7",),
        "",
        (),
    )
    again = {**stands, "reply_count": 1, "files": [{"id": "F7", "mode": "hosted", "url_private": FILE}]}
    assert heard(subtype="message_changed", message=again, previous_message=was) is None
    everywhere = heard(type="file_deleted", file_id="F7")
    assert everywhere is not None
    assert (everywhere.kind, everywhere.gone, everywhere.sender) == (Kind.DELETE, ("F7",), None)
    assert heard(type="file_deleted", file_id="%") is None


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("named", [True, False])
async def test_a_file_that_is_taken_away_is_forgotten_and_the_words_stay(database, sent, named):
    def story(scene: Telling) -> None:
        scene.delivered()
        files = [replace(document("passport.png"), ref=FILE), document("other.png")]
        says = scene.event(scene.ann, Kind.TEXT, text="Here it is", files=tuple(files))
        scene.gives(says)
        [kept] = [said for said, _ in scene.tx.talk.of(1) if said.words["text"] == "Here it is"]
        assert len(kept.files) == 2
        if sent:
            scene.delivered()
        last = scene.last()
        where = {"message": says.message} if named else {"message": "", "chat": "", "sender": None}
        scene.gives(scene.event(scene.ann, Kind.DELETE, gone=("F7",), **where))
        now = scene.tx.talk.get(kept.id)
        assert now is not None
        assert [file["name"] for file in now.files] == ["other.png"]
        assert now.words == kept.words
        shown = scene.promised(f"{SOURCE}:#1/{scene.channel.id}", after=last)
        assert ("delete" in [operation for _, operation, _ in shown]) == sent
        [anew] = [drawn for _, operation, drawn in shown if operation == "send" and "Here it is" in drawn.words.text]
        assert [file.name for file in anew.files] == ["other.png"]
        waiting = select(outgoing.c.payload).where(outgoing.c.done_at.is_(None))
        assert not [payload for payload in scene.tx.connection.scalars(waiting) if "passport" in payload]
        before = scene.last()
        scene.gives(scene.event(scene.ann, Kind.DELETE, gone=("F7",), message="", chat="", sender=None))
        assert scene.last() == before, "it is told in two ways, and done once"

    await database.run(played(story))


async def test_nobody_takes_a_file_out_of_what_another_said(database):
    def story(scene: Telling) -> None:
        says = scene.event(scene.ann, Kind.TEXT, text="Here", files=(replace(document("passport.png"), ref=FILE),))
        scene.gives(says)
        scene.gives(scene.event(scene.eve, Kind.DELETE, gone=("F7",), message=says.message, chat=scene.ann.chat))
        assert len(scene.tx.talk.holding("F7")) == 1

    await database.run(played(story))
