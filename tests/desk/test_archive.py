"""All that is somebody's as an archive: whole however much there is, and nothing of anybody else's."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from bot.delivery.archive import build_archive
from handlers.privacy.archive import EACH
from handlers.vocabulary.messages import Kind
from handlers.vocabulary.translations import Locale
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import Role, post
from tests.clock import MONDAY
from tests.desk.scenes import SOURCE
from tests.desk.test_request_channels import ROOM, Room, played


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; what is somebody's asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


async def archive_of(database: Database, person: int) -> tuple[str, dict[str, Any]]:
    """Return the page and the data of what somebody is given who asks for all that is theirs."""
    packed = await build_archive(database, person, Locale("en", "UTC"), MONDAY)
    with ZipFile(BytesIO(packed)) as archive:
        return archive.read("my-data.html").decode(), json.loads(archive.read("my-data.json"))


async def test_an_archive_has_what_was_said_on_requests_of_others_and_no_word_of_theirs(database):
    people: list[int] = []

    def story(room: Room) -> None:
        mine = room.opens(room.ann, "The aardvark is broken")
        room.delivered()
        shown = select(post.c.native).where(post.c.ticket_id == mine, post.c.place == f"{SOURCE}:{ROOM}")
        ours = str(room.tx.connection.scalars(shown).first())
        room.gives(room.there(room.zoe, Kind.TEXT, text="My wombat is broken too", reply_to=ours))
        people.extend((room.ann.id, room.zoe.id))

    await database.run(played(story))
    for person, own, others in zip(people, ("aardvark", "wombat"), ("wombat", "aardvark"), strict=True):
        page, data = await archive_of(database, person)
        assert own in page
        assert own in json.dumps(data)
        assert others not in page
        assert others not in json.dumps(data)


async def test_an_archive_is_whole_however_many_requests_there_are(database):
    people: list[int] = []

    def story(room: Room) -> None:
        for _ in range(2 * EACH):
            room.at += timedelta(minutes=5)
            room.opens(room.ann, "The lamp is broken")
        people.append(room.ann.id)

    await database.run(played(story))
    page, data = await archive_of(database, people[0])
    assert len(data["requests"]) == len({each["number"] for each in data["requests"]}) == 2 * EACH
    assert page.count("<h1>#") == 2 * EACH


async def test_what_an_admin_takes_keeps_nobody_from_taking_their_own(database):
    def story(room: Room) -> None:
        admin = room.person("Eve", Role.ADMIN)
        for who in (admin, admin, room.ann):
            room.gives(room.event(who, Kind.PRESS, "export", str(room.ann.id)))
            assert not room.refusals
        room.gives(room.event(room.ann, Kind.PRESS, "export", str(room.ann.id)))
        assert room.refusals == ["exported_lately"]

    await database.run(played(story))
