"""A token that is taken away is found within a minute, also where nothing is to be said: one line, and the admins hear of it."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.app import App, build_app
from bot.messengers.lifecycle import PING
from bot.sandbox.slack import Person, SlackSandbox
from bot.sandbox.telegram import Person as TelegramPerson
from bot.sandbox.telegram import TelegramSandbox
from bot.settings import Settings
from bot.telegram.receiving import POLL, WATCH
from tests.slack.test_silent_start import SOON
from tests.telegram.conftest import SECRET, free_port


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[App]:
    """Yield a desk that asks its messengers a hundred times as often."""
    app = await build_app(settings, ping=PING / 100)
    try:
        await app.start()
        await app.introduced()
        yield app
    finally:
        await app.stop()


def revoke(who: str, sandbox: SlackSandbox, telegram: TelegramSandbox) -> None:
    """Take the token of a messenger away."""
    if who == "slack":
        sandbox.revoke_token()
    else:
        telegram.faults.error(401, "Unauthorized", method="*", times=None)


@pytest.mark.parametrize("way", ["asked", "called"])
@pytest.mark.parametrize("who", ["slack", "telegram"])
async def test_it_is_found_while_nobody_says_anything(
    settings: Callable[..., Settings],
    both: dict[str, Any],
    sandbox: SlackSandbox,
    telegram: TelegramSandbox,
    eve: TelegramPerson,
    bob: Person,
    caplog: pytest.LogCaptureFixture,
    who: str,
    way: str,
):
    port = free_port()
    hooks = {
        "http_port": port,
        "slack_app_token": None,
        "slack_signing_secret": sandbox.signing_secret,
        "telegram_webhook_url": f"http://127.0.0.1:{port}/telegram",
        "telegram_webhook_secret": SECRET,
    }
    chosen = {**both, "admins": f"telegram:{eve.id},slack:{bob.id}", **(hooks if way == "called" else {})}
    async with opened(settings(**chosen)) as app:
        if way == "called":
            await sandbox.use_http(f"http://127.0.0.1:{port}/slack/events")
        eve.starts()
        bob.says("hello")
        await telegram.until(lambda: eve.chat.find("front desk"), within=SOON)
        await sandbox.until(lambda: bob.chat.texts, within=SOON)
        await app.at_rest()
        caplog.clear()
        revoke(who, sandbox, telegram)
        if who == "slack":
            await telegram.until(lambda: eve.chat.find("Slack does not accept"), within=SOON)
        else:
            await sandbox.until(lambda: bob.chat.find("Telegram does not accept"), within=SOON)
        assert [problem.partition(":")[0] for problem in await app.problems()] == [who]
        assert not app.failed.done()
        told = [record for record in caplog.records if record.levelno >= logging.WARNING]
        assert [record.getMessage().partition(":")[0] for record in told] == [who]
        assert not any(record.exc_info for record in caplog.records)


def test_the_least_that_finds_it_is_often_enough():
    """Whatever way it is found, within a minute."""
    assert 2 * PING <= 60
    assert POLL <= 60
    assert WATCH <= 60
