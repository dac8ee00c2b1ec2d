"""What a guest wrote and was shown, as it is taken back piece by piece: gone wherever it stood, and shown again as it stood."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from handlers.vocabulary.messages import Kind
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import Role, outgoing
from storage.transaction import Transaction
from tests.desk.scenes import SOURCE, Scene, document

FILE = "https://files.slack.com/files-pri/T1-F7/download/passport.png"


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
