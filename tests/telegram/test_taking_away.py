"""What is taken back: deleted as long as Telegram lets us, and after that it says so in its place."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.clock import ManualClock
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from bot.telegram.adapter import Telegram
from handlers.vocabulary.messages import File, Operation, RenderedMessage, RichText
from tests.telegram.delivering import delivery, messenger

__all__ = ["messenger"]

GONE = RenderedMessage(RichText("🗑 This message was taken back."))
SECRET = RichText("My PIN is 1234")


@pytest.fixture
async def sandbox() -> AsyncIterator[TelegramSandbox]:
    async with await TelegramSandbox.start(clock=ManualClock()) as running:
        yield running


async def said(messenger: Telegram, where: Any, drawn: RenderedMessage) -> list[str]:
    return list((await messenger.deliver(delivery(where, drawn))).natives)


def age(sandbox: TelegramSandbox, hours: float) -> None:
    assert isinstance(sandbox.clock, ManualClock)
    sandbox.clock.advance(timedelta(hours=hours).total_seconds())


async def take_away(messenger: Telegram, where: Any, shown: list[str], drawn: RenderedMessage = GONE) -> None:
    await messenger.deliver(delivery(where, drawn, operation=Operation.DELETE, shown=shown))


async def test_within_two_days_it_is_gone(messenger: Telegram, sandbox: TelegramSandbox, ann: Person):
    shown = await said(messenger, ann, RenderedMessage(SECRET))
    age(sandbox, 47)
    await take_away(messenger, ann, shown)
    assert not ann.chat.find("PIN")
    assert not ann.chat.find("taken back")


async def test_later_it_says_so_in_its_place(messenger: Telegram, sandbox: TelegramSandbox, ann: Person):
    shown = await said(messenger, ann, RenderedMessage(RichText("x" * 4090 + "\n\n" + SECRET.text)))
    assert len(shown) == 2
    before = len(ann.chat.messages)
    age(sandbox, 49)
    await take_away(messenger, ann, shown)
    assert not ann.chat.find("PIN")
    assert [str(m.id) for m in ann.chat.messages if "taken back" in m.text] == shown
    assert len(ann.chat.messages) == before


async def test_the_words_of_a_file_too(messenger: Telegram, sandbox: TelegramSandbox, ann: Person):
    photo = str(ann.sends_photo().file_id)
    shown = await said(messenger, ann, RenderedMessage(SECRET, files=(File("photo", photo),)))
    age(sandbox, 49)
    await take_away(messenger, ann, shown)
    assert not ann.chat.find("PIN")
    assert ann.chat.find("taken back")


async def test_in_a_plain_group_as_well(messenger: Telegram, sandbox: TelegramSandbox, bob: Person):
    group: Group = sandbox.group("Plain", supergroup=False, members=[bob])
    shown = await said(messenger, group, RenderedMessage(SECRET))
    age(sandbox, 49)
    await take_away(messenger, group, shown)
    assert not [m for m in group.messages if "PIN" in m.text]
    assert [m for m in group.messages if "taken back" in m.text]


async def test_what_somebody_deleted_already_is_no_fault(
    messenger: Telegram,
    sandbox: TelegramSandbox,
    ann: Person,
):
    shown = await said(messenger, ann, RenderedMessage(SECRET))
    ann.deletes(ann.chat.messages[-1])
    await take_away(messenger, ann, shown)
    assert not ann.chat.find("taken back")


async def test_a_promise_of_the_version_before_says_nothing_in_its_place(
    messenger: Telegram,
    sandbox: TelegramSandbox,
    ann: Person,
):
    """It has no words for that: what Telegram keeps stays as it was."""
    shown = await said(messenger, ann, RenderedMessage(SECRET))
    age(sandbox, 49)
    await take_away(messenger, ann, shown, RenderedMessage())
    assert ann.chat.find("PIN")
