"""Telegram calls us: nothing is taken that is not stored, and nobody else is heard."""

import io
import json

import aiohttp
import pytest
from sqlalchemy import Connection

from bot.sandbox.telegram import Group, Person, TelegramSandbox
from bot.telegram import receiving
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


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for the minute between two looks, nor for the seconds after trouble."""
    monkeypatch.setattr(receiving, "WATCH", 0.02)
    monkeypatch.setattr(receiving, "PAUSES", (0.02, 0.02))


async def another(http: aiohttp.ClientSession, sandbox: TelegramSandbox, method: str, **arguments: str) -> None:
    """Let another program that has the token do something to the webhook."""
    async with http.post(f"{sandbox.url}/bot{sandbox.token}/{method}", json=arguments) as answer:
        assert answer.status == 200, await answer.text()


@pytest.mark.usefixtures("quick")
async def test_a_webhook_that_somebody_takes_away_is_set_again_each_time(
    hooked: Open, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person
):
    async with hooked() as app:
        ours = f"{app.web.url}/telegram"
        for time, taken in enumerate([{}, {"url": f"{app.web.url}/of_another"}, {}], 1):
            await another(http, sandbox, "setWebhook" if taken else "deleteWebhook", **taken)
            before = len(ann.chat.messages)
            ann.says("/help")
            await sandbox.until(lambda before=before: len(ann.chat.messages) > before + 1)  # type: ignore[misc]
            set_by_us = [call for call in sandbox.calls_of("setWebhook") if call.args["url"] == ours]
            assert len(set_by_us) == 1 + time
            assert {call.args["secret_token"] for call in set_by_us} == {SECRET}


@pytest.mark.usefixtures("quick")
async def test_a_webhook_is_set_again_though_telegram_refuses_twice(
    hooked: Open, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person
):
    async with hooked():
        looks = sandbox.faults.error(500, "Internal Server Error", method="getWebhookInfo", times=2)
        sets = sandbox.faults.error(500, "Internal Server Error", method="setWebhook", times=2)
        await another(http, sandbox, "deleteWebhook")
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))
        assert (looks.hits, sets.hits) == (2, 2)


async def test_a_webhook_that_was_left_over_is_taken_away_before_we_poll(
    opened: Open, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person
):
    await another(http, sandbox, "setWebhook", url="http://127.0.0.1:9/of_another")
    async with opened():
        ann.starts()
        await sandbox.until(lambda: ann.chat.find("front desk"))


@pytest.mark.usefixtures("quick")
async def test_a_webhook_that_somebody_sets_while_we_poll_is_taken_away_each_time(
    opened: Open, sandbox: TelegramSandbox, http: aiohttp.ClientSession, ann: Person
):
    async with opened():
        for trouble in (0, 1, 2):
            fault = sandbox.faults.error(500, "Internal Server Error", method="deleteWebhook", times=trouble)
            await another(http, sandbox, "setWebhook", url="http://127.0.0.1:9/of_another")
            before = len(ann.chat.messages)
            ann.says("/help")
            await sandbox.until(lambda before=before: len(ann.chat.messages) > before + 1)  # type: ignore[misc]
            assert fault.hits == trouble


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
