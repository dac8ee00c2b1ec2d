"""Files that are made when they are delivered: whatever goes wrong, who asked hears of it, and nobody else waits."""

import asyncio

import pytest

from bot.deferred import producers, progress
from bot.deferred.workshop import Produced, Workshop
from storage.engine.database import DatabaseUnavailable
from tests.stories.answers import VPN, article
from tests.stories.harness import QUEUE, Desk, Somebody
from tests.stories.harness.given import asked
from tests.stories.rules.ruled import account, admin, ruled


async def stands(desk: Desk, who: Somebody, words: str) -> None:
    """Return when a line with these words stands in the queue, while the desk is at work."""
    while True:
        if any(words in line.text for line in desk.stage.lines(who.native, QUEUE)):
            return
        await asyncio.sleep(0)


async def test_a_file_that_cannot_be_made_is_owned_up_to(
    desk: Desk, ann: Somebody, bob: Somebody, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def broken(workshop: Workshop, name: str, args: object) -> Produced:
        raise ZeroDivisionError

    monkeypatch.setitem(producers.PRODUCERS, "list", broken)
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await bob.says("/export", at=QUEUE)
    await bob.says("/queue free", at=QUEUE)
    await bob.says("/export", at=QUEUE)
    told = await bob.sees("The list as a file:", at=QUEUE)
    incident = told.text.split()[-1].strip(".")
    assert any(getattr(record, "incident", "") in told.text for record in caplog.records if record.levelname == "ERROR")
    assert incident
    caplog.clear()
    await bob.catches_up(at=QUEUE)


async def test_whoever_asked_is_told_so_in_their_language_and_in_the_desks_own_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    async def broken(workshop: Workshop, name: str, args: object) -> Produced:
        raise ZeroDivisionError

    for producer in ("articles", "workflow"):
        monkeypatch.setitem(producers.PRODUCERS, producer, broken)
    boss = desk.agent("Boss", language="uk")
    await article(desk, VPN, "Restart it.")
    await admin(desk, boss)
    await boss.says("/faq export")
    await boss.sees("інцидент")
    await ruled(desk, roles={"admins": [account(boss)]}, texts={"uk": {"incident": "Ой! Номер {incident}."}})
    await boss.says("/settings workflow hardware")
    await boss.sees("Ой! Номер ")
    await boss.catches_up()
    caplog.clear()


async def test_what_a_messenger_does_not_take_is_refused_with_the_limit(
    desk: Desk, ann: Somebody, bob: Somebody, monkeypatch: pytest.MonkeyPatch
):
    limits: list[int] = []

    async def huge(workshop: Workshop, name: str, args: object) -> Produced:
        limits.append(workshop.takes)
        return Produced(b"x" * (workshop.takes + 1 if workshop.takes else 10))

    monkeypatch.setitem(producers.PRODUCERS, "list", huge)
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await bob.says("/export xlsx free", at=QUEUE)
    await desk.settles()
    assert limits
    if limits[0]:
        await bob.sees("would have 51 MB; no more than 50 MB can be sent here", at=QUEUE)
    await bob.catches_up(at=QUEUE)


async def test_a_database_that_does_not_serve_is_waited_for(
    desk: Desk, ann: Somebody, bob: Somebody, monkeypatch: pytest.MonkeyPatch
):
    usual, tries = producers.PRODUCERS["list"], []

    async def troubled(workshop: Workshop, name: str, args: dict[str, object]) -> Produced:
        tries.append(name)
        if len(tries) < 3:
            raise DatabaseUnavailable("gone")
        return await usual(workshop, name, args)

    monkeypatch.setitem(producers.PRODUCERS, "list", troubled)
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await bob.says("/export xlsx free", at=QUEUE)
    await desk.settles()
    await desk.passes(minutes=1)
    await bob.sees("The list as a file:", kind="document", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    assert len(tries) == 3


async def test_whoever_waits_reads_how_far_it_is_and_nobody_else_waits(
    desk: Desk, ann: Somebody, bob: Somebody, monkeypatch: pytest.MonkeyPatch
):
    begun, go = asyncio.Event(), asyncio.Event()
    usual = producers.PRODUCERS["list"]

    async def slow(workshop: Workshop, name: str, args: dict[str, object]) -> Produced:
        workshop.tell(1, 4)
        begun.set()
        await go.wait()
        return await usual(workshop, name, args)

    monkeypatch.setitem(producers.PRODUCERS, "list", slow)
    monkeypatch.setattr(progress, "FIRST", 0.0)
    await asked(ann)
    await bob.catches_up(at=QUEUE)
    await bob.says("/export csv free", at=QUEUE)
    await begun.wait()
    await bob.says("/queue", at=QUEUE)
    async with asyncio.timeout(20):
        await stands(desk, bob, "25 %")
        await stands(desk, bob, "1 ticket in the queue")
    go.set()
    await bob.sees("The list as a file:", kind="document", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    assert not [line for line in desk.stage.lines(bob.native, QUEUE) if "25 %" in line.text]
