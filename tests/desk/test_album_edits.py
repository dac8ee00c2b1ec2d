"""An edit changes its own part: of an album the caption stays when another picture is replaced, on either side."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from handlers.vocabulary.messages import File, Kind
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import MessageKind, Role
from storage.transaction import Transaction
from tests.desk.scenes import SOURCE, Scene

CAPTION = "My invoice, two pages"


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; what is kept of words asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


def picture(name: str, *, again: str = "") -> File:
    return File("photo", ref=name + again, source=SOURCE, unique=f"u{name}")


async def test_the_caption_stays_when_a_later_picture_is_replaced(database: Database):
    def story(connection: Any) -> None:
        scene = Scene(Transaction(connection))
        bob, ann = scene.person("Bob", Role.AGENT), scene.person("Ann")
        number = scene.registers(ann, "The till does not print")
        scene.delivered()
        scene.gives(scene.in_team(bob, Kind.COMMAND, "claim", str(number)))
        album = (picture("1"), picture("2"))
        scene.gives(scene.event(ann, Kind.TEXT, text=CAPTION, files=album, message="71", parts=("71", "72")))
        scene.delivered()
        scene.gives(scene.event(ann, Kind.EDIT, message="72", files=(picture("3"),)))
        said = scene.tx.talk.last(number, MessageKind.FOLLOW_UP)
        assert said is not None
        assert said.words["text"] == CAPTION
        assert [file["ref"] for file in said.files] == ["1", "2", "3"]
        before = scene.last()
        scene.gives(scene.event(ann, Kind.EDIT, message="72", files=(picture("3", again="-under-another-handle"),)))
        assert scene.last() == before  # nothing was changed, whatever the messenger calls the file now
        scene.gives(scene.event(ann, Kind.EDIT, message="71", text="My invoice, three pages", files=(picture("1"),)))
        said = scene.tx.talk.last(number, MessageKind.FOLLOW_UP)
        assert said is not None
        assert said.words["text"] == "My invoice, three pages"

    await database.run(story)
