import asyncio

import pytest
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import ManualClock
from bot.sandbox.slack import Keep, Person, Rates, Room, SlackSandbox
from tests.sandbox.slack.conftest import Ask


async def test_errors_on_purpose(slack: SlackSandbox, client: AsyncWebClient, ann: Person) -> None:
    slack.faults.ratelimited(7, channel=ann)
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=ann.id, text="x")
    assert refused.value.response.headers["Retry-After"] == "7"
    assert refused.value.response["error"] == "ratelimited"
    slack.faults.error("internal_error", after=True)
    with pytest.raises(SlackApiError, match="internal_error"):
        await client.chat_postMessage(channel=ann.id, text="said all the same")
    slack.faults.html()
    with pytest.raises(SlackApiError, match="status: 503"):
        await client.chat_postMessage(channel=ann.id, text="x")
    assert ann.chat.texts == ["said all the same"]
    assert [call.status for call in slack.calls] == [429, 200, 503]


async def test_a_dropped_connection_before_and_after_the_effect(
    slack: SlackSandbox, client: AsyncWebClient, ann: Person
) -> None:
    client.retry_handlers.clear()
    for after in (False, True):
        slack.faults.drop(after=after)
        with pytest.raises(ClientError):
            await client.chat_postMessage(channel=ann.id, text=f"after: {after}")
    assert ann.chat.texts == ["after: True"]


async def test_a_gate_holds_calls_until_it_is_opened(slack: SlackSandbox, client: AsyncWebClient, ann: Person) -> None:
    gate = slack.faults.hold(method="chat.postMessage", after=True)
    call = asyncio.create_task(client.chat_postMessage(channel=ann.id, text="held"))
    await gate.reached()
    assert ann.chat.texts == ["held"]
    assert not call.done()
    gate.open()
    await call


async def test_rates_by_the_clock(slack: SlackSandbox, clock: ManualClock, ask: Ask, ann: Person, team: Room) -> None:
    slack.set_rates(Rates())
    answers = [await ask("chat.postMessage", channel=team.id, text="x") for _ in range(6)]
    assert [answer["ok"] for answer in answers] == [True] * 5 + [False]
    assert (await ask("chat.postMessage", channel=ann.chat.id, text="x"))["ok"]
    clock.advance(1)
    assert (await ask("chat.postMessage", channel=team.id, text="x"))["ok"]
    answers = [await ask("users.list") for _ in range(21)]
    assert [answer["ok"] for answer in answers] == [True] * 20 + [False]
    assert [violation.rule for violation in slack.violations] == ["rate", "rate"]
    clock.advance(60)
    assert (await ask("users.list"))["ok"]


async def test_the_past_is_forgotten_where_asked() -> None:
    async with await SlackSandbox.start(keep=Keep(calls=2, deliveries=3, messages=4)) as slack:
        ann = slack.person("Ann")
        for number in range(10):
            ann.says(str(number))
        assert [message.text for message in ann.chat.messages] == ["6", "7", "8", "9"]
        assert len(slack.deliveries) == 3


async def test_people_do_only_what_their_apps_offer(slack: SlackSandbox, ann: Person, bob: Person, team: Room) -> None:
    with pytest.raises(ValueError, match="Ann Lee is not in support"):
        ann.says("hello", at=team)
    said = bob.says("hello", at=team)
    with pytest.raises(ValueError, match="not Ann Lee's"):
        ann.deletes(said)
    with pytest.raises(ValueError, match="do not work in threads"):
        bob.runs("/desk help", at=said)
    with pytest.raises(LookupError, match="no button 'Go'"):
        bob.presses("Go", at=team)
    team.archive()
    with pytest.raises(ValueError, match="is archived"):
        bob.says("hello", at=team)
    bob.vanishes()
    with pytest.raises(ValueError, match="has left the workspace"):
        bob.says("hello")


async def test_waiting_tells_the_story_when_it_is_in_vain(slack: SlackSandbox, ask: Ask, ann: Person) -> None:
    await ask("chat.postMessage", channel=ann.id, text="hello")
    with pytest.raises(TimeoutError, match=r"chat.postMessage .*hello"):
        await slack.until(lambda: ann.chat.find("good bye"), 0.01)
