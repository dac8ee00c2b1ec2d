"""The demo with its page, as somebody starts it who has nothing but the checkout."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.page.process import Desk
from bot.settings import desk_environment

LONG = 120.0  # seconds for what takes two on a quiet machine
STATES = {"new", "open", "pending", "on_hold", "resolved", "closed"}


class Demo:
    """A running demo and a browser that reads its page."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, http: aiohttp.ClientSession) -> None:
        self.process, self.url, self._http = process, url, http

    async def get(self, path: str) -> Any:
        async with self._http.get(self.url + path) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def post(self, path: str, **body: Any) -> Any:
        async with self._http.post(self.url + path, json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def changes(self) -> AsyncIterator[dict[str, Any]]:
        """Yield the drawer's state, now and after every change."""
        async with asyncio.timeout(LONG), self._http.get(f"{self.url}changes") as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    yield await self.get("desk/state")

    async def until(self, seen) -> dict[str, Any]:
        """Return the first state that is looked for."""
        async for state in self.changes():
            if seen(state):
                return state
        raise AssertionError("the page has closed")


@contextlib.asynccontextmanager
async def started(folder: Path, *arguments: str) -> AsyncIterator[Demo]:
    """Start a demo that keeps its things in a folder; it is gone afterwards, however the test ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ
        | {"TMPDIR": str(folder), "TELEGRAM_BOT_TOKEN": "nonsense", "DISPLAY": "", "WAYLAND_DISPLAY": ""},
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(LONG), aiohttp.ClientSession() as http:
            async for line in process.stdout:
                if line.strip().startswith(b"http://"):
                    yield Demo(process, line.decode().strip(), http)
                    break
            else:
                raise AssertionError((await process.communicate())[1].decode())
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


def states(state: dict[str, Any]) -> set[str]:
    return {ticket["status"] for ticket in (state["records"] or {"tickets": []})["tickets"]}


def waiting(state: dict[str, Any]) -> int:
    """Return how many messages are on their way: promised, or being sent just now."""
    fates = state["records"]["outbox"]["fates"]
    return int(fates["queued"] + fates["sending"])


async def test_a_demo_opens_fills_survives_a_kill_and_leaves_nothing_behind(tmp_path):
    async with started(tmp_path) as demo:
        await demo.until(lambda state: states(state) == STATES and state["desk"]["state"] == "running")
        await demo.until(lambda state: len(state["records"]["tickets"]) == 10)
        ann = next(part for part in (await demo.get("desk/cast"))["telegram"]["people"] if part["handle"] == "ann")

        before = (await demo.get("desk/state"))["desk"]
        os.kill(before["pid"], signal.SIGSTOP)  # so that what is said now is surely said to a desk that does not hear
        await demo.post(f"telegram/control/people/{ann['id']}/starts")
        await demo.post(f"telegram/control/people/{ann['id']}/says", text="i forgot my pasword, what now?")
        await demo.post("desk/kill")
        after = await demo.until(lambda state: state["desk"]["state"] == "running" and state["desk"]["starts"] == 2)
        assert after["desk"]["pid"] != before["pid"]
        assert any("SIGKILL" in line["message"] for line in after["desk"]["log"])
        await demo.until(lambda state: state["away"]["telegram"] == state["records"]["inbox"]["waiting"] == 0)
        await demo.until(lambda state: waiting(state) == 0)
        room = await demo.get(f"telegram/control/rooms/{ann['id']}")
        said = [message["text"] for message in room["messages"] if message["from_bot"]]
        assert len(said) == 2
        assert "How do I reset my password?" in said[1]

        ticket = await demo.get("desk/tickets/1")
        assert [entry["action"] for entry in ticket["history"]][:2] == ["register", "claim"]
        assert ticket["ticket"]["rating"] == 5
        assert {reply["state"] for reply in ticket["replies"]} == {"sent"}

        told = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "demo", "--port", demo.url.rstrip("/").rpartition(":")[2]),
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            problem = (await told.communicate())[1].decode()
        finally:
            if told.returncode is None:  # out of time: it must not take the port when that becomes free
                told.kill()
        assert told.returncode == 2
        assert problem == f"--port: a demo runs already at {demo.url}; open it, or choose another port\n"

        demo.process.send_signal(signal.SIGINT)
        _, problems = await demo.process.communicate()
        assert (demo.process.returncode, problems) == (0, b"")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.kill(after["desk"]["pid"], 0)


async def test_it_can_be_stopped_before_the_desk_is_up(tmp_path):
    async with started(tmp_path, "--language", "uk") as demo:
        assert (await demo.get("desk/cast"))["words"]["status.closed"] == "закрито"
        demo.process.terminate()
        _, problems = await demo.process.communicate()
        assert (demo.process.returncode, problems) == (0, b"")
    assert list(tmp_path.iterdir()) == []


async def test_a_desk_that_cannot_start_says_why_and_waits_to_be_started_again(tmp_path):
    desk = Desk(tmp_path, desk_environment(LOG_FORMAT="json"))
    desk.start()
    await desk.changes.until(lambda: desk.state == "stopped", LONG)
    assert "TELEGRAM_BOT_TOKEN: set it" in desk.log[-1]["message"]
    await desk.kill()  # there is nothing to kill
    await desk.revive()
    await desk.changes.until(lambda: desk.starts == 2, LONG)
    await desk.stop()
    assert desk.pid is None


def test_another_desks_settings_are_not_passed_on(monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "42:REAL")
    monkeypatch.setenv("log_level", "debug")
    made = desk_environment(LANGUAGE="uk")
    assert made["LANGUAGE"] == "uk"
    assert not {"TELEGRAM_BOT_TOKEN", "log_level"} & set(made)
    assert "PATH" in json.dumps(sorted(made))
