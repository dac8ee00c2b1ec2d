"""The page in a real browser: with the whole demo behind it, or with the messengers alone."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.demo.show import served
from bot.sandbox.cast import Cast
from bot.sandbox.page.drawer import Drawer
from bot.sandbox.page.page import Page as Server
from bot.sandbox.page.switches import Switches
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import TelegramSandbox
from tests.browser import chromium

PICTURES = Path(__file__).parents[2] / ".screenshots"
Look = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium; its absence is a fault only where the whole project is checked."""
    found = chromium.installed()
    if found is None and chromium.required():
        pytest.fail("there is no Chromium: apt-get install chromium", pytrace=False)
    if found is None:
        pytest.skip("there is no Chromium here; apt-get install chromium brings it")
    async with chromium.opened(found) as running:
        yield running


@pytest.fixture(scope="session")
async def demo(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a demo, its desk a process of its own; tests share it, and play people of their own."""
    async with served("en", 0, tmp_path_factory.mktemp("demo")) as (page, opening):
        await opening  # its example requests are there
        yield page.url


@dataclass(frozen=True)
class Stage:
    """The page with both messengers and no desk: a test plays the bot itself."""

    url: str
    telegram: TelegramSandbox
    slack: SlackSandbox
    cast: Cast


@pytest.fixture
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    async with alone() as made:
        yield made


@asynccontextmanager
async def alone() -> AsyncIterator[Stage]:
    """Serve the page with nothing behind it but the messengers."""
    async with await TelegramSandbox.start() as telegram, await SlackSandbox.start() as slack:
        cast = Cast(telegram, slack)
        server = Server(telegram, slack, cast, Drawer(Switches(telegram, slack)))
        await server.start(0)
        try:
            yield Stage(server.url, telegram, slack, cast)
        finally:
            await server.close()


@pytest.fixture
async def look(request: pytest.FixtureRequest, browser: Browser) -> AsyncIterator[Look]:
    """Return a way to look at an address; how the page was at the end is kept as a picture."""
    PICTURES.mkdir(exist_ok=True)
    async with AsyncExitStack() as stack:
        looks: list[Page] = []

        async def at(url: str, **how: Any) -> Page:
            page = await stack.enter_async_context(chromium.looking(browser, url, **how))
            looks.append(page)
            return page

        yield at
        name = re.sub(r"\W+", "-", request.node.name).strip("-")
        for number, page in enumerate(looks):
            await page.screenshot(path=PICTURES / f"{name}{number or ''}.png")


@pytest.fixture
async def page(demo: str, look: Look) -> Page:
    """The demo's page, once its desk runs."""
    found = await look(demo)
    await running(found)
    return found


async def running(page: Page) -> None:
    """Wait until the desk runs."""
    await expect(page.locator("#desk-state")).to_contain_text("running", timeout=60_000)
