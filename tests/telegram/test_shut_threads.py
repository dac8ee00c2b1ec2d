"""A thread that takes nothing: what can be said is said beside it, and what cannot is refused by the messenger's own word."""

from dataclasses import replace

import pytest

from bot.messengers.protocol import Rejected
from bot.sandbox.telegram import Group, Person, TelegramSandbox
from bot.telegram.adapter import Telegram
from handlers.vocabulary.messages import Operation
from tests.storage.rows import transact
from tests.telegram.test_deadlines import attempt, database, messenger, taken, threaded

__all__ = ["database", "messenger"]

CLOSED = "Bad Request: TOPIC_CLOSED"


async def test_it_is_said_beside_it(database, messenger: Telegram, sandbox: TelegramSandbox, team: Group, ann: Person):
    await transact(database, lambda tx: threaded(tx, messenger, team))
    sandbox.faults.error(400, CLOSED, method="sendMessage")
    sent = await attempt(database, messenger, await taken(database, messenger)).run()
    [said] = [seen for seen in team.general if "words" in seen.text]
    assert sent.sent == (str(said.id),)


async def test_where_nothing_is_taken_beside_it_either_it_is_refused(
    database, messenger: Telegram, sandbox: TelegramSandbox, team: Group
):
    await transact(database, lambda tx: threaded(tx, messenger, team))
    fault = sandbox.faults.error(400, CLOSED, method="sendMessage", times=2)
    delivery = await taken(database, messenger)
    with pytest.raises(Rejected) as refused:
        await attempt(database, messenger, delivery).run()
    assert (fault.hits, refused.value.reason) == (2, "topic_closed")
    assert "CLOSED" in refused.value.word


async def test_what_says_nothing_has_no_place_beside_it(
    database, messenger: Telegram, sandbox: TelegramSandbox, team: Group
):
    await transact(database, lambda tx: threaded(tx, messenger, team))
    fault = sandbox.faults.error(400, CLOSED, method="editMessageText", times=2)
    delivery = replace(await taken(database, messenger), operation=Operation.EDIT, shown=("7",))
    with pytest.raises(Rejected) as refused:
        await attempt(database, messenger, delivery).run()
    assert (fault.hits, refused.value.reason) == (1, "refused")
