"""HTTP delivery: signed requests to the app's request URL."""

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.slack.deliveries import Deliveries
from bot.sandbox.slack.delivery import Attempt, Delivery
from bot.sandbox.slack.model import Json
from bot.sandbox.slack.tables import LIMITS

REASONS = {"timeout": "http_timeout"}


class Pusher:
    """Posts every payload to one request URL, side by side and in no order, as Slack does.

    The signature's time is the machine's, since the receiver compares it with the machine's; ``skew`` falsifies it.
    """

    def __init__(self, deliveries: Deliveries, secret: str) -> None:
        self.url = ""
        self.skew = 0.0
        self.secret = secret
        self._deliveries = deliveries
        self._loop = asyncio.get_running_loop()
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def verify(self, url: str) -> None:
        """Ask an address to prove that it is ours, as saving it in the app's settings does."""
        challenge = {"token": "sandbox", "challenge": "3eZbrw1aB10FEMAGAZd4FyFQ", "type": "url_verification"}
        status, headers, body = await self._post(url, json.dumps(challenge), "application/json", {})
        said = _read(headers, body)
        if status != 200 or challenge["challenge"] != (said.get("challenge") if isinstance(said, dict) else said):
            raise ValueError(f"{url} did not answer the challenge: {status} {body[:200]!r}")
        self.url = url

    async def close(self) -> None:
        """Stop posting."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def carry(self, delivery: Delivery, attempt: Attempt) -> bool:
        """Begin to post a payload."""
        attempt.via = "http"
        task = self._loop.create_task(self._deliver(delivery, attempt))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    def holds(self, attempt: Attempt) -> bool:
        """Return whether the answer may still come."""
        return True

    async def _deliver(self, delivery: Delivery, attempt: Attempt) -> None:
        body, kind = _body(delivery)
        headers = {}
        if attempt.number:
            reason = REASONS.get(attempt.reason, attempt.reason)
            headers = {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": reason}
        try:
            status, answered, said = await self._post(self.url, body, kind, headers)
        except aiohttp.TooManyRedirects:
            self._deliveries.refuse(delivery, attempt, "too_many_redirects")
            return
        except (aiohttp.ClientError, OSError):
            self._deliveries.refuse(delivery, attempt, "connection_failed")
            return
        if status == 200:
            self._deliveries.acknowledge(attempt.envelope_id, _read(answered, said) if said else None)
        else:
            final = answered.get("X-Slack-No-Retry") == "1"
            self._deliveries.refuse(delivery, attempt, "http_error", final=final)

    async def _post(self, url: str, body: str, kind: str, headers: dict[str, str]) -> tuple[int, Any, bytes]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LIMITS["ack_s"] * 10))
        moment = str(int(time.time() + self.skew))
        signed = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": sign(self.secret, moment, body),
        }
        async with self._session.post(url, data=body.encode(), headers=signed | headers, max_redirects=2) as answer:
            return answer.status, answer.headers, await answer.read()


def sign(secret: str, moment: str, body: str) -> str:
    """Return the v0 signature of a request."""
    digest = hmac.new(secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256).hexdigest()
    return f"v0={digest}"


def _body(delivery: Delivery) -> tuple[str, str]:
    if delivery.is_event:
        return json.dumps(delivery.payload), "application/json"
    form: Json = delivery.payload if delivery.kind == "slash_commands" else {"payload": json.dumps(delivery.payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


def _read(headers: Any, body: bytes) -> Any:
    """Return what an answer says: an object, or plain words as those of a message."""
    text = body.decode()
    if "json" in headers.get("Content-Type", ""):
        return json.loads(text)
    return {"text": text}
