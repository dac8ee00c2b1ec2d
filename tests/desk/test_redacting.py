"""What is blacked out stands nowhere any more: in no letter case, beside no rare letter, behind no link, in no history."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from handlers.tickets.redaction import redacted_data
from handlers.vocabulary.messages import Kind
from handlers.vocabulary.stored_text import words_of
from storage.engine.database import Database
from storage.engine.opening import open_database
from storage.models import MessageKind, Role, entry, message, metadata
from storage.transaction import Transaction
from tests.desk.scenes import SOURCE, TEAM, Scene

SECRET = "hunter2"


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield a database; what is blacked out asks nothing of it, so that one is enough."""
    opened = await open_database(sqlite_url)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("text", "part", "left"),
    [
        ("Password: Hunter2, hunter2", "hunter2", "Password: ███████, ███████"),
        ("Hauptstraße 5, hunter2", "hunter2", "Hauptstraße 5, ███████"),
        ("İstanbul hunter2", "HUNTER2", "İstanbul ███████"),
        ("пароль: ЇЖАК", "їжак", "пароль: ████"),
        ("a.c abc", "a.c", "███ abc"),
    ],
)
def test_a_part_is_blacked_out_wherever_it_stands(text: str, part: str, left: str):
    assert redacted_data(text, part) == left


def redacted(change: Callable[[Scene, int], None], part: str = SECRET) -> Callable[[Any], None]:
    """Return a story in which an agent blacks a part of Ann's message out, as work for a database."""

    def story(connection: Any) -> None:
        scene = Scene(Transaction(connection))
        bob, ann = scene.person("Bob", Role.SENIOR), scene.person("Ann")
        number = scene.registers(ann, f"It leaks in Hauptstraße, {SECRET}")
        scene.tx.talk.set_native(number, scene.channel.id, str(number))
        scene.delivered()
        said = scene.tx.talk.first(number, MessageKind.FOLLOW_UP)
        assert said is not None
        scene.tx.talk.written(f"{SOURCE}:{TEAM}", "77", said.id, scene.at)
        change(scene, said.id)
        scene.gives(scene.in_team(bob, Kind.COMMAND, "redact", part, thread=str(number), reply_to="77"))
        assert not scene.refusals
        kept = [
            f"{table.name}: {dict(row)}"
            for table in metadata.sorted_tables
            for row in connection.execute(select(table)).mappings().all()
        ]
        now = scene.tx.talk.get(said.id)
        assert now is not None
        words_of(now.words)
        assert [row for row in kept if SECRET in row.casefold()] == []

    return story


async def test_nothing_of_it_is_left_in_any_table(database):
    await database.run(redacted(lambda scene, said: None))


async def test_a_part_may_be_the_name_of_a_format(database):
    def change(scene: Scene, said: int) -> None:
        words = {
            "text": f"here is a link, {SECRET}",
            "spans": [{"kind": "link", "start": 0, "end": 4, "url": "https://x"}],
        }
        scene.tx.connection.execute(update(message).where(message.c.id == said).values(words=words))
        event = scene.in_team(
            scene.person("Bob", Role.SENIOR), Kind.COMMAND, "redact", "link", thread="1", reply_to="77"
        )
        scene.gives(event)
        kept = scene.tx.talk.get(said)
        assert kept is not None
        assert words_of(kept.words).spans[0].kind == "link"

    await database.run(redacted(change))


async def test_what_a_link_leads_to_is_blacked_out_too(database):
    def change(scene: Scene, said: int) -> None:
        words = {
            "text": f"here, {SECRET}",
            "spans": [{"kind": "link", "start": 0, "end": 4, "url": f"https://x/?{SECRET}"}],
        }
        scene.tx.connection.execute(update(message).where(message.c.id == said).values(words=words))

    await database.run(redacted(change))


async def test_what_an_answer_was_before_it_was_changed_is_blacked_out_too(database):
    def change(scene: Scene, said: int) -> None:
        facts = {"was": SECRET, "now": ["new", SECRET], "to": 5}
        values = {"ticket_id": 1, "action": "retype", "facts": facts, "was": "new", "now": "new", "at": scene.at}
        scene.tx.connection.execute(insert(entry).values(**values))

    await database.run(redacted(change))
