"""A messenger that is silent at the start is waited for by nobody: the desk is open, and each joins when it answers."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.app import App, build_app
from bot.clock import Clock
from bot.errors import OperatorError
from bot.sandbox.faults import Fault, Gate
from bot.sandbox.slack import Person, Room, SlackSandbox
from bot.sandbox.telegram import Group, TelegramSandbox
from bot.sandbox.telegram import Person as TelegramPerson
from bot.settings import Settings
from handlers.vocabulary.messages import Event, Kind
from tests.clock import HandClock
from tests.slack.conftest import asked as requested
from tests.slack.conftest import talking
from tests.starting import refused
from tests.telegram.conftest import SECRET, free_port

Silence = Callable[[str], list[Gate]]
SOON = 15.0  # seconds, on a busy machine
TELEGRAM_SECRET = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def silence(sandbox: SlackSandbox, telegram: TelegramSandbox) -> Silence:
    """Return a way to let messengers not answer until their gates are opened."""

    def silent(who: str) -> list[Gate]:
        return [
            *([telegram.faults.hold(method="getMe", times=None)] if who in ("telegram", "both") else []),
            *([sandbox.faults.hold(method="auth.test", times=None)] if who in ("slack", "both") else []),
        ]

    return silent


@asynccontextmanager
async def started(settings: Settings, clock: Clock | None = None) -> AsyncIterator[App]:
    """Yield a desk that has started, whoever has answered."""
    app = await build_app(settings, clock=clock)
    try:
        async with asyncio.timeout(SOON):
            await app.start()
        yield app
    finally:
        await app.stop()


async def asked(app: App, path: str) -> tuple[int, Any]:
    """Return what a path answers."""
    async with aiohttp.ClientSession() as http, http.get(f"{app.web.url}{path}") as answer:
        return answer.status, await (answer.json() if path == "/readyz" else answer.text())


@pytest.mark.parametrize("who", ["telegram", "slack", "both"])
async def test_nobody_waits_for_a_messenger_that_is_silent(
    settings: Callable[..., Settings],
    both: dict[str, Any],
    silence: Silence,
    sandbox: SlackSandbox,
    telegram: TelegramSandbox,
    ann: Person,
    ida: TelegramPerson,
    who: str,
):
    gates = silence(who)
    silent = ["telegram", "slack"] if who == "both" else [who]
    async with started(settings(**both)) as app, AsyncExitStack() as stack:
        for gate in gates:
            stack.callback(gate.open)  # else the end waits for it
            await gate.reached()
        assert (await asked(app, "/healthz"))[0] == 200
        status, told = await asked(app, "/readyz")
        assert status == 503
        assert {f"{name}: no contact" for name in silent} <= set(told["problems"])
        ida.starts()
        ann.says("hello there") if "slack" not in silent else None
        if "telegram" not in silent:
            await telegram.until(lambda: ida.chat.find("front desk"), within=SOON)
        if "slack" not in silent:
            await sandbox.until(lambda: ann.chat.texts, within=SOON)
        for gate in gates:
            gate.open()
        await app.introduced()
        await telegram.until(lambda: ida.chat.find("front desk"), within=SOON)
        await sandbox.until(lambda: sandbox.sockets.count, within=SOON)
        ann.says("hello again")
        await sandbox.until(lambda: ann.chat.texts, within=SOON)
        assert await asked(app, "/readyz") == (200, {"ready": True, "problems": []})


async def test_a_webhook_is_told_to_come_again_until_its_messenger_has_answered(
    settings: Callable[..., Settings],
    both: dict[str, Any],
    silence: Silence,
    sandbox: SlackSandbox,
    ida: TelegramPerson,
):
    port = free_port()
    hooks = {
        "http_port": port,
        "slack_app_token": None,
        "slack_signing_secret": sandbox.signing_secret,
        "telegram_webhook_url": f"http://127.0.0.1:{port}/telegram",
        "telegram_webhook_secret": SECRET,
    }
    gates = silence("both")
    async with started(settings(**(both | hooks))) as app, AsyncExitStack() as stack:
        for gate in gates:
            stack.callback(gate.open)
        async with aiohttp.ClientSession() as http:
            update = {"update_id": 1}
            async with http.post(f"{app.web.url}/telegram", json=update, headers={TELEGRAM_SECRET: SECRET}) as answer:
                assert answer.status == 503
            body = b'{"type":"event_callback"}'
            async with http.post(f"{app.web.url}/slack/events", data=body, headers=signed(sandbox, body)) as answer:
                assert answer.status == 503
                assert answer.headers["Retry-After"]


def signed(sandbox: SlackSandbox, body: bytes) -> dict[str, str]:
    """Return what Slack would sign a call with."""
    stamp = str(int(time.time()))
    signature = SignatureVerifier(sandbox.signing_secret).generate_signature(timestamp=stamp, body=body)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": str(signature),
        "Content-Type": "application/json",
    }


async def test_what_was_promised_waits_for_its_messenger_and_holds_up_no_other(
    settings: Callable[..., Settings],
    both: dict[str, Any],
    silence: Silence,
    telegram: TelegramSandbox,
    sandbox: SlackSandbox,
    ida: TelegramPerson,
    forum: Group,
    team: Room,
):
    """A card is promised to both team channels; the one on Slack follows when Slack answers."""
    async with started(settings(**both)) as app:
        await app.introduced()
    [gate] = silence("slack")
    async with started(settings(**both)) as app:
        await gate.reached()
        await requested(telegram, ida)
        await telegram.until(lambda: forum.find("#1"), within=SOON)
        assert not team.find("#1")
        gate.open()
        await sandbox.until(lambda: team.find("#1"), within=SOON)


async def test_a_file_waits_for_the_messenger_that_has_it(
    settings: Callable[..., Settings],
    both: dict[str, Any],
    silence: Silence,
    telegram: TelegramSandbox,
    sandbox: SlackSandbox,
    ida: TelegramPerson,
    bob: Person,
    team: Room,
):
    """It is to cross from Telegram to the team on Slack; the desk is started anew in between, and Telegram is silent."""
    async with started(settings(**both)) as app:
        await app.introduced()
        await talking(sandbox, telegram, ida, bob, team)
        lost = sandbox.faults.html(channel=team, times=None)
        ida.sends_photo(caption="smoke")
        await telegram.until(lambda: not telegram.unconfirmed, within=SOON)
        await app.at_rest()
    sandbox.faults.remove(lost)
    [gate] = silence("telegram")
    async with started(settings(**both)) as app:
        await gate.reached()
        await sandbox.until(lambda: sandbox.sockets.count, within=SOON)
        await app.at_rest()
        assert not files(team)
        gate.open()
        await sandbox.until(lambda: files(team), within=2 * SOON)
        assert len(files(team)) == 1


def files(team: Room) -> list[str]:
    """Return the names of what the desk has uploaded."""
    return [file.name for seen in team.messages for file in seen.files]


async def test_what_nobody_could_read_waits_for_the_messenger_that_may(
    settings: Callable[..., Settings],
    both: dict[str, Any],
    silence: Silence,
    telegram: TelegramSandbox,
    ida: TelegramPerson,
):
    """It was kept as it came by the version before; no try is counted against it while Telegram is silent."""
    raw: dict[str, Any] = {
        "update_id": 7,
        "message": {"message_id": 1, "date": 0, "chat": {"id": ida.id, "type": "private"}},
    }
    kept = {"update": json.dumps({**raw, "message": {**raw["message"], "from": ida_of(ida), "text": "/start"}})}
    ida.starts()  # else the bot may not write to her
    [gate] = silence("telegram")
    async with started(settings(**both)) as app:
        await gate.reached()
        source = f"telegram:{telegram.token.partition(':')[0]}"
        unread = Event(Kind.RAW, source, "7", str(ida.id), app.clock.now(), facts=kept)
        await app.inbox.accept([unread])
        await app.at_rest()
        rows = await app.database.run(
            lambda connection: connection.exec_driver_sql("SELECT tries, done_at, incident FROM inbox").all()
        )
        assert [tuple(row) for row in rows] == [(0, None, None)]
        gate.open()
        await telegram.until(lambda: len([text for text in ida.chat.texts if "front desk" in text]) == 2, within=SOON)


def ida_of(ida: TelegramPerson) -> dict[str, Any]:
    return {"id": ida.id, "is_bot": False, "first_name": "Ida"}


async def test_a_refusal_of_the_first_answer_ends_the_start_whoever_else_is_served(
    settings: Callable[..., Settings], both: dict[str, Any], silence: Silence, sandbox: SlackSandbox
):
    [gate] = silence("slack")
    async with started(settings(**both)) as app:
        await gate.reached()
        sandbox.revoke_token()
        gate.open()
        with pytest.raises(OperatorError, match=r"SLACK_BOT_TOKEN: Slack does not take it \(token_revoked\)"):
            await app.introduced()
        with pytest.raises(OperatorError):
            await app.failed


async def test_a_refusal_that_comes_much_later_ends_nothing_for_the_other_messenger(
    settings: Callable[..., Settings],
    both: dict[str, Any],
    silence: Silence,
    sandbox: SlackSandbox,
    telegram: TelegramSandbox,
    eve: TelegramPerson,
    caplog: pytest.LogCaptureFixture,
):
    caplog.set_level(logging.ERROR)
    clock = HandClock()
    [gate] = silence("slack")
    async with started(settings(**both, admins=f"telegram:{eve.id}"), clock) as app:
        await gate.reached()
        eve.starts()
        await telegram.until(lambda: eve.chat.find("front desk"), within=SOON)
        clock.set(clock.now() + timedelta(minutes=5))
        sandbox.revoke_token()
        gate.open()
        await telegram.until(lambda: eve.chat.find("Slack is not served: SLACK_BOT_TOKEN"), within=SOON)
        assert not app.failed.done()
        assert any("slack: no contact: SLACK_BOT_TOKEN" in problem for problem in await app.problems())
    assert len([record for record in caplog.records if "is not served" in record.message]) == 1


async def test_an_installation_of_a_whole_organisation_is_refused(
    settings: Callable[..., Settings], sandbox: SlackSandbox
):
    whole = {"ok": True, "team_id": "E0ORG", "user_id": "U0BOT", "bot_id": "B0BOT", "is_enterprise_install": True}
    sandbox.faults.add(Fault("auth.test", status=200, body=whole))
    assert await refused(settings()) == (
        "SLACK_BOT_TOKEN: it is of a whole organisation; "
        "install the app in one workspace, and copy the token of that installation"
    )
