"""Telegram calls us: nothing is taken that is not stored, and nobody else is heard."""

import io
import json

import aiohttp
import pytest
from sqlalchemy import Connection

from bot.sandbox.telegram import Group, Person, TelegramSandbox
from tests.telegram.conftest import SECRET, Open
from tests.telegram.disk import emptied, full

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def stored(connection: Connection) -> int:
    return len(connection.exec_driver_sql("SELECT id FROM inbox").all())


async def test_a_requester_is_answered_through_the_webhook(hooked: Open, sandbox: TelegramSandbox, ann: Person):
    async with hooked() as app:
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        assert sandbox.polls == 0
        (call,) = sandbox.calls_of("setWebhook")
        assert call.args["url"] == f"{app.web.url}/telegram"
        assert call.args["secret_token"] == SECRET
        assert "message_reaction" in call.args["allowed_updates"]
        assert not sandbox.calls_of("deleteWebhook")
        await sandbox.until(lambda: not sandbox.unconfirmed)
    assert not sandbox.violations


async def test_polling_takes_the_webhook_away(opened: Open, sandbox: TelegramSandbox, ann: Person):
    async with opened():
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        assert sandbox.calls_of("deleteWebhook")
        assert not sandbox.calls_of("setWebhook")


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b'{"update_id": 1}', 401),
        ({HEADER: "guess"}, b'{"update_id": 1}', 401),
        ({HEADER: "вгадаю"}, b'{"update_id": 1}', 401),
        ({HEADER: SECRET}, b"{", 400),
        ({HEADER: SECRET}, b"\xff\xfe", 400),
        ({HEADER: SECRET}, b"[]", 400),
        ({HEADER: SECRET}, b'{"update_id": "one"}', 400),
        ({HEADER: SECRET}, b" " * (1024 * 1024 + 1), 413),
        ({HEADER: SECRET}, b'{"update_id": 1, "of_another_time": {}}', 200),
    ],
)
async def test_who_calls_with_what_is_looked_at(
    hooked: Open, http: aiohttp.ClientSession, headers: dict[str, str], body: bytes, status: int
):
    async with hooked() as app:
        async with http.post(f"{app.web.url}/telegram", data=io.BytesIO(body), headers=headers) as answer:
            assert answer.status == status
        assert await app.database.run(stored) == 0


async def test_an_update_is_stored_before_it_is_taken(
    hooked: Open, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person, team: Group
):
    async with hooked() as app:
        message = ann.says("kept").native
        body = {"update_id": 77, "message": message}
        async with http.post(f"{app.web.url}/telegram", json=body, headers={HEADER: SECRET}) as answer:
            assert answer.status == 200
        keys = "SELECT key FROM inbox"
        assert ("77",) in await app.database.run(lambda c: [tuple(row) for row in c.exec_driver_sql(keys)])


async def test_what_cannot_be_stored_is_sent_again_by_telegram(hooked: Open, sandbox: TelegramSandbox, ann: Person):
    async with hooked() as app:
        await full(app)
        said = ann.says("x" * 4000 + " my printer is on fire")
        await sandbox.until(lambda: sandbox.failed_pushes)
        assert sandbox.unconfirmed
        assert await app.problems() == ["database: it cannot serve"]
        await emptied(app)
        await sandbox.until(lambda: not sandbox.unconfirmed)
        await sandbox.until(lambda: len(ann.chat.messages) > 1)
        assert said.id
        assert await app.problems() == []


async def test_the_same_update_twice_is_one_event(hooked: Open, http: aiohttp.ClientSession, ann: Person):
    async with hooked() as app:
        body = json.dumps({"update_id": 5, "message": ann.starts().native})
        for _ in range(2):
            async with http.post(f"{app.web.url}/telegram", data=body, headers={HEADER: SECRET}) as answer:
                assert answer.status == 200
        count = "SELECT count(*) FROM inbox WHERE key = '5'"
        assert await app.database.run(lambda c: c.exec_driver_sql(count).scalar()) == 1


async def test_an_update_that_nobody_can_read_is_kept_and_stops_nobody(
    hooked: Open, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person
):
    async with hooked() as app:
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        body = {"update_id": 9, "message": {"chat": {"id": ann.id}, "text": 5, "words": "precious"}}
        async with http.post(f"{app.web.url}/telegram", json=body, headers={HEADER: SECRET}) as answer:
            assert answer.status == 200
        payload = "SELECT payload FROM inbox WHERE key = '9'"
        assert "precious" in str(await app.database.run(lambda c: c.exec_driver_sql(payload).scalar()))
