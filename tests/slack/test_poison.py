"""What nobody can read is put aside, live and read back alike, and nobody waits behind it; halves of letters are only letters."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest

from bot.app import App
from bot.sandbox.slack import Person, Room, SlackSandbox, posting
from storage.queues import inbox
from tests.clock import HandClock
from tests.slack.conftest import Open
from tests.slack.test_door import stored
from tests.slack.test_line import slept, steady

STRANGE: dict[str, dict[str, Any]] = {
    "words that are none": {"text": "precious", "blocks": [{"type": "rich_text", "elements": 5}]},
    "elements that are texts": {"text": "precious", "blocks": [{"type": "rich_text", "elements": ["a", None]}]},
    "emoji beyond all": {"text": "precious", "blocks": [{"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "emoji", "name": "x", "unicode": "ffffffffff"}]}]}]},
    "a list far to the right": {"text": "precious", "blocks": [{"type": "rich_text", "elements": [
        {"type": "rich_text_list", "indent": "far", "elements": []}]}]},
}  # fmt: skip


@pytest.fixture(autouse=True)
def impatient(monkeypatch, caplog):
    """Let the three tries follow each other at once."""
    monkeypatch.setattr("bot.intake.turn_loop.BACKOFF", (timedelta(0), timedelta(0)))
    caplog.set_level(logging.CRITICAL)


async def dead(app: App, many: int = 1, clock: HandClock | None = None) -> list[Any]:
    """Return the dead letters, as soon as there are so many; a clock that stands is moved on."""
    found: list[Any] = []
    async with asyncio.timeout(10):
        while len(found) < many:
            if clock is not None:
                clock.set(clock.now() + timedelta(seconds=1))
            await asyncio.sleep(0.01)
            found = list(await app.database.run(inbox.dead_letters))
    return found


def said(sandbox: SlackSandbox, person: Person, content: dict[str, Any]) -> None:
    """Let something come that no client sends."""
    channel = sandbox._world.channels[person.chat.id]
    posting.post(sandbox._space, channel, person.id, dict(content))


@pytest.mark.parametrize("strange", list(STRANGE))
async def test_what_nobody_can_read_is_a_dead_letter_and_the_rest_goes_on(
    opened: Open, sandbox: SlackSandbox, ann: Person, strange: str
):
    async with opened() as app:
        said(sandbox, ann, STRANGE[strange])
        ann.says("hello there")
        await sandbox.until(lambda: ann.chat.find("Hello, ann!"))
        (letter,) = await dead(app)
        assert "precious" in letter.payload
        await sandbox.until(lambda: not sandbox.unacked)
        assert not [each for each in sandbox.deliveries if each.lost]


async def test_what_nobody_can_read_back_keeps_nobody_from_being_heard(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, clock: HandClock
):
    eve = sandbox.person("Eve")
    async with opened(clock) as app:
        ann.says("before")
        await sandbox.until(lambda: ann.chat.texts)
        await steady(app)
    ann.says("the first while you slept")
    for content in STRANGE.values():
        said(sandbox, ann, content)
    ann.says("half a letter \ud83d while you slept")
    ann.says("the last while you slept")
    eve.says("somebody else while you slept")
    await slept(sandbox, clock)
    async with opened(clock) as app:
        await sandbox.until(lambda: eve.chat.texts)
        assert set(await stored(app)) == {
            "before",
            "the first while you slept",
            "half a letter \ufffd while you slept",
            "the last while you slept",
            "somebody else while you slept",
        }
        letters = await dead(app, len(STRANGE), clock)
        assert all("precious" in letter.payload for letter in letters)


async def test_halves_of_letters_are_heard_live_and_are_acknowledged(opened: Open, sandbox: SlackSandbox, team: Room):
    ann = sandbox.person("An\ud83dn")
    async with opened() as app:
        ann.says("half a letter \ud83d and a whole one 😀")
        await sandbox.until(lambda: ann.chat.texts)
        assert await stored(app) == ["half a letter \ufffd and a whole one 😀"]
        await sandbox.until(lambda: not sandbox.unacked)
