"""What the adapter itself refuses, whatever comes to it: nothing to say, and nobody to say it to."""

from dataclasses import replace

import pytest

from bot.messengers.protocol import Rejected
from bot.sandbox.telegram import Person, TelegramSandbox
from bot.telegram.adapter import Telegram
from handlers.vocabulary.messages import RenderedMessage, RichText
from tests.telegram.delivering import delivery, messenger  # noqa: F401


async def test_nothing_to_say(messenger: Telegram, ann: Person):  # noqa: F811
    with pytest.raises(Rejected, match="nothing"):
        await messenger.deliver(delivery(ann, RenderedMessage()))


async def test_somebody_who_has_never_written(messenger: Telegram, ann: Person, sandbox: TelegramSandbox):  # noqa: F811
    guest = replace(delivery(ann, RenderedMessage(words=RichText("Hello"))), chat="@guest-1")
    with pytest.raises(Rejected, match="never_wrote"):
        await messenger.deliver(guest)
    assert not sandbox.calls_of("sendMessage")
