"""The Telegram-like pane by itself: the test plays the bot through the Bot API, so that every kind of thing can be done."""

import base64
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from playwright.async_api import expect

from bot.sandbox.telegram import Person
from tests.browser.conftest import Look, Stage
from tests.browser.people import OnTelegram, file

Api = Callable[..., Awaitable[Any]]
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
async def api(stage: Stage) -> AsyncIterator[Api]:
    """Call a method of the Bot API."""
    async with aiohttp.ClientSession() as http:

        async def call(method: str, **args: Any) -> Any:
            url = f"{stage.telegram.url}/bot{stage.telegram.token}/{method}"
            async with http.post(url, json=args) as answer:
                body = await answer.json()
                assert body["ok"], body
                return body["result"]

        yield call


@pytest.fixture
async def ann(stage: Stage, look: Look) -> OnTelegram:
    """Ann before her Telegram; she has pressed Start."""
    person = OnTelegram(await look(stage.url), "ann")
    await person.starts()
    await person.sees("/start")
    return person


@pytest.fixture
def played(stage: Stage) -> Person:
    """Ann as the simulated Telegram knows her."""
    return stage.cast.telegram["ann"]


async def test_formatted_words_are_drawn_and_nobodys_words_are_markup(ann: OnTelegram, api: Api, played: Person):
    text = "<b>bold</b> <i>wörds 👋</i> <code>code</code> &lt;img src=x onerror=alert(1)&gt; /help"
    await api("sendMessage", chat_id=played.id, text=text, parse_mode="HTML")
    message = await ann.sees("onerror=alert(1)")
    await expect(message.locator("strong")).to_have_text("bold")
    await expect(message.locator("em")).to_have_text("wörds 👋")
    await expect(message.locator("code")).to_have_text("code")
    await expect(message.locator("img")).to_have_count(0)
    await message.get_by_role("button", name="/help").click()
    await expect(ann.root.locator(".tg-message.own").last).to_contain_text("/help")


async def test_a_button_is_pressed_answered_and_its_message_changed(
    ann: OnTelegram, api: Api, played: Person, stage: Stage
):
    keys = {"inline_keyboard": [[{"text": "Claim", "callback_data": "claim"}, {"text": "Other", "callback_data": "o"}]]}
    sent = await api("sendMessage", chat_id=played.id, text="A card", reply_markup=keys)
    await ann.presses("Claim")
    [press] = await stage.telegram.until(lambda: stage.telegram.unanswered)
    await expect(ann.root.get_by_role("button", name="Claim")).to_have_attribute("aria-busy", "true")
    await api("answerCallbackQuery", callback_query_id=press.id, text="It is yours.")
    await expect(ann.page.get_by_role("status").filter(has_text="It is yours.")).to_be_visible()
    await expect(ann.root.get_by_role("button", name="Claim")).not_to_have_attribute("aria-busy", "true")
    await api("editMessageText", chat_id=played.id, message_id=sent["message_id"], text="A card, taken")
    message = await ann.sees("A card, taken")
    await expect(message.get_by_role("button", name="Claim")).to_have_count(0)


async def test_messages_are_answered_changed_and_taken_back(ann: OnTelegram, api: Api, played: Person):
    await api("sendMessage", chat_id=played.id, text="How was it?")
    await does(ann, "How was it?", "Reply")
    await ann.says("god")
    answer = await ann.sees("god")
    await expect(answer.locator(".tg-quote")).to_contain_text("How was it?")
    await does(ann, "god", "Edit")
    await expect(ann.root.get_by_role("textbox", name="Message")).to_have_value("god")
    await ann.says("good")
    changed = await ann.sees("good")
    await expect(changed).to_contain_text("edited")
    await does(ann, "How was it?", "👍")
    await expect((await ann.sees("How was it?")).locator(".tg-reaction")).to_have_text("👍")
    await does(ann, "good", "Delete")
    await expect(ann.root.locator(ann.messages).filter(has_text="good")).to_have_count(0)


async def does(person: OnTelegram, words: str, act: str) -> None:
    """Choose from the menu of a message."""
    message = await person.sees(words)
    await message.hover()
    await message.get_by_role("button", name=re.compile("More")).click()
    await message.get_by_role("menuitem", name=act).click()


async def test_an_album_and_a_file_go_out_and_come_in(ann: OnTelegram, stage: Stage, played: Person):
    pictures = (file("a.png", PIXEL, "image/png"), file("b.png", PIXEL, "image/png"))
    await ann.says("two of them", files=pictures)
    album = await ann.sees("two of them")
    await expect(album.locator("img")).to_have_count(2)
    groups = {message.media_group for message in played.chat.messages if message.kind == "photo"}
    assert len(groups) == 1
    assert None not in groups
    await ann.says("", files=(file("contract.pdf", b"%PDF", "application/pdf"),))
    await expect((await ann.sees("contract.pdf")).get_by_role("link")).to_be_visible()


async def test_the_team_talks_in_topics(stage: Stage, api: Api, look: Look):
    bob, team = OnTelegram(await look(stage.url), "bob"), stage.cast.group.id
    topic = await api("createForumTopic", chat_id=team, name="#7 Ann")
    await api("sendMessage", chat_id=team, message_thread_id=topic["message_thread_id"], text="What Ann said")
    await bob.sees_nothing_of("What Ann said")
    await bob.goes("#7 Ann")
    await bob.sees("What Ann said")
    await bob.says("/r Hello")
    await bob.sees("/r Hello")
    [said] = [message for message in stage.cast.group.messages if message.text == "/r Hello"]
    assert said.thread == topic["message_thread_id"]
