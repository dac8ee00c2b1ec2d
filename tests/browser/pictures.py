"""The pictures of README and docs, taken of the real page while people talk on it: `make pictures`."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from bot.demo.show import served
from bot.demo.words import words
from tests.browser import chromium
from tests.browser.conftest import running
from tests.browser.people import OnSlack, OnTelegram
from tests.browser.test_story import registered

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
MOST = 200_000  # bytes of a picture in the repository


async def main() -> None:
    """Take all pictures."""
    found = chromium.installed()
    if found is None:
        sys.exit(
            "There is no Chromium: apt-get install chromium fonts-lato fonts-noto-color-emoji fonts-roboto-unhinted"
        )
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with served("en", 0, Path(folder)) as (page, opening), chromium.opened(found) as browser:
            await opening
            await talk(browser, page.url)
            for name, how, scene, part in PICTURES:
                async with chromium.looking(browser, page.url, timezone_id="UTC", **how) as shown:
                    await running(shown)
                    await scene(shown)
                    await picture(shown, name, part)


async def talk(browser: Browser, url: str) -> None:
    """Let Ann and Dana have talked a little."""
    async with chromium.looking(browser, url) as page:
        await running(page)
        ann, dana, story = OnTelegram(page, "ann"), OnSlack(page, "dana"), words("en")
        number = await registered(ann)
        await dana.sees(f"#{number} Hardware")
        await dana.presses("Claim")
        await dana.opens_thread(f"#{number} Hardware")
        await dana.says(f"!r {story.said['reply']}", thread=True)
        await ann.sees(story.said["reply"])
        await ann.says(story.said["answer"])
        await dana.sees(story.said["answer"])
        await dana.says(story.said["note"], thread=True)
        await dana.says(f"!r {story.said['last']}", thread=True)
        await ann.sees(story.said["last"])


async def both(page: Page) -> None:
    """Ann on Telegram and Dana on Slack, in the middle of their talk."""
    await page.get_by_role("button", name="The desk", exact=True).click()
    dana = await thread(page)
    await OnTelegram(page, "ann").sees(words("en").said["last"])
    await expect(dana.thread).to_be_visible()


async def phone(page: Page) -> None:
    """The same talk in Dana's hand."""
    await page.get_by_role("tab", name="Slack").click()
    await thread(page)


async def drawer(page: Page) -> None:
    """What the desk has written down of it."""
    ticket = page.locator("#pane-drawer").get_by_role("button", name="The coffee machine")
    await ticket.first.click()
    await expect(page.locator(".dr-ticket")).to_be_visible()
    await page.get_by_text("Where to begin").click()


async def thread(page: Page) -> OnSlack:
    """Open the thread of Ann's request as Dana."""
    dana = OnSlack(page, "dana")
    await dana.opens_thread("The coffee machine")
    await dana.sees(words("en").said["last"])
    return dana


Scene = Callable[[Page], Awaitable[None]]
PICTURES: tuple[tuple[str, dict[str, object], Scene, str], ...] = (
    ("page", {}, both, "body"),
    ("phone", dict(chromium.PHONE), phone, "body"),
    ("drawer", {}, drawer, "#pane-drawer"),
)


async def picture(page: Page, name: str, part: str) -> None:
    """Take a picture of a part of the page."""
    await page.mouse.move(0, 0)
    await page.evaluate("() => document.activeElement.blur()")
    file = FOLDER / f"{name}.png"
    await page.locator(part).screenshot(path=file, animations="disabled", caret="hide")
    size = file.stat().st_size
    sys.stderr.write(f"docs/pictures/{name}.png: {size // 1000} kB\n")
    if size > MOST:
        sys.exit(f"{name}.png is larger than {MOST // 1000} kB")


if __name__ == "__main__":
    asyncio.run(main())
