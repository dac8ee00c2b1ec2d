"""People at the page: what they do there by mouse and keyboard, and what they see. Each acts on one pane."""

import re
from typing import Any

from playwright.async_api import Locator, Page, expect

LONG = 30_000  # milliseconds that the desk, a process of its own, may take for an answer
File = dict[str, Any]


def file(name: str, data: bytes, mime: str = "text/plain") -> File:
    """Return a file as a browser is given it."""
    return {"name": name, "mimeType": mime, "buffer": data}


class Somebody:
    """Somebody on one pane; whoever acts is played first."""

    pane = ""
    messages = ""

    def __init__(self, page: Page, handle: str) -> None:
        self.page, self.handle = page, handle
        self.root = page.locator(f"#pane-{self.pane}")

    async def here(self) -> Locator:
        """Play them, and return their pane."""
        choice = self.root.locator("select.people")
        if await choice.input_value() != self.handle:
            await choice.select_option(self.handle)
        await expect(self.root).to_have_attribute("data-shown", self.handle)
        return self.root

    async def is_at(self, name: str | re.Pattern[str]) -> None:
        """Wait until the place of this name is the one that is drawn: until then, the box is that of the place before."""
        places = self.root.get_by_role("navigation", include_hidden=True)
        place = places.get_by_role("button", name=name, include_hidden=True).last
        await expect(place).to_have_attribute("aria-current", re.compile("true|page"), timeout=LONG)

    async def presses(self, label: str) -> None:
        """Press the newest button of these words."""
        root = await self.here()
        await root.locator(self.messages).get_by_role("button", name=label, exact=True).last.click(timeout=LONG)

    async def sees(self, text: str | re.Pattern[str], *, buttons: tuple[str, ...] = ()) -> Locator:
        """Wait until a message shows these words; return the newest."""
        root = await self.here()
        found = root.locator(self.messages).filter(has_text=text).last
        await expect(found).to_be_visible(timeout=LONG)
        for label in buttons:
            await expect(found.get_by_role("button", name=label, exact=True)).to_be_visible(timeout=LONG)
        return found

    async def sees_nothing_of(self, text: str) -> None:
        """Make sure that no message shows these words."""
        root = await self.here()
        await expect(root.locator(self.messages).filter(has_text=text)).to_have_count(0)


class OnTelegram(Somebody):
    """Somebody on the Telegram-like pane."""

    pane, messages = "telegram", ".tg-message, .tg-service"

    async def starts(self) -> None:
        """Begin to talk with the bot, where they have not yet."""
        root = await self.here()
        start, box = root.get_by_role("button", name="Start", exact=True), root.get_by_role("textbox", name="Message")
        await expect(start.or_(box)).to_be_visible()
        if await start.is_visible():
            await start.click()
        await expect(box).to_be_visible()

    async def says(self, text: str, *, files: tuple[File, ...] = ()) -> None:
        """Write where they are."""
        root = await self.here()
        if files:
            await root.locator("input[type=file]").set_input_files(list(files))  # type: ignore[arg-type]
            await expect(root.locator(".chip")).to_have_count(len(files))
        await root.get_by_role("textbox", name="Message").fill(text)
        await root.get_by_role("textbox", name="Message").press("Enter")

    async def goes(self, name: str | re.Pattern[str]) -> None:
        """Go to a chat or a topic by its name."""
        root = await self.here()
        await root.get_by_role("navigation").get_by_role("button", name=name).last.click(timeout=LONG)
        await self.is_at(name)


class OnSlack(Somebody):
    """Somebody on the Slack-like pane."""

    pane, messages = "slack", ".room article, .thread article"

    @property
    def modal(self) -> Locator:
        """The modal in front."""
        return self.root.get_by_role("dialog")

    @property
    def thread(self) -> Locator:
        """The thread that is open."""
        return self.root.locator(".thread")

    async def says(self, text: str, *, files: tuple[File, ...] = (), thread: bool = False) -> None:
        """Write in the conversation, or in the thread that is open."""
        root = await self.here()
        place = root.locator(".thread" if thread else ".room")
        if files:
            await place.locator("input[type=file]").set_input_files(list(files))  # type: ignore[arg-type]
            await expect(place.locator(".chips li")).to_have_count(len(files))
        await place.get_by_role("textbox").fill(text)
        await place.get_by_role("textbox").press("Enter")

    async def goes(self, name: str) -> None:
        """Go to a conversation."""
        root = await self.here()
        await root.get_by_role("navigation").get_by_role("button", name=name).click()
        await self.is_at(name)

    async def opens_thread(self, text: str | re.Pattern[str]) -> None:
        """Open the thread of the newest message with these words."""
        message = await self.sees(text)
        await message.hover()
        await message.get_by_role("button", name="Reply in thread").click()
        await expect(self.thread).to_be_visible()

    async def fills(self, **fields: str) -> None:
        """Fill the modal in front, field by field, by their labels."""
        for label, words in fields.items():
            field = self.modal.get_by_label(label)
            if await field.evaluate("node => node.tagName") == "SELECT":
                await field.select_option(label=words)
            else:
                await field.fill(words)

    async def submits(self) -> None:
        """Send the modal in front."""
        await self.modal.get_by_role("button", name="Submit").click()
