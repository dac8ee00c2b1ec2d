"""What arrives is stored before it is acknowledged, once, in order, and soon enough."""

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from bot.app import App
from bot.sandbox.slack import Person, Room, SlackSandbox
from bot.slack.adapter import Slack
from bot.slack.door import OrderedIntake
from handlers.vocabulary.messages import EVENT, Event, Kind
from storage.engine.database import DatabaseUnavailable
from storage.models import inbox
from tests.clock import MONDAY
from tests.slack.conftest import Open, registered
from tests.telegram.disk import emptied, full


def slack_of(app: App) -> Slack:
    """Return the desk's Slack."""
    found = next(iter(app.messengers.values()))
    assert isinstance(found, Slack)
    return found


async def stored(app: App, prefix: str = "m:") -> list[str]:
    """Return the words of every event in the inbox, in the order they were stored."""
    query = select(inbox.c.payload).where(inbox.c.key.startswith(prefix)).order_by(inbox.c.id)
    rows = await app.database.run(lambda connection: connection.scalars(query).all())
    return [EVENT.validate_json(row).words.text for row in rows]


async def test_a_full_disk_acknowledges_no_event_and_slack_sends_it_again(
    opened: Open, sandbox: SlackSandbox, ann: Person
):
    async with opened() as app:
        ann.says("hello there")
        await sandbox.until(lambda: ann.chat.texts)
        await sandbox.settled()
        await full(app)
        before = len(ann.chat.texts)
        ann.says("my printer is on fire" + "!" * 4000)
        await sandbox.until(lambda: sandbox.deliveries[-1].attempts)
        await asyncio.sleep(0.2)
        assert not sandbox.deliveries[-1].acked
        assert len(ann.chat.texts) == before
        await emptied(app)
        sandbox.sockets.refresh()  # what nobody acknowledged comes again on the next connection
        await sandbox.until(lambda: len(ann.chat.texts) > before)
        await sandbox.settled()
        assert len([text for text in await stored(app) if text.startswith("my printer")]) == 1


async def test_a_database_in_trouble_leaves_a_press_unacknowledged_so_that_it_is_seen_to_have_failed(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened() as app:
        card = await registered(sandbox, ann, team)
        broken = "CREATE TRIGGER broken BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'broken'); END"
        await app.database.run(lambda connection: connection.exec_driver_sql(broken))
        press = bob.presses("Claim", at=card)
        await sandbox.until(lambda: press.lost)
        assert press in bob.failures
        await app.database.run(lambda connection: connection.exec_driver_sql("DROP TRIGGER broken"))
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: ann.chat.find("is on your request"))


async def test_a_press_sent_twice_counts_once(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened() as app:
        card = await registered(sandbox, ann, team)
        press = bob.presses("Claim", at=card)
        await sandbox.until(lambda: bob.ephemerals)
        sandbox.redeliver(press)
        await sandbox.settled()
        await app.at_rest()
        assert [seen.text for seen in bob.ephemerals] == ["#1 is yours."]


async def test_an_event_sent_twice_is_heard_once(opened: Open, sandbox: SlackSandbox, ann: Person):
    async with opened() as app:
        ann.says("where is the canteen?")
        await sandbox.until(lambda: ann.chat.texts)
        sandbox.redeliver(sandbox.deliveries_of("message")[0])
        await sandbox.settled()
        ann.says("thanks")
        await sandbox.until(lambda: len(ann.chat.texts) == 2)
        assert await stored(app) == ["where is the canteen?", "thanks"]


async def test_a_mention_that_comes_as_two_events_is_heard_once_and_answered_in_its_thread(
    opened: Open, sandbox: SlackSandbox, ann: Person, team: Room
):
    room = sandbox.channel("general", members=[ann])
    async with opened() as app:
        asked = ann.mentions("where is the canteen?", at=room)
        await sandbox.until(lambda: room.texts)
        await sandbox.settled()
        assert sandbox.deliveries_of("message")
        assert sandbox.deliveries_of("app_mention")
        assert await stored(app) == ["where is the canteen?"]
        assert len(room.texts) == 1
        assert room.last.thread == asked.ts


async def test_two_hundred_events_wait_for_nobody_elses_name_and_are_kept_in_order(
    opened: Open, sandbox: SlackSandbox, team: Room
):
    people = [sandbox.person(f"Person {n}") for n in range(10)]
    async with opened() as app:
        gate = sandbox.faults.hold(method="users.info", times=1)  # Slack does not say who the first one is
        for n in range(20):
            for person in people:
                person.says(f"{person.name} says {n}")
        await gate.reached()
        await sandbox.until(lambda: len(sandbox.latencies) >= 180)  # everybody else's are acknowledged
        gate.open()
        await sandbox.settled()
        assert len(sandbox.latencies) >= 200
        said = await stored(app)
        for person in people:
            own = [text for text in said if text.startswith(f"{person.name} says")]
            assert own == [f"{person.name} says {n}" for n in range(20)]


async def test_slack_that_does_not_say_who_somebody_is_delays_nobody(opened: Open, sandbox: SlackSandbox, ann: Person):
    async with opened():
        sandbox.faults.hold(method="users.info")  # and is not waited for
        ann.says("hello there")
        await sandbox.until(lambda: ann.chat.texts)
        sandbox.faults.clear()


async def test_a_stranger_who_does_two_things_at_once_has_a_name_in_both(
    opened: Open, sandbox: SlackSandbox, bob: Person, team: Room
):
    async with opened() as app:
        sandbox.faults.slow(0.2, method="users.info")
        bob.opens_home()
        bob.says("shall we?", at=team)
        await sandbox.settled()
        rows = await app.database.run(lambda connection: connection.scalars(select(inbox.c.payload)).all())
        senders = [EVENT.validate_json(row).sender for row in rows]
        assert [sender.name for sender in senders if sender] == ["bob", "bob"]


async def test_nobody_is_renamed_to_an_id_while_slack_does_not_say_who_they_are(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        ann.says("first")
        await sandbox.until(lambda: ann.chat.texts)
    async with opened():
        sandbox.faults.error("internal_error", method="users.info", times=None)
        ann.says("My card was charged twice")
        await sandbox.until(lambda: ann.chat.find("2 of your messages"))
        ann.presses("I still need a person")
        await sandbox.until(lambda: ann.modal)
        ann.fills({"type": "Something else"})
        await sandbox.until(lambda: ann.modal and "other.details" in ann.modal.fields)
        ann.submits()
        card = await sandbox.until(lambda: team.find("#1"))
        assert "ann @ann" in card.text


@pytest.mark.parametrize("error", [None, DatabaseUnavailable("busy")])
async def test_a_call_that_is_broken_off_holds_up_none_that_came_with_it(error: Exception | None):
    begun, held = asyncio.Event(), asyncio.Event()

    async def accept(_: Sequence[Event]) -> None:
        begun.set()
        await held.wait()
        if error is not None:
            raise error

    async def made() -> Event:
        return Event(Kind.TEXT, "slack:T1", "m:1", "ann", MONDAY)

    door = OrderedIntake(accept)
    calls = [asyncio.create_task(door.pass_in(str(number), made)) for number in range(3)]
    await begun.wait()
    calls[0].cancel()
    await asyncio.sleep(0)
    held.set()
    told = await asyncio.wait_for(asyncio.gather(*calls, return_exceptions=True), 10)
    assert isinstance(told[0], asyncio.CancelledError)
    assert told[1:] == [error, error]


async def test_words_of_other_bots_are_nobodys(opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person):
    robot = sandbox.person("Robot", bot=True)
    room = sandbox.channel("general", members=[ann, robot])
    async with opened() as app:
        robot.mentions("shall we talk for ever?", at=room)
        ann.mentions("is anybody there?", at=room)
        await sandbox.until(lambda: room.texts)
        assert await stored(app) == ["is anybody there?"]


async def test_the_first_event_is_not_lost_where_slack_does_not_answer(
    opened: Open, sandbox: SlackSandbox, ann: Person
):
    """Left to itself, bolt asks whose token it is at the first event, and acknowledges it where that fails."""
    async with opened():
        sandbox.faults.error("internal_error", method="auth.test", times=None)
        ann.says("hello there")
        await sandbox.until(lambda: ann.chat.texts)
