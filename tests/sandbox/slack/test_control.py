import asyncio
import base64
from typing import Any

import aiohttp
import pytest

from bot.sandbox.slack import Person, SlackSandbox
from tests.sandbox.slack.conftest import Ask
from tests.sandbox.slack.kit import button, modal


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
def page(slack: SlackSandbox, http: aiohttp.ClientSession) -> Page:
    return Page(http, slack.url)


async def test_another_process_plays_the_people(
    slack: SlackSandbox, http: aiohttp.ClientSession, page: Page, ask: Ask
) -> None:
    ann = await page.post("people", name="Ann", locale="uk-UA")
    team = await page.post("channels", name="team", members=[ann["id"]])
    root = await page.post(f"people/{ann['id']}/says", text="card", at=team["id"])
    where = {"channel": team["id"], "ts": root["ts"]}
    await page.post(f"people/{ann['id']}/says", text="in the thread", thread=where)
    await page.post(f"people/{ann['id']}/reacts", name="eyes", on=where)
    await page.post(f"people/{ann['id']}/uploads", name="a.png", data=base64.b64encode(b"png").decode())
    blocks = [{"type": "actions", "elements": [button("Go", "go")]}]
    await ask("chat.postMessage", channel=ann["id"], text="Go?", blocks=blocks)
    press = await page.post(f"people/{ann['id']}/presses", text="Go")
    await ask("views.open", trigger_id=press["payload"]["trigger_id"], view=modal())
    await page.post(f"people/{ann['id']}/fills", summary="broken")

    room = await page.get(f"rooms/{team['id']}")
    assert [message["text"] for message in room["messages"]] == ["card", "in the thread"]
    assert room["messages"][0]["reactions"] == {"eyes": ["Ann"]}
    person = await page.get(f"people/{ann['id']}")
    assert person["modal"]["fields"]["summary"]["value"] == "broken"
    dm = await page.get(f"rooms/{ann['dm']}?person={ann['id']}")
    file = dm["messages"][0]["files"][0]["id"]
    async with http.get(f"{slack.url}/control/files/{file}") as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", b"png")
    assert [call["method"] for call in await page.get("calls")] == ["chat.postMessage", "views.open"]
    assert (await page.get("deliveries"))[-1]["name"] == "block_actions"
    assert len(await page.get("rooms")) == 2
    assert len(await page.get("people")) == 1
    assert await page.get("violations") == []


async def test_another_process_makes_trouble_and_waits(page: Page, ask: Ask, ann: Person) -> None:
    await page.post("faults/error", code="fatal_error", channel=ann.id)
    assert not (await ask("chat.postMessage", channel=ann.id, text="x"))["ok"]
    gate = (await page.post("faults/hold"))["gate"]
    call = asyncio.ensure_future(ask("chat.postMessage", channel=ann.id, text="held"))
    count = (await page.get("changes?timeout=0"))["count"]
    changed = asyncio.create_task(page.get(f"changes?since={count}"))
    await page.post(f"gates/{gate}/open")
    assert (await call)["ok"]
    assert (await changed)["count"] > count
    await page.post("app/set_scopes", without=["chat:write"])
    assert (await ask("chat.postMessage", channel=ann.id, text="x"))["error"] == "missing_scope"
    await page.post("sockets/refuse")


async def test_other_sites_pages_are_kept_out(slack: SlackSandbox, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{slack.url}/control/people", data='{"name": "Eve"}') as answer:
        assert answer.status == 415
    async with http.get(f"{slack.url}/control/people", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403
    async with http.post(f"{slack.url}/control/people/U1/_post", json={}) as answer:
        assert answer.status == 400
