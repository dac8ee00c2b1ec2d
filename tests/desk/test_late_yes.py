"""A yes answers what was asked before it was written, whenever it is heard."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers.vocabulary.messages import Event, Kind
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import Role
from storage.transaction import Transaction
from tests.desk.scenes import SOURCE, Scene


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; what is meant by a word asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


def resolved(story: Callable[[Scene, Callable[[str, timedelta], Event]], None]) -> Callable[[Any], None]:
    """Return a story in which Bob has just resolved Ann's request; it is given what says her words at a time."""

    def run(connection: Any) -> None:
        scene = Scene(Transaction(connection))
        bob, ann = scene.person("Bob", Role.AGENT), scene.person("Ann")
        scene.registers(ann, "It leaks")
        scene.gives(scene.in_team(bob, Kind.COMMAND, "claim", "1"))
        scene.gives(scene.in_team(bob, Kind.COMMAND, "r", "1 Is the tap closed?", text="1 Is the tap closed?"))
        scene.at += timedelta(minutes=40)
        scene.gives(scene.in_team(bob, Kind.COMMAND, "resolve", "1"))
        over = scene.tx.tickets.get(1)
        assert over.kind == "resolved"
        assert over.resolved_at is not None
        scene.delivered()
        since = over.resolved_at

        def says(words: str, after: timedelta) -> Event:
            return replace(scene.event(ann, Kind.TEXT, text=words), at=since + after)

        story(scene, says)

    return run


@pytest.mark.parametrize("words", ["yes", "no"])
async def test_a_word_of_before_the_resolution_does_not_answer_it(database, words):
    def story(scene: Scene, says: Callable[[str, timedelta], Event]) -> None:
        last = scene.last()
        scene.gives(says(words, timedelta(minutes=-30)))
        assert scene.tx.tickets.get(1).kind == "resolved"
        [(_, _, asking)] = scene.promised(f"{SOURCE}:{scene.person('Ann').chat}", after=last)
        assert [key.label for row in asking.keys for key in row] == ["#1 It leaks"], "it is asked what is meant"

    await database.run(resolved(story))


@pytest.mark.parametrize(
    "after",
    [timedelta(microseconds=-900_000), timedelta(minutes=2)],
    ids=["whole seconds", "later"],
)
async def test_a_yes_of_after_it_does_however_late_it_is_heard(database, after):
    def story(scene: Scene, says: Callable[[str, timedelta], Event]) -> None:
        scene.at += timedelta(hours=5)
        scene.gives(says("yes", after))
        assert scene.tx.tickets.get(1).kind == "closed"

    await database.run(resolved(story))
