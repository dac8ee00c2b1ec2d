"""The page's server: one roof over both messengers, and no way in for other sites."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from importlib.resources import files

import aiohttp
import pytest

from bot.sandbox.cast import Cast
from bot.sandbox.page.drawer import Drawer
from bot.sandbox.page.page import Page
from bot.sandbox.page.switches import Switches
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.telegram import TelegramSandbox


@pytest.fixture
async def slack() -> AsyncIterator[SlackSandbox]:
    async with await SlackSandbox.start() as slack:
        yield slack


@pytest.fixture
async def page(sandbox: TelegramSandbox, slack: SlackSandbox) -> AsyncIterator[Page]:
    page = Page(sandbox, slack, Cast(sandbox, slack), Drawer(Switches(sandbox, slack)))
    await page.start(0)
    yield page
    await page.close()


async def test_it_serves_its_own_files_as_what_they_are_and_nothing_else(page: Page, http: aiohttp.ClientSession):
    for path, kind in (("", "text/html"), ("static/app.js", "text/javascript"), ("static/style.css", "text/css")):
        async with http.get(page.url + path) as answer:
            assert (answer.status, answer.content_type) == (200, kind)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
    for path in ("static/page.py", "static/..%2fpage.py", "static/%2e%2e/page.py", "static/nothing.js", "etc/passwd"):
        async with http.get(page.url + path) as answer:
            assert answer.status == 404
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_says_everything_in_each_language():
    static = files("bot.sandbox.page").joinpath("static")
    said = [one.read_text("utf-8") for one in static.iterdir() if one.name.endswith("words.js")]
    assert len(said) == 4
    for text in said:
        blocks = re.findall(r"^  (en|uk|ru): \{\n(.*?)^  \},", text, re.DOTALL | re.MULTILINE)
        assert [language for language, _ in blocks] == ["en", "uk", "ru"]
        words = [dict(re.findall(r'(?:^|[\s,{])"?([a-z][\w.]*)"?: "((?:[^"\\]|\\.)*)"', block)) for _, block in blocks]
        plurals = {"one", "few", "many", "other"}
        assert len({frozenset(set(one) - plurals) for one in words}) == 1
        for key in set(words[0]) - plurals:
            places = {frozenset(re.findall(r"\{\w+\}", one[key])) for one in words}
            assert len(places) == 1, key
            assert all(one[key].strip() for one in words), key


async def test_both_messengers_are_played_through_it(
    page: Page, sandbox: TelegramSandbox, slack: SlackSandbox, http: aiohttp.ClientSession
):
    async with http.get(f"{page.url}desk/cast") as answer:
        cast = await answer.json()
    assert {part["role"] for part in cast["telegram"]["people"]} == {"requester", "agent", "admin"}
    assert {part["language"] for part in cast["slack"]["people"]} == {"en", "uk", "ru"}
    assert cast["words"]["status.new"] == "new"
    ann, cid = cast["telegram"]["people"][0]["id"], cast["slack"]["people"][0]["id"]
    for path, words in ((f"telegram/control/people/{ann}/says", "/start"), (f"slack/control/people/{cid}/says", "hi")):
        async with http.post(page.url + path, json={"text": words}) as answer:
            assert answer.status == 200, await answer.text()
    assert [update.kind for update in sandbox.updates] == ["message"]
    assert slack.room((await _json(http, f"{page.url}slack/control/people/{cid}"))["dm"]).last.text == "hi"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
@pytest.mark.parametrize(
    "path", ["telegram/control/people", "slack/control/people", "desk/kill", "desk/faults/slack_429"]
)
async def test_other_sites_pages_are_kept_out(page: Page, http: aiohttp.ClientSession, headers, status, path):
    headers = {"Content-Type": "application/json", **headers}
    async with http.post(page.url + path, data=json.dumps({"name": "Eve", "on": True}), headers=headers) as answer:
        assert answer.status == status
    if status == 403:
        async with http.get(f"{page.url}telegram/control/people", headers=headers) as answer:
            assert answer.status == 403


async def test_it_tells_which_half_has_changed(page: Page, sandbox: TelegramSandbox, http: aiohttp.ClientSession):
    async with http.get(f"{page.url}changes") as stream:
        assert stream.content_type == "text/event-stream"
        assert await _news(stream) == {"telegram", "slack", "desk"}
        sandbox.people[0].starts()
        assert await _news(stream) == {"telegram"}


async def test_trouble_is_made_and_ended_by_switches(
    page: Page, sandbox: TelegramSandbox, slack: SlackSandbox, http: aiohttp.ClientSession
):
    async def turn(name: str, *, on: bool) -> int:
        async with http.post(f"{page.url}desk/faults/{name}", json={"on": on}) as answer:
            return answer.status

    assert await turn("nonsense", on=True) == 404
    names = (await _json(http, f"{page.url}desk/state"))["switches"]
    for name in names:
        assert await turn(name, on=True) == 200
    told = (await _json(http, f"{page.url}desk/state"))["switches"]
    assert {name for name in names if told[name]["on"]} == set(names) - {"slack_silent"}  # no socket is open here
    assert len(sandbox.faults.waiting) + len(slack.faults.waiting) == len(names) - 1
    for name in names:
        assert await turn(name, on=False) == 200
    assert sandbox.faults.waiting == slack.faults.waiting == []


async def test_without_a_desk_of_its_own_there_is_none_to_kill(page: Page, http: aiohttp.ClientSession):
    state = await _json(http, f"{page.url}desk/state")
    assert (state["desk"], state["records"]) == (None, None)
    async with http.post(f"{page.url}desk/kill", json={}) as answer:
        assert answer.status == 409


async def _json(http: aiohttp.ClientSession, url: str):
    async with http.get(url) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def _news(stream: aiohttp.ClientResponse) -> set[str]:
    async with asyncio.timeout(5):
        while not (line := await stream.content.readline()).startswith(b"data: "):
            pass
    return set(json.loads(line.removeprefix(b"data: "))["halves"])
