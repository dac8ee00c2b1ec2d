"""Every call that is not taken is counted by its reason, on both messengers and beside them; the log says so once."""

import io
import re
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from bot.app import build_app
from bot.sandbox.slack import SlackSandbox
from bot.settings import Settings
from tests.telegram.conftest import SECRET, free_port

HEADER = "X-Telegram-Bot-Api-Secret-Token"
SIGNING = "f" * 32
BODY = b'{"type":"event_callback"}'
UPDATE = b'{"update_id": 1}'


def signed(secret: str = SIGNING, skew: int = 0) -> dict[str, str]:
    """Return what a call to Slack's path is signed with now."""
    stamp = str(int(time.time()) + skew)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": str(SignatureVerifier(secret).generate_signature(timestamp=stamp, body=BODY)),
    }


Headers = dict[str, str] | Callable[[], dict[str, str]]
CALLS: list[tuple[str, Headers, bytes, int, tuple[str, str]]] = [
    ("/telegram", {}, UPDATE, 401, ("telegram", "secret")),
    ("/telegram", {HEADER: "guess"}, UPDATE, 401, ("telegram", "secret")),
    ("/telegram", {HEADER: SECRET}, b"[]", 400, ("telegram", "unreadable")),
    ("/telegram", {HEADER: SECRET}, b" " * (1024 * 1024 + 1), 413, ("telegram", "too_large")),
    ("/slack/events", {}, BODY, 401, ("slack", "unsigned")),
    (
        "/slack/events",
        {"X-Slack-Request-Timestamp": "²", "X-Slack-Signature": "v0=1"},
        BODY,
        401,
        ("slack", "unsigned"),
    ),
    ("/slack/events", lambda: signed("0" * 32), BODY, 401, ("slack", "signature")),
    ("/slack/events", signed, b"\xff\xfe", 401, ("slack", "signature")),
    ("/slack/events", lambda: signed(skew=-400), BODY, 401, ("slack", "old")),
    ("/slack/events", lambda: signed(skew=400), BODY, 401, ("slack", "old")),
    ("/slack/other", {}, BODY, 404, ("slack", "path")),
    ("/telegram/x", {}, BODY, 404, ("telegram", "path")),
    ("/wp-login.php", {}, BODY, 404, ("nobody", "path")),
    ("/healthz", {}, BODY, 405, ("nobody", "method")),
]


async def test_each_is_counted_by_its_reason_and_told_once(
    settings: Callable[..., Settings], http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
):
    port = free_port()
    hooks: dict[str, Any] = {
        "http_port": port,
        "telegram_webhook_url": f"http://127.0.0.1:{port}/telegram",
        "telegram_webhook_secret": SECRET,
        "slack_signing_secret": SIGNING,
    }
    async with await SlackSandbox.start() as slack:
        app = await build_app(settings(**hooks, slack_bot_token=slack.token, slack_api_url=slack.api_url))
        try:
            await app.start()
            await app.introduced()
            for path, headers, body, status, _ in CALLS:
                async with http.post(
                    f"{app.web.url}{path}", data=io.BytesIO(body), headers=headers() if callable(headers) else headers
                ) as answer:
                    assert answer.status == status, path
            async with http.get(f"{app.web.url}/metrics") as answer:
                numbers = await answer.text()
        finally:
            await app.stop()
    counted = dict(re.findall(r"frontdesk_refused_calls_total\{(.*?)\} (\S+)", numbers))
    wanted: dict[str, float] = {}
    for *_, (messenger, reason) in CALLS:
        name = f'messenger="{messenger}",reason="{reason}"'
        wanted[name] = wanted.get(name, 0) + 1
    assert {name: float(value) for name, value in counted.items()} == wanted
    told = [record for record in caplog.records if getattr(record, "event", "") == "calls_refused"]
    assert len(told) == len(wanted)
    assert any("is this machine's clock right?" in record.getMessage() for record in told)
