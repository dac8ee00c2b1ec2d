"""How the page looks: light and dark, on a desk and in a hand, and to those who hear it instead."""

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.demo.words import words
from tests.browser.chromium import PHONE
from tests.browser.conftest import Look, Stage, running
from tests.browser.eyes import hard_to_read, nameless, too_wide
from tests.browser.people import OnSlack, OnTelegram

LISTS = ("Requests", "Receipts", "Outbox", "Inbox", "Log")


async def fits(page: Page) -> None:
    """Make sure that everything in sight can be read, named and reached."""
    assert await hard_to_read(page) == []
    assert await nameless(page) == []
    assert await too_wide(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_words_stand_out_and_all_controls_have_names(scheme: Any, demo: str, look: Look):
    page = await look(demo, color_scheme=scheme)
    await running(page)
    ann, rita, dana = OnTelegram(page, "ann"), OnSlack(page, "rita"), OnSlack(page, "dana")
    await ann.starts()
    await ann.says("A <link> to https://example.com and /help")
    await ann.says("/help")
    await ann.sees("Write your question in your own words. Besides that")
    await rita.says("*Как* сбросить `пароль`? https://example.com :eyes: <b>")
    await rita.sees("Как сбросить пароль?")
    await fits(page)
    await rita.says("/desk new")
    await rita.modal.get_by_role("button").last.click()
    await expect(rita.modal.get_by_role("alert").first).to_be_visible()
    await fits(page)
    await page.keyboard.press("Escape")
    await rita.root.get_by_role("tab", name="Home").click()
    await expect(rita.root.get_by_role("tabpanel").get_by_role("button").first).to_be_visible()
    bob = OnTelegram(page, "bob")
    await bob.here()
    await dana.here()
    for name in LISTS:
        await page.locator("#pane-drawer").get_by_role("tab", name=name).click()
        await fits(page)


async def test_on_a_phone_one_pane_is_shown_at_a_time_and_all_can_be_done(demo: str, look: Look):
    page = await look(demo, **PHONE)
    await running(page)
    ann, dana = OnTelegram(page, "ann"), OnSlack(page, "dana")
    tabs = page.get_by_role("tablist", name="Panes")
    await tabs.get_by_role("tab", name="Telegram").click()
    await ann.starts()
    await ann.says(words("en").said["known"])
    await ann.sees("reset.example.com")
    await fits(page)
    await tabs.get_by_role("tab", name="Slack").click()
    await expect(ann.root).to_be_hidden()
    await dana.here()
    await dana.root.get_by_role("button", name="Conversations").click()
    await dana.goes("Frontdesk")
    await dana.says("/desk help")
    await dana.sees("/desk queue")
    await fits(page)
    await tabs.get_by_role("tab", name="The desk").click()
    await expect(page.get_by_role("button", name="Kill the desk now")).to_be_visible()
    await fits(page)


async def test_the_page_says_everything_in_each_of_its_languages(stage: Stage, look: Look):
    page = await look(stage.url)
    for module in ("words", "slack-words"):
        said = await page.evaluate(f"import('/static/{module}.js').then((found) => found.WORDS)")
        assert set(said) == {"en", "uk", "ru"}
        for language in ("uk", "ru"):
            assert set(said[language]) == set(said["en"]), (module, language)
            for key, phrase in said[language].items():
                assert places(phrase) == places(said["en"][key]), (module, language, key)
    for language, channels in (("uk", "Канали"), ("ru", "Каналы")):
        await page.locator("#language").select_option(language)
        await expect(page.locator("html")).to_have_attribute("lang", language)
        await expect(page.locator("#pane-slack").get_by_role("heading", name=channels)).to_be_visible()
        await fits(page)


def places(phrase: Any) -> set[str]:
    """Return the places for facts in a phrase, in all its plural forms."""
    forms = phrase.values() if isinstance(phrase, dict) else [phrase]
    return {place for form in forms for place in re.findall(r"{(\w+)}", form)}
