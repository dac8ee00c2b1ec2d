"""The open line: a silent one is replaced, and what was said while nobody listened is read back."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler

from bot.app import App
from bot.sandbox.slack import Person, Room, SlackSandbox
from bot.slack import socket
from storage.engine.database import Connection
from storage.transaction import Transaction
from tests.clock import MONDAY, HandClock
from tests.slack.conftest import Open, registered
from tests.slack.test_door import slack_of, stored


async def steady(app: App) -> None:
    """Let the line be looked at once: all is well."""
    await slack_of(app)._catching.steady(app._accept, failed=False)


async def reread(app: App) -> None:
    """Let everything be read back, whether or not there was a gap."""
    await slack_of(app)._catching.read(app._accept, failed=True)


def lose(sandbox: SlackSandbox, ann: Person) -> None:
    """Let Ann say what Slack has given up: it never comes as an event."""
    sandbox.subscribe(["reaction_added"])
    ann.says("lost by Slack")
    sandbox.subscribe()


async def counted(pings: int) -> None:
    """Let so many pings go by."""
    for _ in range(pings):
        await asyncio.sleep(socket.PING)


async def slept(sandbox: SlackSandbox, clock: HandClock) -> None:
    """Let minutes go by in which nobody listens, ten at least, until Slack gives up what it has to say."""
    awake = clock.now() + timedelta(minutes=10)

    def given_up() -> bool:
        return clock.now() >= awake and all(d.lost for d in sandbox.deliveries if not d.acked)

    await clock.passes_until(given_up, timedelta(minutes=1))


async def heard(sandbox: SlackSandbox, clock: HandClock, shown: Callable[[], object]) -> None:
    """Let seconds go by until something is shown: what is said at once is told in one post a little later."""
    for _ in range(100):
        if shown():
            return
        clock.set(clock.now() + timedelta(seconds=1))
        await asyncio.sleep(0.05)
    await sandbox.until(shown)


@pytest.mark.parametrize("deaf", [True, False], ids=["takes no goodbye", "takes a goodbye"])
async def test_a_silent_line_is_replaced_within_six_pings_and_nothing_is_lost(
    opened: Open, sandbox: SlackSandbox, ann: Person, deaf: bool
):
    """Six pings are 30 seconds as it ships; here a ping is half a second."""
    async with opened() as app:
        ann.says("before")
        await sandbox.until(lambda: ann.chat.texts)
        sandbox.sockets.silence(deaf=deaf)
        pings = asyncio.create_task(counted(6 + 2))  # as slow as everything else on a busy machine
        ann.says("into silence")
        await sandbox.until(lambda: ann.chat.find("All 2 of your messages"))
        assert not pings.done()
        pings.cancel()
        assert await stored(app) == ["before", "into silence"]


async def test_a_line_that_is_told_twice_to_end_leaves_nothing_open(
    opened: Open, sandbox: SlackSandbox, monkeypatch: pytest.MonkeyPatch
):
    """As when a token is taken away and the process stops while Slack's answer to the goodbye is still awaited."""
    lines: list[AsyncSocketModeHandler] = []

    def kept(*args: Any, **more: Any) -> AsyncSocketModeHandler:
        lines.append(real(*args, **more))
        return lines[-1]

    real = AsyncSocketModeHandler
    monkeypatch.setattr(socket, "AsyncSocketModeHandler", kept)
    monkeypatch.setattr(socket, "CLOSING", 2.0)
    async with opened() as app:
        sandbox.sockets.silence(deaf=True)
        (serving,) = app.reception._tasks.values()
        serving.cancel()
        while not lines[0].client.closed:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
        assert not serving.done(), "it still says goodbye"
        serving.cancel()
        await app.reception.ended()
        assert [line.client.aiohttp_client_session.closed for line in lines] == [True]
        assert lines[0].client.message_processor.done()


async def test_a_line_that_was_asked_to_be_replaced_loses_nothing(opened: Open, sandbox: SlackSandbox, ann: Person):
    async with opened() as app:
        for n in range(10):
            ann.says(f"word {n}")
            if n == 5:
                sandbox.sockets.refresh()
        await sandbox.until(lambda: sandbox.sockets.opened == 2)
        await sandbox.settled()
        assert sorted(await stored(app)) == [f"word {n}" for n in range(10)]


async def test_an_address_that_has_grown_stale_is_asked_for_anew(opened: Open, sandbox: SlackSandbox, ann: Person):
    async with opened():
        sandbox.sockets.refuse()
        sandbox.sockets.cut()
        await sandbox.until(lambda: len(sandbox.calls_of("apps.connections.open")) > 2)
        sandbox.sockets._tickets.clear()  # an address serves for a while only
        sandbox.sockets.refuse(on=False)
        ann.says("are you back?")
        await sandbox.until(lambda: ann.chat.texts)


async def test_after_ten_minutes_down_nothing_is_lost_and_nothing_doubled(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, clock: HandClock
):
    eve, dan = sandbox.person("Eve"), sandbox.person("Dan")
    general = sandbox.channel("general", members=[dan])
    async with opened(clock) as app:
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        await sandbox.until(lambda: ann.chat.find("is on your request"))
        root = ann.chat.find("#1 is registered")
        heard = await stored(app)
        await steady(app)
    ann.says("in the DM while you slept")
    ann.says("in the thread while you slept", thread=root)
    bob.says("!r in the team's thread while you slept", at=team, thread=card)
    bob.says("a note while you slept", at=team, thread=card)
    eve.says("somebody new while you slept")
    dan.mentions("in passing while you slept", at=general)
    ann.uploads("log.txt", b"while you slept", thread=root)
    await slept(sandbox, clock)
    async with opened(clock) as app:
        await sandbox.until(lambda: eve.chat.texts and general.texts)
        await sandbox.until(lambda: ann.chat.find("in the team's thread while you slept"))
        clock.set(clock.now() + timedelta(seconds=10))  # what was said at once is told in one post
        await sandbox.until(lambda: team.find("in the thread while you slept"))
        said = await stored(app)
        assert len(said) == len(heard) + 7
        sandbox.sockets.refresh()
        await sandbox.until(lambda: sandbox.sockets.opened == 3)
        await reread(app)
        assert await stored(app) == said


async def test_what_was_said_meanwhile_in_threads_of_no_request_is_read_back(
    opened: Open, sandbox: SlackSandbox, ann: Person, team: Room, clock: HandClock
):
    """Under the bot's answer in the own chat, and under what somebody said among others: the request is of that then."""
    dan = sandbox.person("Dan")
    general = sandbox.channel("general", members=[ann, dan])
    async with opened(clock) as app:

        def keep(connection: Connection) -> None:
            source = f"slack:{sandbox.team_id}"
            Transaction(connection).request_channels.keep(source, general.id, title="general", settings={}, at=MONDAY)

        await app.database.run(keep)
        ann.says("before")
        await sandbox.until(lambda: any(said.from_bot for said in ann.chat.messages))
        answer = next(said for said in ann.chat.messages if said.from_bot)
        post = ann.says("My screen is dark since this morning", at=general)
        await heard(sandbox, clock, lambda: not sandbox.unacked)
        await steady(app)
    ann.says("under the answer while you slept", thread=answer)
    dan.mentions("can somebody look?", at=general, thread=post)
    await slept(sandbox, clock)
    async with opened(clock) as app:
        await sandbox.until(lambda: general.find("ann, this is request #1"))
        await sandbox.until(lambda: team.find("My screen is dark since this morning"))
        assert "under the answer while you slept" in await stored(app)


async def test_edits_and_deletions_of_the_time_down_are_read_back(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, clock: HandClock
):
    async with opened(clock) as app:
        card = await registered(sandbox, ann, team)
        bob.presses("Claim", at=card)
        root = await sandbox.until(lambda: ann.chat.find("is on your request") and ann.chat.find("#1 is registered"))
        said = []
        for word in ("first", "second", "third"):
            said.append(ann.says(f"{word} thing", thread=root))
            await heard(sandbox, clock, partial(team.find, f"{word} thing"))
        sent = bob.says("!r sent too soon", at=team, thread=card)
        changed = bob.says("!r sent with a mistkae", at=team, thread=card)
        note = bob.says("a note nobody needs", at=team, thread=card)
        await sandbox.until(lambda: ann.chat.find("mistkae"))
        await sandbox.settled()
        await steady(app)
    ann.edits(said[0], "first thing, corrected")
    ann.deletes(said[1])
    bob.deletes(sent)
    bob.edits(changed, "!r sent without a mistake")
    bob.deletes(note)
    ann.edits(ann.says("fourth thing", thread=root), "fourth thing, corrected")
    await slept(sandbox, clock)
    async with opened(clock) as app:
        await sandbox.until(lambda: ann.chat.find("without a mistake") and not ann.chat.find("sent too soon"))
        await heard(
            sandbox, clock, lambda: team.find("first thing, corrected") and team.find("fourth thing, corrected")
        )
        await sandbox.until(lambda: not any("second thing" in seen.text for seen in team.thread(card)))
        known = await stored(app)
        await reread(app)
        await sandbox.settled()
        assert await stored(app) == known, "read twice, heard once"
        assert ann.chat.find("mistkae") is None
        assert any("third thing" in seen.text for seen in team.thread(card)), "what nobody deleted stays"


async def test_emoji_of_the_time_down_are_read_back(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, clock: HandClock
):
    eve = sandbox.person("Eve")
    eve.joins(team)
    async with opened(clock) as app:
        first = await registered(sandbox, ann, team)
        eve.shortcut("new_request")
        await sandbox.until(lambda: eve.modal)
        eve.fills({"type": "Something else"})
        await sandbox.until(lambda: eve.modal and "other.details" in eve.modal.fields)
        eve.fills({"other.details": "another one"})
        eve.submits()
        second = await sandbox.until(lambda: team.find("another one"))
        bob.reacts("eyes", second)
        await sandbox.until(lambda: "bob" in sandbox.message(team.id, second.ts).text)
        await sandbox.settled()
        await steady(app)
    eve.reacts("eyes", first)
    bob.unreacts("eyes", second)
    await slept(sandbox, clock)
    async with opened(clock) as app:
        await sandbox.until(lambda: ann.chat.find("eve is on your request"))
        await sandbox.until(lambda: "nobody has it" in sandbox.message(team.id, second.ts).text)
        known = await stored(app, "r:")
        await sandbox.until(lambda: "Release" in sandbox.message(team.id, first.ts).options)
        eve.chooses("Release", at=sandbox.message(team.id, first.ts))
        await sandbox.until(lambda: "nobody has it" in sandbox.message(team.id, first.ts).text)
        await reread(app)
        await sandbox.settled()
        assert await stored(app, "r:") == known, "an emoji that was heard once is not heard again"
        assert "nobody has it" in sandbox.message(team.id, first.ts).text


async def test_what_could_not_be_stored_is_read_back_though_slack_gave_it_up(
    opened: Open, sandbox: SlackSandbox, ann: Person, clock: HandClock
):
    async with opened(clock) as app:
        ann.says("before")
        await sandbox.until(lambda: ann.chat.texts)
        await steady(app)
        lose(sandbox, ann)
        door = slack_of(app)._receiver.door
        assert door is not None
        door.failed = True
        await sandbox.until(lambda: ann.chat.find("All 2 of your messages"))
        assert await stored(app) == ["before", "lost by Slack"]


async def test_what_was_said_while_nobody_listened_is_read_back_though_it_fails_twice(
    opened: Open, sandbox: SlackSandbox, ann: Person, clock: HandClock
):
    async with opened(clock) as app:
        ann.says("before")
        await sandbox.until(lambda: ann.chat.texts)
        await steady(app)
    ann.says("while you slept")
    await slept(sandbox, clock)
    fault = sandbox.faults.error("internal_error", method="conversations.history", times=2)
    async with opened(clock) as app:
        await sandbox.until(lambda: ann.chat.find("All 2 of your messages"))
        assert fault.hits == 2
        assert await stored(app) == ["before", "while you slept"]


async def test_what_could_not_be_stored_is_read_back_though_it_fails_twice(
    opened: Open, sandbox: SlackSandbox, ann: Person, clock: HandClock
):
    """The mark says that all was heard a moment ago: that something was not is remembered until it is read back."""
    async with opened(clock) as app:
        ann.says("before")
        await sandbox.until(lambda: ann.chat.texts)
        await steady(app)
        lose(sandbox, ann)
        fault = sandbox.faults.error("internal_error", method="conversations.history", times=2)
        door = slack_of(app)._receiver.door
        assert door is not None
        door.failed = True
        await sandbox.until(lambda: ann.chat.find("All 2 of your messages"))
        assert fault.hits == 2
        assert await stored(app) == ["before", "lost by Slack"]


async def test_what_could_not_be_stored_while_something_was_read_back_is_read_back_after_it(
    opened: Open, sandbox: SlackSandbox, ann: Person, clock: HandClock
):
    async with opened(clock) as app:
        ann.says("before")
        await sandbox.until(lambda: ann.chat.texts)
        await steady(app)
        gate = sandbox.faults.hold(after=True, method="conversations.history", channel=ann.chat)
        reading = asyncio.create_task(reread(app))
        await gate.reached()
        lose(sandbox, ann)
        await slack_of(app)._catching.steady(app._accept, failed=True)  # which has no turn now
        gate.open()
        await reading
        await sandbox.until(lambda: ann.chat.find("All 2 of your messages"))
        assert await stored(app) == ["before", "lost by Slack"]


async def test_what_came_whenever_the_desk_was_down_for_a_moment_is_read_back(
    opened: Open, sandbox: SlackSandbox, ann: Person, clock: HandClock
):
    """Each pause is short enough for Slack to try again, but each of its tries met one."""
    async with opened(clock) as app:
        ann.says("before")
        await sandbox.until(lambda: ann.chat.texts)
        await steady(app)
    lose(sandbox, ann)
    for _ in range(8):
        clock.set(clock.now() + timedelta(seconds=100))
        async with opened(clock) as app:
            await steady(app)
            heard = await stored(app)
    assert heard == ["before", "lost by Slack"]


async def test_of_several_processes_one_holds_the_line_and_the_next_takes_it_over(
    opened: Open, sandbox: SlackSandbox, ann: Person, postgres_url: str
):
    """Slack spreads events over all lines: with one in each process, a person's words would come out of order."""
    async with AsyncExitStack() as elder:
        await elder.enter_async_context(opened(database_url=postgres_url))
        async with opened(database_url=postgres_url) as younger:
            words = [f"word {number}" for number in range(10)]
            for text in words:
                ann.says(text)
            await sandbox.settled()
            assert sandbox.sockets.opened == 1
            await elder.aclose()
            ann.says("are you still there?")
            await sandbox.until(lambda: sandbox.sockets.opened == 2)
            await sandbox.settled()
            assert await stored(younger) == [*words, "are you still there?"]
