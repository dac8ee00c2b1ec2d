import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from bot.sandbox.clock import ManualClock
from bot.sandbox.telegram import Group, Keep, Person, Rates, TelegramSandbox
from tests.sandbox.conftest import Ask


async def test_errors_on_purpose(sandbox: TelegramSandbox, bot: Bot, ann: Person) -> None:
    sandbox.faults.retry_after(7, chat=ann)
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(ann.id, "x")
    assert refused.value.retry_after == 7
    sandbox.faults.error(500, "Internal Server Error", times=2)
    for _ in range(2):
        with pytest.raises(TelegramServerError):
            await bot.send_message(ann.id, "x")
    sandbox.faults.html()
    with pytest.raises(ClientDecodeError):
        await bot.send_message(ann.id, "x")
    await bot.send_message(ann.id, "at last")
    assert ann.chat.texts == ["at last"]
    assert [call.status for call in sandbox.calls] == [429, 500, 500, 502, 200]


async def test_a_dropped_connection_before_and_after_the_effect(
    sandbox: TelegramSandbox, bot: Bot, ann: Person
) -> None:
    sandbox.faults.drop(after=False)
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ann.id, "never said")
    sandbox.faults.drop(after=True)
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ann.id, "said, but who knows")
    assert ann.chat.texts == ["said, but who knows"]


async def test_a_gate_holds_calls_until_it_is_opened(sandbox: TelegramSandbox, bot: Bot, ann: Person) -> None:
    gate = sandbox.faults.hold(method="sendMessage", after=True)
    call = asyncio.create_task(bot.send_message(ann.id, "held"))
    await gate.reached()
    assert ann.chat.texts == ["held"]
    assert not call.done()
    gate.open()
    await call


async def test_a_share_of_calls_fails_the_same_way_for_the_same_seed(
    ann: Person, ask: Ask, sandbox: TelegramSandbox
) -> None:
    fault = sandbox.faults.error(502, "Bad Gateway", times=None, share=0.3)
    answers = [(await ask("sendMessage", chat_id=ann.id, text="x"))["ok"] for _ in range(40)]
    assert answers.count(False) == fault.hits
    assert 5 < fault.hits < 20


async def test_rates_by_the_clock(
    sandbox: TelegramSandbox, clock: ManualClock, ask: Ask, ann: Person, team: Group
) -> None:
    sandbox.set_rates(Rates())
    answers = [await ask("sendMessage", chat_id=team.id, text="x") for _ in range(21)]
    assert [answer["ok"] for answer in answers] == [True] * 20 + [False]
    assert answers[-1]["parameters"]["retry_after"] == 60
    assert [found.rule for found in sandbox.violations] == ["rate"]
    clock.advance(60)
    assert (await ask("sendMessage", chat_id=team.id, text="x"))["ok"]

    answers = [await ask("sendMessage", chat_id=ann.id, text="x") for _ in range(6)]
    assert answers[-1]["description"] == "Too Many Requests: retry after 1"
    clock.advance(1)
    assert (await ask("sendMessage", chat_id=ann.id, text="x"))["ok"]


async def test_the_rate_over_all_chats(sandbox: TelegramSandbox, ask: Ask) -> None:
    sandbox.set_rates(Rates())
    people = [sandbox.person(f"P{number}") for number in range(31)]
    for person in people:
        person.starts()
    answers = [await ask("sendMessage", chat_id=person.id, text="x") for person in people]
    assert [answer["ok"] for answer in answers] == [True] * 30 + [False]


async def test_the_past_is_forgotten_where_asked() -> None:
    async with await TelegramSandbox.start(keep=Keep(calls=2, updates=3, messages=4)) as sandbox:
        ann = sandbox.person("Ann")
        for number in range(10):
            ann.says(str(number))
        assert [message.text for message in ann.chat.messages] == ["6", "7", "8", "9"]
        assert len(sandbox.updates) == 3
        assert len(sandbox.unconfirmed) == 10


async def test_a_call_that_has_come_in_is_carried_out_though_its_caller_dies(
    sandbox: TelegramSandbox, ann: Person
) -> None:
    gate = sandbox.faults.hold(method="sendMessage")
    _, dying = await asyncio.open_connection("127.0.0.1", int(sandbox.url.rpartition(":")[2]))
    path = f"/bot{sandbox.token}/sendMessage?chat_id={ann.id}&text=Hello"
    dying.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await gate.reached()
    dying.transport.abort()
    assert ann.chat.texts == []
    gate.open()
    await sandbox.until(lambda: ann.chat.texts == ["Hello"])
