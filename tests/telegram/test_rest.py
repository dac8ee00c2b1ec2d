"""A desk says itself when nothing is under way: while an answer is still on its way to somebody, it does not."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from bot.app import App, build_app
from bot.sandbox.telegram import Person, TelegramSandbox
from bot.settings import Settings
from storage.transaction import Transaction
from tests.clock import HandClock


async def test_it_rests_when_what_was_asked_has_been_answered(
    settings: Callable[..., Settings], sandbox: TelegramSandbox, ann: Person
):
    clock = HandClock()
    app = await build_app(settings(), clock=clock)
    await app.start()
    await app.introduced()
    try:
        await app.at_rest()
        gate = sandbox.faults.hold()
        ann.starts()
        await gate.reached()
        resting = asyncio.create_task(app.at_rest())
        await asyncio.wait({resting}, timeout=0.1)
        assert not resting.done()
        gate.open()
        await resting
        assert ann.chat.find("front desk")
        await app.database.run(lambda connection: remind(app, Transaction(connection)))
        await app.at_rest()
        clock.set(clock.now() + timedelta(hours=1))
        await app.at_rest()
        due = await app.database.run(lambda connection: Transaction(connection).timers.next_due())
        assert due is None or due - clock.now() > timedelta(days=1)  # the desk's own weekly report
    finally:
        await app.stop()


def remind(app: App, tx: Transaction) -> None:
    """Set a timer that nobody's work hangs on."""
    tx.timers.schedule("nothing", app.clock.now() + timedelta(minutes=30), facts={})
