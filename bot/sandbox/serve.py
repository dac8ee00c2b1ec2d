"""The simulated messengers and their page by themselves, for a desk in another process."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import AsyncIterator

from bot.sandbox.cast import Cast
from bot.sandbox.page.drawer import Drawer
from bot.sandbox.page.page import Page
from bot.sandbox.page.switches import Switches
from bot.sandbox.ports import taken
from bot.sandbox.slack import Keep as SlackKeep
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import Keep as TelegramKeep
from bot.sandbox.telegram import TelegramSandbox

MUCH = 5000  # of everything is remembered, of each room's messages too: a page that is left open for days

TOLD = """\
A simulated Telegram and a simulated Slack serve until Ctrl-C, and a page to chat in:

    {page}

For a desk beside them, put into .env what it is to serve:

{settings}

The people do what they are told over HTTP, too:

curl -s {telegram}/control/people/{ann}/says -d '{{"text": "/start"}}' -H 'Content-Type: application/json'
curl -s {telegram}/control/rooms/{ann}
curl -s {slack}/control/people
"""


async def serve(port: int, telegram_port: int, slack_port: int) -> None:
    """Serve until SIGTERM or Ctrl-C."""
    stopped = until_stopped()
    async with messengers(telegram_port, slack_port) as (telegram, slack):
        cast = Cast(telegram, slack)
        page = Page(telegram, slack, cast, Drawer(Switches(telegram, slack)))
        try:
            await page.start(port)
        except OSError as error:
            raise taken("--port", port, error) from None
        try:
            sys.stdout.write(told(page, cast, telegram, slack))
            sys.stdout.flush()
            await stopped.wait()
        finally:
            await page.close()


def told(page: Page, cast: Cast, telegram: TelegramSandbox, slack: SlackSandbox) -> str:
    """Return what a desk's `.env` needs, and how the people are moved."""
    settings = "\n".join(f"{name}={value}" for name, value in cast.settings.items())
    ann = cast.telegram["ann"].id
    return TOLD.format(page=page.url, settings=settings, telegram=telegram.url, slack=slack.url, ann=ann)


def until_stopped() -> asyncio.Event:
    """Return what is set when somebody wants us to stop."""
    stopped = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # the last: the terminal was closed
        asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
    return stopped


@contextlib.asynccontextmanager
async def messengers(
    telegram_port: int = 0, slack_port: int = 0
) -> AsyncIterator[tuple[TelegramSandbox, SlackSandbox]]:
    """Let both messengers listen, or name the option that keeps them from it."""
    try:
        telegram = await TelegramSandbox.start(telegram_port, keep=TelegramKeep(MUCH, MUCH, MUCH))
    except OSError as error:
        raise taken("--telegram-port", telegram_port, error) from None
    async with telegram:
        try:
            slack = await SlackSandbox.start(slack_port, keep=SlackKeep(MUCH, MUCH, MUCH))
        except OSError as error:
            raise taken("--slack-port", slack_port, error) from None
        async with slack:
            yield telegram, slack
