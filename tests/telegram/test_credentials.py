"""The token is in each address of the Bot API: nobody is led anywhere else with it, and nothing we say goes elsewhere."""

from collections.abc import AsyncIterator

import pytest

from bot.messengers.downloads import Memory
from bot.messengers.protocol import Rejected, Undelivered
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from bot.telegram.adapter import Telegram
from handlers.vocabulary.messages import File, RenderedMessage, RichText
from tests.catchall import CatchAll, catch_all
from tests.telegram.conftest import Open
from tests.telegram.delivering import delivery, messenger

__all__ = ["messenger"]

STATUSES = pytest.mark.parametrize("status", [301, 302, 303, 307, 308])


@pytest.fixture
async def elsewhere() -> AsyncIterator[CatchAll]:
    async with catch_all() as caught:
        yield caught


async def fetched(messenger: Telegram, person: Person) -> bytes:
    sent = person.sends_document("a.txt", b"content")
    async with Memory().room(0) as room:
        return await messenger.fetch(File("document", str(sent.file_id)), room)


@STATUSES
async def test_no_redirect_of_a_file_is_followed_elsewhere(
    messenger: Telegram, sandbox: TelegramSandbox, ann: Person, elsewhere: CatchAll, status: int
):
    sandbox.faults.redirect(f"{elsewhere.url}/file", status, method="download")
    with pytest.raises(Rejected, match="no_file"):
        await fetched(messenger, ann)
    assert await fetched(messenger, ann) == b"content"
    assert elsewhere.heard == []


@STATUSES
async def test_no_redirect_of_a_call_is_followed_at_all(
    messenger: Telegram, sandbox: TelegramSandbox, ann: Person, elsewhere: CatchAll, status: int
):
    sandbox.faults.redirect(f"{elsewhere.url}/call", status, method="sendMessage")
    with pytest.raises(Undelivered):
        await messenger.deliver(delivery(ann, RenderedMessage(RichText("for Ann alone"))))
    await messenger.deliver(delivery(ann, RenderedMessage(RichText("for Ann alone"))))
    assert elsewhere.heard == []


async def test_a_whole_desk_is_led_nowhere(
    opened: Open,
    sandbox: TelegramSandbox,
    ann: Person,
    team: Group,
    elsewhere: CatchAll,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("bot.telegram.start.PAUSES", (0,))  # each call of the start is led away, and it begins anew
    for method in ("getMe", "getChat", "getChatMember", "setMyCommands", "deleteWebhook", "getUpdates", "send*"):
        sandbox.faults.redirect(f"{elsewhere.url}/{method}", 307, method=method)
    async with opened():
        ann.says("hello there")
        await sandbox.until(lambda: ann.chat.texts, 30)
    assert elsewhere.heard == []


async def test_a_file_that_is_larger_than_it_was_said_to_be_is_given_up(
    messenger: Telegram, sandbox: TelegramSandbox, ann: Person
):
    sent = ann.sends_document("a.bin", b"0" * (20 * 1024 * 1024 + 1), size=5)
    async with Memory().room(5) as room:
        with pytest.raises(Rejected, match="too_big"):
            await messenger.fetch(File("document", str(sent.file_id), size=5), room)
