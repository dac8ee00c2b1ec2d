"""What another process leaves to do is done at once: the desk's clock stands still, so that no look by the minute finds it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.inbox import inbox_arrival
from bot.operations.seed import example_rules
from handlers.rules import Rules
from handlers.rules.change import put_document
from handlers.vocabulary.messages import RENDERED_MESSAGE, Event, Kind, RenderedMessage, RichText, Sender
from storage.engine.database import Connection, Database
from storage.engine.opening import open_database
from storage.queues import inbox, outbox
from storage.queues.timers import Timers
from storage.transaction import Transaction
from tests.clock import MONDAY
from tests.stories.harness import Desk, House, Somebody


@pytest.fixture
async def desk(postgres_url: str) -> AsyncIterator[Desk]:
    """Yield a desk on PostgreSQL."""
    desk = await Desk.open("telegram", postgres_url, House())
    yield desk
    await desk.leaves()


@pytest.fixture
async def other(postgres_url: str, desk: Desk) -> AsyncIterator[Database]:
    """Yield what another process has of the desk's database."""
    opened = await open_database(postgres_url)
    yield opened
    await opened.close()


async def met(desk: Desk) -> tuple[Somebody, str]:
    """Let Ann have come by; return her and the desk's address on Telegram."""
    ann = desk.requester("Ann")
    await ann.starts()
    await ann.catches_up()
    await desk.settles()
    return ann, desk.stage.source(ann.native)


async def seen(desk: Desk, ann: Somebody, words: str) -> None:
    """Return when Ann has read something: nobody else's clock than the wire's is waited for."""
    await desk.stage.sandbox.until(lambda: any(words in line.text for line in desk.stage.lines(ann.native, None)), 20)


def told(source: str, ann: Any, kind: Kind, name: str = "") -> Event:
    """Return what Ann does, as another process has stored it."""
    sender = Sender(str(ann.id), "Ann", language="en", chat=str(ann.id))
    return Event(kind, source, f"other-{name}", str(ann.id), MONDAY, chat=str(ann.id), sender=sender, message="901",
                 name=name, words=RichText("Where is the sauna?"))  # fmt: skip


async def test_an_arrival_has_its_turn_each_time(desk: Desk, other: Database):
    ann, source = await met(desk)
    for name, answer in (("language", "Which language"), ("status", "Write it so")):
        event = inbox_arrival(told(source, ann.native, Kind.COMMAND, name))
        await other.run(lambda connection, event=event: inbox.accept_arrivals(connection, [event], MONDAY))  # type: ignore[misc]
        await seen(desk, ann, answer)


async def test_a_promise_is_sent_each_time(desk: Desk, other: Database):
    ann, source = await met(desk)
    for words in ("the first", "the second"):
        row = {
            "lane": f"{source}:{ann.native.id}",
            "rank": 1,
            "operation": "send",
            "payload": RENDERED_MESSAGE.dump_json(RenderedMessage(words=RichText(words))).decode(),
        }
        await other.run(lambda connection, row=row: outbox.enqueue(connection, source, row, MONDAY))  # type: ignore[misc]
        await seen(desk, ann, words)


async def test_a_timer_rings_each_time(desk: Desk, other: Database):
    await met(desk)

    def rung(connection: Connection) -> int:
        return int(connection.exec_driver_sql("select count(*) from timer where fired_at is not null").scalar() or 0)

    for number in (1, 2):
        await other.run(lambda connection: Timers(connection).schedule("fronts", MONDAY, facts={}))
        async with asyncio.timeout(20):
            while await other.run(rung) < number:
                pass


async def test_an_article_answers_the_next_question_and_its_change_the_one_after(desk: Desk, other: Database):
    ann, _ = await met(desk)
    for number, answer in enumerate(("In the cellar", "On the roof")):

        def write(connection: Connection, number: int = number, answer: str = answer) -> None:
            articles = Transaction(connection).articles
            if number:
                (one,) = [each for each in articles.everything() if each.question == "Where is the sauna?"]
                articles.change(one.id, "edit", answer=answer, by=None, at=MONDAY)
            else:
                articles.add(
                    section="", language="en", question="Where is the sauna?", answer=answer, by=None, at=MONDAY
                )

        await other.run(write)
        await ann.says("Where is the sauna?")
        await seen(desk, ann, answer)


async def test_rules_are_in_force_for_the_next_turn_each_time(desk: Desk, other: Database):
    ann, _ = await met(desk)
    for words in ("Welcome to the works", "Welcome to the yard"):
        document = {**example_rules(), "texts": {"en": {"start.hello": words}}}
        await other.run(
            lambda connection, document=document: put_document(  # type: ignore[misc]
                Transaction(connection), document, Rules(), act="apply", by=None, at=MONDAY
            )
        )
        await ann.starts()
        await seen(desk, ann, words)
