import asyncio
import base64
from typing import Any

import aiohttp
import pytest

from bot.sandbox.telegram import Group, Person, TelegramSandbox
from tests.sandbox.conftest import Ask


class Page:
    """The control paths, as another process uses them."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http, self._url = http, f"{url}/control"

    async def post(self, path: str, **body: Any) -> Any:
        async with self._http.post(f"{self._url}/{path}", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def get(self, path: str) -> Any:
        async with self._http.get(f"{self._url}/{path}") as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()


@pytest.fixture
def page(sandbox: TelegramSandbox, http: aiohttp.ClientSession) -> Page:
    return Page(http, sandbox.url)


async def test_another_process_plays_the_people(
    sandbox: TelegramSandbox, http: aiohttp.ClientSession, page: Page, ask: Ask
) -> None:
    ann = (await page.post("people", name="Ann", language="uk"))["id"]
    team = (await page.post("groups", title="Team", forum=True, members=[ann]))["id"]
    await page.post(f"people/{ann}/starts", payload="abc")
    await page.post(f"people/{ann}/sends_photo", data=base64.b64encode(b"jpeg").decode(), caption="look")
    topic = await page.post(f"groups/{team}/open_topic", name="#1")
    await page.post(f"people/{ann}/says", text="in a topic", at=team, topic=topic)
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await ask("sendMessage", chat_id=ann, text="Hello", reply_markup=markup)
    press = await page.post(f"people/{ann}/presses", text="Go")
    await ask("answerCallbackQuery", callback_query_id=press["id"], text="Gone")

    room = await page.get(f"rooms/{ann}")
    assert [message["text"] for message in room["messages"]] == ["/start abc", "look", "Hello"]
    assert (await page.get(f"people/{ann}"))["toasts"][0]["text"] == "Gone"
    assert [found["name"] for found in (await page.get(f"rooms/{team}"))["topics"]] == ["#1"]
    assert [update["kind"] for update in await page.get("updates")][-1] == "callback_query"
    assert [call["method"] for call in await page.get("calls")] == ["sendMessage", "answerCallbackQuery"]
    assert await page.get("violations") == []
    assert len(await page.get("rooms")) == 2
    async with http.get(f"{sandbox.url}/control/files/{room['messages'][1]['file_id']}") as answer:
        assert (answer.content_type, await answer.read()) == ("image/jpeg", b"jpeg")


async def test_another_process_makes_trouble_and_waits(page: Page, ask: Ask, ann: Person) -> None:
    await page.post("faults/error", code=400, description="Bad Request: no", chat=ann.id)
    assert not (await ask("sendMessage", chat_id=ann.id, text="x"))["ok"]
    gate = (await page.post("faults/hold"))["gate"]
    call = asyncio.ensure_future(ask("sendMessage", chat_id=ann.id, text="held"))
    count = (await page.get("changes?timeout=0"))["count"]
    changed = asyncio.create_task(page.get(f"changes?since={count}"))
    await page.post(f"gates/{gate}/open")
    assert (await call)["ok"]
    assert (await changed)["count"] > count


async def test_a_page_learns_what_an_app_would_show(page: Page, ask: Ask, ann: Person, team: Group) -> None:
    private, groups = {"type": "all_private_chats"}, {"type": "all_group_chats"}
    for scope, language, name in ((private, "", "new"), (private, "uk", "nova"), (groups, "", "queue")):
        commands = [{"command": name, "description": "what it does"}]
        await ask("setMyCommands", commands=commands, scope=scope, language_code=language)
    assert [one["command"] for one in (await page.get(f"people/{ann.id}"))["menu"]] == ["nova"]
    await page.post(f"people/{ann.id}/speaks", language="de")
    assert [one["command"] for one in (await page.get(f"people/{ann.id}"))["menu"]] == ["new"]
    assert [one["command"] for one in (await page.get(f"people/{ann.id}?room={team.id}"))["menu"]] == ["queue"]

    await page.post(f"people/{ann.id}/starts")
    await ask("sendChatAction", chat_id=ann.id, action="typing")
    assert (await page.get(f"rooms/{ann.id}"))["doing"] == {"action": "typing", "thread": None}
    await ask("sendMessage", chat_id=ann.id, text="Hello")
    assert (await page.get(f"rooms/{ann.id}"))["doing"] is None
    await page.post(f"people/{ann.id}/blocks")
    assert (await page.get(f"people/{ann.id}"))["blocked"]


async def test_an_album_from_a_disk_travels(page: Page, ann: Person) -> None:
    parts = [{"kind": "photo", "name": f"{n}.png", "data": base64.b64encode(b"png%d" % n).decode()} for n in (1, 2)]
    sent = await page.post(f"people/{ann.id}/sends_album", files=parts, caption="both")
    assert [one["text"] for one in sent] == ["both", ""]
    assert len({one["media_group"] for one in sent}) == 1


async def test_other_sites_pages_are_kept_out(sandbox: TelegramSandbox, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{sandbox.url}/control/people", data='{"name": "Eve"}') as answer:
        assert answer.status == 415
    async with http.get(f"{sandbox.url}/control/people", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
    async with http.post(f"{sandbox.url}/control/people/1/_send", json={}) as answer:
        assert answer.status == 400


async def test_waiting_tells_the_story_when_it_is_in_vain(sandbox: TelegramSandbox, ask: Ask, ann: Person) -> None:
    await ask("sendMessage", chat_id=ann.id, text="hello")
    with pytest.raises(TimeoutError, match=r"sendMessage .*hello"):
        await sandbox.until(lambda: ann.chat.find("good bye"), 0.01)


def test_people_do_only_what_their_apps_offer(sandbox: TelegramSandbox, ann: Person, team: Group, bob: Person) -> None:
    with pytest.raises(ValueError, match="Ann is not in this group"):
        ann.says("hello", at=team)
    ann.blocks()
    with pytest.raises(ValueError, match="has blocked the bot"):
        ann.says("hello")
    topic = team.open_topic("x")
    team.close_topic(topic)
    ann.joins(team)
    with pytest.raises(ValueError, match="is closed"):
        ann.says("hello", at=team, topic=topic)
    bob.says("an admin may", at=team, topic=topic)


async def test_the_keyboard_in_the_place_of_letters(sandbox: TelegramSandbox, ask: Ask, ann: Person) -> None:
    rows = [[{"text": "My requests"}], [{"text": "My number", "request_contact": True}]]
    await ask("sendMessage", chat_id=ann.id, text="What next?", reply_markup={"keyboard": rows})
    assert ann.chat.last.keyboard == (("My requests",), ("My number",))
    assert ann.taps("My requests").text == "My requests"
    assert ann.taps("My number").kind == "contact"
    await ask("sendMessage", chat_id=ann.id, text="Done", reply_markup={"remove_keyboard": True})
    with pytest.raises(LookupError):
        ann.taps("My requests")
    assert sandbox.violations == []
