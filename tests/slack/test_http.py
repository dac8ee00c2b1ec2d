"""HTTP mode: signed calls only, the same events once, and what failed comes again."""

import asyncio

from bot.sandbox.slack import Person, Room, SlackSandbox
from tests.slack.conftest import Open, registered
from tests.slack.test_door import stored
from tests.telegram.disk import emptied, full


async def test_a_request_from_the_first_word_to_the_claim(
    hooked: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with hooked():
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: ann.chat.find("is on your request"))
        bob.runs("/desk queue", at=team)
        await sandbox.until(lambda: team.find("1 ticket in the queue"))
        await sandbox.settled()
        assert max(sandbox.latencies) < 3


async def test_a_wrong_secret_or_an_old_time_is_refused(hooked: Open, sandbox: SlackSandbox, ann: Person):
    async with hooked() as app:
        sandbox.falsify(secret="guessed")
        ann.says("from somebody else")
        await sandbox.until(lambda: sandbox.deliveries_of("message")[0].tried > 1)
        sandbox.falsify(skew=-400)
        ann.says("heard on the way and said again")
        await sandbox.until(lambda: sandbox.deliveries_of("message")[1].tried > 1)
        sandbox.falsify()
        ann.says("truly me")
        await sandbox.until(lambda: ann.chat.texts)
        assert await stored(app) == ["truly me"]


async def test_a_retry_is_heard_once(hooked: Open, sandbox: SlackSandbox, ann: Person):
    async with hooked() as app:
        ann.says("hello there")
        await sandbox.until(lambda: ann.chat.texts)
        first = sandbox.deliveries_of("message")[0]
        sandbox.redeliver(first)
        await sandbox.until(lambda: first.acked)
        assert first.attempts[-1].number == 1
        assert await stored(app) == ["hello there"]


async def test_a_full_disk_makes_slack_try_again(hooked: Open, sandbox: SlackSandbox, ann: Person):
    async with hooked() as app:
        ann.says("hello there")
        await sandbox.until(lambda: ann.chat.texts)
        await full(app)
        ann.says("my printer is on fire" + "!" * 4000)
        delivery = sandbox.deliveries_of("message")[-1]
        await sandbox.until(lambda: delivery.tried > 1)
        assert not delivery.acked
        await emptied(app)
        await sandbox.until(lambda: len(ann.chat.texts) == 2)  # read back: Slack would wait a minute
        await asyncio.sleep(0)
