"""A call of the API whose desk is killed: repeated with its key it is answered the same, and what it does stands once."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from bot.api import issuing
from bot.api.scopes import Scope
from bot.sandbox.telegram import Person
from handlers.rules import Rules
from storage.engine.database import Connection
from storage.engine.opening import open_database
from storage.models import Role
from tests.crash.desks import Desk, Zygote
from tests.crash.on_telegram import TelegramSide
from tests.crash.test_poison import WITHIN, answered, until

Answer = tuple[int, Any, bool]  # status, document, whether it had been given before
REPLY = {"kind": "reply", "text": "We have paid it back"}
TRIES = 4
DETAILS = {"details": "A card was charged twice"}


@dataclass
class Scene:
    """A desk's database and messenger, somebody who has written there, and a program with a token."""

    url: str
    side: TelegramSide
    desks: Zygote
    http: aiohttp.ClientSession
    ann: Person
    secret: str = ""

    @asynccontextmanager
    async def desk(self, point: str = "") -> AsyncIterator[tuple[Desk, int]]:
        """Yield a desk that serves, and its port; it kills itself at a point, once it is armed."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            port = int(listening.getsockname()[1])
        settings = {"DATABASE_URL": self.url, "HTTP_PORT": str(port), "LOG_LEVEL": "warning"}
        desk = await self.desks.start({**self.side.settings, **settings}, point=point, nth=1 if point else 0)
        try:
            await self._served(desk, port)
            yield desk, port
        finally:
            if desk.alive:
                desk.stop()
                assert await desk.end(WITHIN) == 0

    async def _served(self, desk: Desk, port: int) -> None:
        async with asyncio.timeout(WITHIN):
            while desk.alive:
                try:
                    async with self.http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientConnectionError:
                    pass
                await asyncio.sleep(0.05)

    async def calls(self, port: int, path: str, key: str, body: Mapping[str, Any]) -> Answer:
        """Call once, as a program that keeps its key."""
        headers = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key}
        url = f"http://127.0.0.1:{port}/api/v1{path}"
        async with self.http.post(url, json=dict(body), headers=headers) as answer:
            return answer.status, await answer.json(), "Idempotent-Replayed" in answer.headers

    async def standing(self) -> tuple[int, int]:
        """Return how many requests there are, and how many replies."""
        requests = await self.number("SELECT count(*) FROM ticket")
        return requests, await self.number("SELECT count(*) FROM message WHERE kind = 'reply'")

    async def number(self, query: str) -> int:
        """Return what is counted in the database, by plain SQL."""

        def found(connection: Connection) -> int:
            return int(connection.execute(text(query)).scalar_one())

        database = await open_database(self.url)
        try:
            return await database.run(found)
        finally:
            await database.close()

    async def rests(self) -> None:
        """Return when nothing waits to be sent any more: what goes on by itself reaches points of its own."""
        async with asyncio.timeout(WITHIN):
            while await self.number("SELECT count(*) FROM outgoing WHERE done_at IS NULL"):  # noqa: ASYNC110 - by SQL
                await asyncio.sleep(0.1)

    def told(self, words: str) -> int:
        """Return how often the person was told something."""
        return sum(words in message.text for message in self.ann.chat.messages)


@asynccontextmanager
async def scene(url: str, desks: Zygote) -> AsyncIterator[Scene]:
    """Yield a desk that knows somebody, and has let a program in."""
    async with TelegramSide.open(1, ("Bob",)) as side, aiohttp.ClientSession() as http:
        side.sandbox.faults.clear()
        made = Scene(url, side, desks, http, side.come("Ann"))
        async with made.desk() as (desk, _):
            made.ann.says("Where is the moon?")
            await until(lambda: answered(made.ann), desk)
            wish = issuing.Wish("Shop", tuple(Scope), Role.SENIOR, "", 100_000)
            made.secret = await issuing.add_token(url, wish, Rules())
        yield made


async def killed_in_a_call(
    scene: Scene, point: str, path: str, key: str, body: Mapping[str, Any], leaves: tuple[int, int]
) -> None:
    """Call a desk that is killed there before it answers; once more where something else had reached the point before."""
    for _ in range(TRIES):
        async with scene.desk(point) as (desk, port):
            await scene.rests()
            desk.arm()
            with pytest.raises(aiohttp.ClientConnectionError):
                await scene.calls(port, path, key, body)
            assert await desk.end(WITHIN) == -9
        if await scene.standing() == leaves:
            return
    raise AssertionError(f"what stands is {await scene.standing()}, not {leaves}")


@pytest.mark.parametrize(("point", "done"), [("before_commit", 0), ("after_commit", 1)])
async def test_a_call_that_was_cut_off_is_repeated_and_stands_once(
    database_url: str, desks: Zygote, point: str, done: int
) -> None:
    async with scene(database_url, desks) as shop:
        ann = await shop.number("SELECT person_id FROM account WHERE name = 'Ann'")
        request = {"type": "other", "requester": ann, "answers": DETAILS}
        await killed_in_a_call(shop, point, "/tickets", "first", request, (done, 0))
        async with shop.desk() as (_, port):
            status, opened, again = await shop.calls(port, "/tickets", "first", request)
            assert (status, again) == (201, bool(done)), opened
        path = f"/tickets/{opened['id']}/messages"
        await killed_in_a_call(shop, point, path, "second", REPLY, (1, done))
        async with shop.desk() as (desk, port):
            replied = await shop.calls(port, path, "second", REPLY)
            assert (replied[0], replied[2]) == (201, bool(done)), replied
            assert await shop.calls(port, path, "second", REPLY) == (*replied[:2], True)
            assert await shop.calls(port, "/tickets", "first", request) == (201, opened, True)
            await until(lambda: shop.told(REPLY["text"]), desk)
        assert await shop.standing() == (1, 1)
        assert shop.told(REPLY["text"]) == 1
