import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.sandbox.clock import ManualClock
from bot.sandbox.slack import Person, SlackSandbox
from tests.sandbox.slack.conftest import Ask
from tests.sandbox.slack.kit import modal


async def serve(app: web.Application) -> tuple[web.AppRunner, int]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, runner.addresses[0][1]


@pytest.fixture
async def url(app: AsyncApp) -> AsyncIterator[str]:
    """Where the real Bolt listens for requests."""
    runner, port = await serve(app.server(port=0, path="/slack/events").web_app)
    yield f"http://127.0.0.1:{port}/slack/events"
    await runner.cleanup()


class Receiver:
    """A receiver that answers what the test says."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.answers: list[web.Response] = []

    async def take(self, request: web.Request) -> web.Response:
        body = await request.json()
        if "challenge" in body:
            return web.json_response({"challenge": body["challenge"]})
        self.requests.append(request)
        return self.answers.pop(0) if self.answers else web.Response()


@pytest.fixture
async def receiver(slack: SlackSandbox) -> AsyncIterator[Receiver]:
    found = Receiver()
    app = web.Application()
    app.router.add_post("/", found.take)
    runner, port = await serve(app)
    await slack.use_http(f"http://127.0.0.1:{port}/")
    yield found
    await runner.cleanup()


async def test_bolt_takes_signed_requests(slack: SlackSandbox, app: AsyncApp, url: str, ann: Person) -> None:
    @app.event("message")
    async def echo(event: dict[str, Any], say: Any) -> None:
        await say(f"You said {event['text']}")

    @app.command("/desk")
    async def desk(ack: Any, command: dict[str, Any]) -> None:
        await ack(f"No command {command['text']}")

    @app.shortcut("new")
    async def new(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(callback_id="request"))

    @app.view("request")
    async def taken(ack: Any) -> None:
        await ack(response_action="errors", errors={"summary": "no"})

    await slack.use_http(url)
    ann.says("Hello")
    await slack.until(lambda: ann.chat.find("You said Hello"))
    ann.runs("/desk dance")
    await slack.until(lambda: ann.ephemerals)
    assert ann.ephemerals[0].text == "No command dance"
    ann.shortcut("new")
    await slack.until(lambda: ann.modal)
    ann.fills(summary="x")
    ann.submits()
    await slack.until(lambda: ann.modal and ann.modal.fields["summary"].error == "no")
    await slack.settled()


async def test_bolt_refuses_a_false_signature_and_an_old_request(
    slack: SlackSandbox, app: AsyncApp, url: str, ann: Person
) -> None:
    await slack.use_http(url)
    slack.falsify(secret="guessed")
    ann.runs("/desk")
    await slack.until(lambda: len(ann.failures) == 1)
    slack.falsify(skew=-301)
    ann.runs("/desk")
    await slack.until(lambda: len(ann.failures) == 2)
    assert {refused.failed for refused in ann.failures} == {"http_error"}


async def test_events_are_sent_again_with_the_reason(
    slack: SlackSandbox, clock: ManualClock, receiver: Receiver, ann: Person
) -> None:
    receiver.answers = [web.Response(status=500), web.Response(status=503), web.Response()]
    ann.says("Hello")
    await slack.until(lambda: len(slack.deliveries[0].attempts) == 2 and slack.deliveries[0].attempts[1].failed)
    await asyncio.sleep(0)
    clock.advance(60)
    await slack.settled()
    told = [(r.headers.get("X-Slack-Retry-Num"), r.headers.get("X-Slack-Retry-Reason")) for r in receiver.requests]
    assert told == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert slack.deliveries[0].acked


async def test_a_receiver_may_decline_retries(slack: SlackSandbox, receiver: Receiver, ann: Person) -> None:
    receiver.answers = [web.Response(status=500, headers={"X-Slack-No-Retry": "1"})]
    ann.says("Hello")
    await slack.until(lambda: slack.deliveries[0].lost)
    assert len(receiver.requests) == 1


async def test_interactions_are_sent_once(slack: SlackSandbox, receiver: Receiver, ann: Person) -> None:
    receiver.answers = [web.Response(status=500)]
    lost = ann.shortcut("new")
    await slack.until(lambda: lost.lost)
    assert ann.failures == [lost]


async def test_an_address_that_is_not_ours_is_not_taken(slack: SlackSandbox, ask: Ask) -> None:
    app = web.Application()
    runner, port = await serve(app)
    with pytest.raises(ValueError, match="did not answer the challenge"):
        await slack.use_http(f"http://127.0.0.1:{port}/")
    await runner.cleanup()


async def test_nobody_listens(
    slack: SlackSandbox, receiver: Receiver, ann: Person, http: aiohttp.ClientSession
) -> None:
    slack._space.pusher.url = "http://127.0.0.1:9/"
    lost = ann.shortcut("new")
    await slack.until(lambda: lost.lost)
    assert lost.failed == "connection_failed"
