"""An update that nobody can read, and an event that an older desk wrote down differently: put aside, and nobody waits."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.sandbox.telegram import Person, TelegramSandbox
from handlers.turns.turn import dump_rendered
from handlers.vocabulary.messages import RenderedMessage, RichText
from storage.models import Sending, outgoing
from storage.queues import inbox, outbox
from tests.clock import HandClock
from tests.telegram.conftest import Open


@pytest.fixture(autouse=True)
def impatient(monkeypatch, caplog):
    """Let the three tries follow each other at once."""
    monkeypatch.setattr("bot.intake.turn_loop.BACKOFF", (timedelta(0), timedelta(0)))
    caplog.set_level(logging.CRITICAL)


async def dead(app: App) -> list[Any]:
    """Return the dead letters, as soon as there are any."""
    found: list[Any] = []
    async with asyncio.timeout(5):
        while not found:
            found = list(await app.database.run(inbox.dead_letters))
    return found


async def test_an_update_nobody_can_read_is_a_dead_letter_and_the_rest_goes_on(
    opened: Open, sandbox: TelegramSandbox, ann: Person
):
    async with opened() as app:
        sandbox._world.updates.add("message", {"chat": {"id": ann.id}, "text": 5, "note": "precious"}, ann.id)
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        (letter,) = await dead(app)
        assert "precious" in letter.payload
        assert letter.tries == 2
        await sandbox.until(lambda: not sandbox.unconfirmed)


async def test_a_desk_that_can_read_it_now_takes_it_from_there(opened: Open, sandbox: TelegramSandbox, ann: Person):
    async with opened() as app:
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        said = ann.says("/help")
        await sandbox.until(lambda: ann.chat.find("/privacy"))
        known = '{"id": ' + str(ann.id)
        mended = {**said.native, "message_id": said.id}
        sandbox._world.updates.add("message", {**mended, "date": "tomorrow"}, ann.id)
        (letter,) = await dead(app)
        payload = letter.payload.replace('\\"tomorrow\\"', "1770000000")  # stands for the desk that learned to read it
        assert payload != letter.payload
        assert known in payload.replace("\\", "")

        def retry(connection: Any) -> None:
            connection.exec_driver_sql("UPDATE inbox SET payload = ? WHERE id = ?", (payload, letter.id))
            inbox.retry_dead_events(connection, [letter.id], app.clock.now())

        before = len(ann.chat.texts)
        await app.database.run(retry)
        app.desk.bell.set()
        await sandbox.until(lambda: len(ann.chat.texts) > before)
        assert not await app.database.run(inbox.dead_letters)


async def test_an_event_written_down_by_another_desk_stops_nobody(opened: Open, sandbox: TelegramSandbox, ann: Person):
    async with opened() as app:

        def write(connection: Any) -> None:
            strange = inbox.Arrival(f"telegram:{42}", "strange", f"telegram:42/{ann.id}", '{"kind": "of_next_year"}')
            inbox.accept_arrivals(connection, [strange], app.clock.now())

        await app.database.run(write)
        app.desk.bell.set()
        (letter,) = await dead(app)
        assert letter.key == "strange"
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        assert not app.failed.done()


@pytest.mark.parametrize(
    ("rank", "fate"), [(-1, (Sending.SENT, None)), (0, (Sending.SENT, None)), (1, (Sending.FAILED, "uncertain"))]
)
async def test_only_what_is_said_to_many_is_begun_no_third_time(
    opened: Open, sandbox: TelegramSandbox, ann: Person, rank: int, fate: tuple[Sending, str | None]
):
    """The desk died twice while it was sent: it may have come twice already, and what waits behind it is sent."""
    clock = HandClock()
    async with opened(clock) as app:
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))

        def promise(connection: Any) -> int:
            def promised(text: str) -> int:
                payload = dump_rendered(RenderedMessage(words=RichText(text)))
                row = {"lane": f"telegram:42:{ann.id}", "rank": rank, "operation": "send", "payload": payload}
                return outbox.enqueue(connection, "telegram:42", row, app.clock.now())

            begun, _ = promised("We move"), promised("We have moved")
            died = {"state": Sending.SENDING, "uncertain": True, "tries": 2}
            connection.execute(update(outgoing).where(outgoing.c.id == begun).values(died))
            return begun

        begun = await app.database.run(promise)
        app.outbox.bell.set()
        await clock.passes_until(lambda: ann.chat.find("We have moved"), timedelta(seconds=0.1))
        query = select(outgoing.c.state, outgoing.c.error).where(outgoing.c.id == begun)
        assert tuple(await app.database.run(lambda connection: connection.execute(query).one())) == fate
        assert bool(ann.chat.find("We move")) is (fate[0] is Sending.SENT)
