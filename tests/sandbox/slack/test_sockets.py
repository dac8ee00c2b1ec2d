import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

from bot.sandbox.clock import ManualClock
from bot.sandbox.slack import Person, SlackSandbox


class Wire:
    """A bare connection that acknowledges only what the test says."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def frame(self) -> dict[str, Any]:
        async with asyncio.timeout(2):
            return json.loads((await self.ws.receive()).data)  # type: ignore[no-any-return]

    async def ack(self, frame: dict[str, Any], payload: object = None) -> None:
        body = {"envelope_id": frame["envelope_id"]} | ({"payload": payload} if payload is not None else {})
        await self.ws.send_str(json.dumps(body))


@pytest.fixture
def dial(slack: SlackSandbox, http: aiohttp.ClientSession) -> Any:
    @asynccontextmanager
    async def connect() -> AsyncIterator[Wire]:
        headers = {"Authorization": f"Bearer {slack.app_token}"}
        async with http.post(f"{slack.api_url}apps.connections.open", headers=headers) as answer:
            url = (await answer.json())["url"]
        async with http.ws_connect(url, autoping=False) as ws:
            wire = Wire(ws)
            hello = await wire.frame()
            assert hello["type"] == "hello"
            assert hello["connection_info"]["app_id"].startswith("A")
            yield wire

    return connect


async def test_an_event_is_sent_four_times_by_the_clock(
    slack: SlackSandbox, clock: ManualClock, dial: Any, ann: Person
) -> None:
    async with dial() as wire:
        ann.says("Hello")
        first = await wire.frame()
        assert (first["retry_attempt"], first["retry_reason"], first["accepts_response_payload"]) == (0, "", False)
        clock.advance(3)
        again = await wire.frame()
        assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
        assert again["payload"] == first["payload"]
        for number, wait in ((2, 60), (3, 300)):
            await asyncio.sleep(0)
            clock.advance(3)
            await slack.until(lambda: slack.deliveries[0].attempts[-1].failed)
            await asyncio.sleep(0)
            clock.advance(wait)
            assert (await wire.frame())["retry_attempt"] == number
        clock.advance(3)
        await slack.until(lambda: slack.deliveries[0].lost)
        assert slack.unacked == []


async def test_what_is_not_acknowledged_comes_again_on_the_next_connection(
    slack: SlackSandbox, dial: Any, ann: Person
) -> None:
    async with dial() as wire:
        ann.says("one")
        command = ann.runs("/desk help")
        await wire.frame()
        await wire.frame()
    await slack.until(lambda: command.lost)
    ann.says("two")
    async with dial() as wire:
        frames = [await wire.frame(), await wire.frame()]
        assert [frame["payload"]["event"]["text"] for frame in frames] == ["one", "two"]
        assert [frame["retry_attempt"] for frame in frames] == [1, 0]
        for frame in frames:
            await wire.ack(frame)
        await slack.settled()
    assert command.failed == "connection_closed"
    assert ann.runs("/desk help").failed == "no_connection"


async def test_what_came_while_nobody_was_there_is_given_up_after_six_minutes(
    slack: SlackSandbox, clock: ManualClock, dial: Any, ann: Person
) -> None:
    ann.says("too early")
    for seconds in (60, 300):
        await asyncio.sleep(0)
        clock.advance(seconds)
        await asyncio.sleep(0)
    await slack.until(lambda: slack.deliveries[0].lost)
    ann.says("in time")
    async with dial() as wire:
        frame = await wire.frame()
        assert frame["payload"]["event"]["text"] == "in time"
        await wire.ack(frame)
        await slack.settled()


async def test_each_payload_goes_to_one_connection(slack: SlackSandbox, dial: Any, ann: Person) -> None:
    async with dial() as left, dial() as right:
        for number in range(4):
            ann.says(str(number))
        frames = [await left.frame(), await right.frame(), await left.frame(), await right.frame()]
        assert sorted(frame["payload"]["event"]["text"] for frame in frames) == ["0", "1", "2", "3"]
        for frame, wire in zip(frames, (left, right, left, right), strict=True):
            await wire.ack(frame)
        await slack.settled()
    assert len(slack.latencies) == 4


async def test_an_answer_to_a_command_is_shown_to_its_author(slack: SlackSandbox, dial: Any, ann: Person) -> None:
    async with dial() as wire:
        ann.runs("/desk help me")
        frame = await wire.frame()
        assert (frame["type"], frame["payload"]["text"], frame["accepts_response_payload"]) == (
            "slash_commands",
            "help me",
            True,
        )
        await wire.ack(frame, {"text": "Only you *see* this"})
        await slack.until(lambda: ann.ephemerals)
    assert [seen.text for seen in ann.ephemerals] == ["Only you see this"]
    assert ann.chat.messages == []


async def test_bolt_moves_to_a_new_connection_when_asked(
    slack: SlackSandbox, app: AsyncApp, ann: Person, connected: AsyncSocketModeHandler
) -> None:
    heard: list[str] = []

    @app.event("message")
    async def hear(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    slack.sockets.refresh()
    ann.says("between two connections")
    await slack.until(lambda: slack.sockets.count == 1)
    await slack.settled()
    assert slack.sockets.opened == 2
    await slack.until(lambda: heard == ["between two connections"])


async def test_a_silent_connection_says_nothing_not_even_pong(slack: SlackSandbox, dial: Any, ann: Person) -> None:
    async with dial() as wire:
        await wire.ws.ping(b"there?")
        assert (await wire.ws.receive()).type == aiohttp.WSMsgType.PONG
        slack.sockets.silence()
        await wire.ws.ping(b"there?")
        ann.says("into the void")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await wire.ws.receive()
        async with dial() as fresh:
            frame = await fresh.frame()
            assert frame["payload"]["event"]["text"] == "into the void"
            await fresh.ack(frame)
            await slack.settled()
            ann.says("and on")
            await fresh.ack(await fresh.frame())
            await slack.settled()
        slack.sockets.cut()


async def test_a_silent_connection_may_still_take_a_goodbye(slack: SlackSandbox, dial: Any) -> None:
    async with dial() as wire:
        slack.sockets.silence(deaf=False)
        await wire.ws.ping(b"there?")
        async with asyncio.timeout(1):
            await wire.ws.close()
    await slack.until(lambda: slack.sockets.count == 0)


async def test_what_was_acknowledged_may_come_again_all_the_same(slack: SlackSandbox, dial: Any, ann: Person) -> None:
    async with dial() as wire:
        ann.says("Hello")
        first = await wire.frame()
        await wire.ack(first)
        await slack.settled()
        slack.redeliver(slack.deliveries[0])
        again = await wire.frame()
        assert (again["retry_attempt"], again["payload"]) == (1, first["payload"])
        await wire.ack(again)
        await slack.settled()


async def test_a_cut_connection_and_a_closed_door(
    slack: SlackSandbox, dial: Any, http: aiohttp.ClientSession, ann: Person
) -> None:
    async with dial() as wire:
        slack.sockets.cut()
        assert (await wire.ws.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)
    await slack.until(lambda: slack.sockets.count == 0)
    slack.sockets.refuse()
    with pytest.raises(aiohttp.WSServerHandshakeError):
        async with dial():
            pass
    slack.sockets.refuse(on=False)
    with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
        await http.ws_connect(f"{slack.url}/link?ticket=forged".replace("http", "ws"))


async def test_the_eleventh_connection_is_sent_away(slack: SlackSandbox, dial: Any) -> None:
    async with dial(), dial(), dial(), dial(), dial(), dial(), dial(), dial(), dial(), dial():
        with pytest.raises(AssertionError):
            async with dial():
                pass
        assert slack.sockets.count == 10
