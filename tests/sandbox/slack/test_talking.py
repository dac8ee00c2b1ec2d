from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, Room, SlackSandbox
from tests.sandbox.slack.kit import Json, button, section


async def test_a_direct_message_is_answered(slack: SlackSandbox, app: AsyncApp, ann: Person, connected: object) -> None:
    @app.event("message")
    async def echo(event: dict[str, Any], say: Any) -> None:
        await say(f"You said {event['text']}")

    ann.says("<b> & co")
    await slack.until(lambda: ann.chat.find("You said"))
    assert ann.chat.texts == ["You said <b> & co"]
    await slack.settled()
    assert [delivery.name for delivery in slack.deliveries] == ["message", "message"]
    assert slack.deliveries[1].payload["event"]["bot_id"] == slack.bot_id
    assert max(slack.latencies) < 3
    assert slack.violations == []


async def test_a_button_is_pressed(
    slack: SlackSandbox, app: AsyncApp, client: AsyncWebClient, bob: Person, team: Room, connected: object
) -> None:
    @app.action("claim")
    async def claim(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        message = body["message"]
        await client.chat_update(channel=body["channel"]["id"], ts=message["ts"], text="Bob has it")

    blocks: list[Json] = [
        section("*#1* card"),
        {"type": "actions", "elements": [button("Claim", "claim")]},
    ]
    await client.chat_postMessage(channel=team.id, text="#1 card", blocks=blocks)
    assert team.last.buttons == ["Claim"]
    press = bob.presses("Claim", at=team)
    await slack.until(lambda: team.find("Bob has it"))
    await slack.until(lambda: press.acked)
    assert team.last.buttons == []
