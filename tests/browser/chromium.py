"""The system's own Chromium, driven as a person drives it; whatever goes wrong in it is kept."""

import os
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIETLY = (
    "--no-sandbox",  # in a container its own sandbox cannot be made; only our own page is opened
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
)
DESKTOP: Mapping[str, Any] = MappingProxyType({"viewport": {"width": 1280, "height": 800}})
PHONE: Mapping[str, Any] = MappingProxyType(
    {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
)
PATIENCE = 30_000  # milliseconds that anything on the page may take where all is busy


def installed() -> str | None:
    """Return where Chromium is, if it is."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def required() -> bool:
    """Return whether its absence is a fault: where the whole project is checked."""
    return os.environ.get("CI", "").lower() == "true" or "FRONTDESK_SHARED" in os.environ


@dataclass
class Watch:
    """What must not happen on a page, and has."""

    problems: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        """Listen to a page."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("request", lambda request: self._asked(request.url))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def _asked(self, url: str) -> None:
        if not re.match(r"http://127\.0\.0\.1:\d+/|data:|blob:http://127\.0\.0\.1:", url):
            self.problems.append(f"left this machine: {url}")


@asynccontextmanager
async def opened(executable: str) -> AsyncIterator[Browser]:
    """Run a browser with a profile of its own."""
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, headless=True, args=list(QUIETLY))
        yield browser
        await browser.close()


@asynccontextmanager
async def looking(browser: Browser, url: str, **how: Any) -> AsyncIterator[Page]:
    """Look at the page as somebody new does; in the end nothing may have gone wrong in it."""
    watch = Watch()
    usual = {**DESKTOP, "locale": "en-GB", "timezone_id": "Europe/Kyiv", "reduced_motion": "reduce"}
    context = await browser.new_context(**(usual | how))
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    watch.over(page)
    await page.goto(url)
    yield page
    await context.close()
    assert watch.problems == []
