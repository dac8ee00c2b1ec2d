import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError
from aiohttp import web

from bot.sandbox.clock import ManualClock
from bot.sandbox.telegram import Person, TelegramSandbox
from tests.loopback import listen
from tests.sandbox.conftest import Ask


class Receiver:
    """A web server that takes updates, or answers as told."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []
        self.arrived: Callable[[], None] = lambda: None
        self.url = ""

    async def handle(self, request: web.BaseRequest) -> web.Response:
        self.got.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.arrived()
        return self.answers.pop(0) if self.answers else web.Response()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got]


@pytest.fixture
async def receiver(sandbox: TelegramSandbox) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    receiver.arrived = sandbox.changes.touch
    port, end = await listen(receiver.handle)
    receiver.url = f"http://127.0.0.1:{port}/tg"
    yield receiver
    await end()


async def test_updates_are_pushed_in_order_with_the_secret(
    sandbox: TelegramSandbox, bot: Bot, receiver: Receiver, ann: Person
) -> None:
    await bot.set_webhook(receiver.url, secret_token="s3cret")
    ann.says("one")
    ann.says("two")
    await sandbox.until(lambda: not sandbox.unconfirmed)
    assert receiver.texts() == ["/start", "one", "two"]
    assert set(receiver.secrets) == {"s3cret"}
    with pytest.raises(TelegramConflictError, match="webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).pending_update_count == 0
    await bot.delete_webhook()
    assert await bot.get_updates() == []


async def test_a_refused_update_comes_again_and_holds_back_only_its_chat(
    sandbox: TelegramSandbox, clock: ManualClock, bot: Bot, receiver: Receiver, ann: Person
) -> None:
    receiver.answers = [web.Response(status=500)]
    await bot.set_webhook(receiver.url)
    await sandbox.until(lambda: receiver.got)
    ann.says("and another thing")
    sandbox.person("Kim").says("I am patient")
    await sandbox.until(lambda: "I am patient" in receiver.texts())
    assert receiver.texts() == ["/start", "I am patient"]
    await sandbox.until(lambda: sandbox.failed_pushes)
    assert "500" in ((await bot.get_webhook_info()).last_error_message or "")

    clock.advance(1)
    await sandbox.until(lambda: not sandbox.unconfirmed)
    assert receiver.texts() == ["/start", "I am patient", "/start", "and another thing"]


async def test_the_receivers_retry_after_is_honoured(
    sandbox: TelegramSandbox, clock: ManualClock, bot: Bot, receiver: Receiver, ann: Person
) -> None:
    receiver.answers = [web.Response(status=503, headers={"Retry-After": "600"})]
    await bot.set_webhook(receiver.url)
    await sandbox.until(lambda: sandbox.failed_pushes)
    clock.advance(599)
    await bot.get_webhook_info()
    assert len(receiver.got) == 1
    clock.advance(1)
    await sandbox.until(lambda: not sandbox.unconfirmed)


async def test_setting_a_webhook_ends_the_poll(sandbox: TelegramSandbox, bot: Bot, receiver: Receiver) -> None:
    poll = asyncio.create_task(bot.get_updates(offset=1, timeout=30))
    await sandbox.until(lambda: sandbox.polled)
    await bot.set_webhook(receiver.url)
    with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
        await poll


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"url": "ftp://example.com"}, "Bad Request: invalid webhook URL specified"),
        ({"url": "https://example.com:8080/tg"}, "Bad Request: invalid webhook URL specified"),
        (
            {"url": "https://example.com", "secret_token": "ä"},
            "Bad Request: secret token contains unallowed characters",
        ),
    ],
)
async def test_a_wrong_webhook_is_refused(ask: Ask, args: dict[str, str], error: str) -> None:
    assert (await ask("setWebhook", **args))["description"] == error


def is_past(sandbox: TelegramSandbox, failures: int) -> bool:
    return sandbox.failed_pushes > failures


async def test_a_receiver_that_says_gone_for_most_of_a_day_is_dropped(
    sandbox: TelegramSandbox, clock: ManualClock, bot: Bot, receiver: Receiver, ann: Person
) -> None:
    receiver.answers = [web.Response(status=410, headers={"Retry-After": "3600"}) for _ in range(24)]
    await bot.set_webhook(receiver.url)
    for hour in range(24):
        await sandbox.until(partial(is_past, sandbox, hour))
        clock.advance(3600)
    assert (await bot.get_webhook_info()).url == ""


async def test_an_update_older_than_a_day_is_given_up(
    sandbox: TelegramSandbox, clock: ManualClock, bot: Bot, receiver: Receiver, ann: Person
) -> None:
    receiver.answers = [web.Response(status=500)]
    await bot.set_webhook(receiver.url)
    await sandbox.until(lambda: sandbox.failed_pushes)
    clock.advance(24 * 3600 + 1)
    ann.says("a new day")
    await sandbox.until(lambda: not sandbox.unconfirmed)
    assert receiver.texts() == ["/start", "a new day"]
