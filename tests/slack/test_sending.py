"""What goes out arrives once and in order, whatever Slack says first; where it cannot, somebody reads why."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.slack import Person, Room, Seen, SlackSandbox
from bot.sandbox.slack.events import Events
from tests.clock import HandClock
from tests.slack.conftest import Open, registered


async def claimed(sandbox: SlackSandbox, ann: Person, bob: Person, team: Room) -> Seen:
    """Let a request be registered and taken; return its card."""
    card = await registered(sandbox, ann, team)
    bob.presses("Claim", at=card)
    await sandbox.until(lambda: ann.chat.find("is on your request"))
    return card


async def test_slack_that_says_wait_is_waited_for_and_the_order_stays(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        sandbox.faults.ratelimited(1, method="chat.postMessage", channel=ann.chat)
        begun = time.monotonic()
        for n in range(4):
            bob.says(f"!r answer {n}", at=team, thread=card)
        await sandbox.until(lambda: ann.chat.find("answer 3"))
        assert time.monotonic() - begun >= 1
        said = [text.partition("\n")[2] for text in ann.chat.texts if "answer" in text and text.startswith("bob")]
        assert said == [f"answer {n}" for n in range(4)]


async def test_a_post_of_which_nobody_knows_whether_it_arrived_is_looked_for_before_it_is_repeated(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        sandbox.faults.drop(after=True, method="chat.postMessage", channel=ann.chat)
        bob.says("!r only once", at=team, thread=card)
        await sandbox.until(lambda: team.find("✓ delivered"))
        assert len([text for text in ann.chat.texts if "only once" in text]) == 1


async def test_a_post_that_did_not_arrive_is_repeated(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        sandbox.faults.drop(after=False, method="chat.postMessage", channel=ann.chat)
        bob.says("!r only once", at=team, thread=card)
        await sandbox.until(lambda: team.find("✓ delivered"))
        assert len([text for text in ann.chat.texts if "only once" in text]) == 1


@pytest.mark.parametrize("after", [True, False], ids=["it arrived", "it did not"])
async def test_a_file_of_which_nobody_knows_whether_it_arrived_is_looked_for_before_it_is_repeated(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, after: bool
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        sandbox.faults.drop(after=after, method="files.completeUploadExternal")
        bob.uploads("fix.pdf", b"%PDF fix", text="!r read this", at=team, thread=card)
        await sandbox.until(lambda: team.find("✓ delivered") or team.find("?"))
        await sandbox.settled()
        said = [
            seen.text.partition("\n")[2] for seen in ann.chat.messages if seen.from_bot and "read this" in seen.text
        ]
        assert said == ["read this"]
        assert [file.name for seen in ann.chat.messages for file in seen.files] == ["fix.pdf"]
        assert bool(team.find("✓ delivered")) is after, "one that had to be sent again may be there twice"


async def test_a_long_answer_comes_in_parts_and_may_be_edited_longer_and_shorter(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    def parts() -> list[str]:
        return [text for text in ann.chat.texts if "w <&>" in text]

    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        said = bob.says("!r " + "w <&> " * 1000, at=team, thread=card)
        await sandbox.until(lambda: len(parts()) == 2)
        bob.edits(said, "!r " + "w <&> " * 1600)
        await sandbox.until(lambda: len(parts()) == 3)
        bob.edits(said, "!r w <&> and no more")
        await sandbox.until(lambda: [text.partition("\n")[2] for text in parts()] == ["w <&> and no more"])


async def test_an_answer_to_somebody_who_has_left_is_told_as_undelivered(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        sandbox.faults.error("is_archived", method="chat.postMessage", channel=ann.chat, times=None)
        ann.vanishes()
        bob.says("!r are you there?", at=team, thread=card)
        await sandbox.until(lambda: any("✗" in text or "not delivered" in text for text in team.texts))


async def test_a_deleted_reply_is_taken_back_from_the_requester(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        said = bob.says("!r sent too soon", at=team, thread=card)
        await sandbox.until(lambda: ann.chat.find("sent too soon"))
        bob.deletes(said)
        await sandbox.until(lambda: not ann.chat.find("sent too soon"))


async def test_a_requesters_edit_and_deletion_are_told_to_the_team(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        await claimed(sandbox, ann, bob, team)
        said = ann.says("it was on Tuesday")
        await sandbox.until(lambda: team.find("it was on Tuesday"))
        ann.edits(said, "it was on Wednesday")
        await sandbox.until(lambda: team.find("it was on Wednesday"))
        ann.deletes(said)
        await sandbox.until(lambda: not team.find("💬 ann\nit was on Tuesday"))


async def test_a_deletion_of_which_slack_says_only_where_takes_the_words_away(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, monkeypatch: pytest.MonkeyPatch
):
    tell = Events.tell

    def tells_less(self: Events, body: dict[str, Any], *rest: Any, **more: Any) -> Any:
        deleted = body.get("subtype") == "message_deleted"
        return tell(self, {k: v for k, v in body.items() if not deleted or k != "previous_message"}, *rest, **more)

    monkeypatch.setattr(Events, "tell", tells_less)
    async with opened():
        await claimed(sandbox, ann, bob, team)
        said = ann.says("my password is wombat")
        await sandbox.until(lambda: team.find("my password is wombat"))
        ann.deletes(said)
        await sandbox.until(lambda: not team.find("my password is wombat"))


async def test_files_go_both_ways_with_their_names(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        ann.uploads("screen.png", b"\x89PNG picture", text="look")
        await sandbox.until(lambda: [f.name for m in team.messages if m.from_bot for f in m.files] == ["screen.png"])
        bob.uploads("fix.pdf", b"%PDF fix", text="!r read this", at=team, thread=card)
        there = await sandbox.until(lambda: [f for m in ann.chat.messages if m.from_bot for f in m.files])
        assert [file.name for file in there] == ["fix.pdf"]
        assert sandbox.file(there[0].id).data == b"%PDF fix"


async def test_an_answer_whose_thread_was_deleted_still_arrives(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room
):
    async with opened():
        card = await claimed(sandbox, ann, bob, team)
        sandbox.faults.error("thread_not_found", method="chat.postMessage", channel=ann.chat)
        bob.says("!r beside it", at=team, thread=card)
        found = await sandbox.until(lambda: ann.chat.find("beside it"))
        assert found.thread is None


async def test_where_neither_the_thread_nor_the_channel_takes_anything_it_waits_and_arrives_once(
    opened: Open, sandbox: SlackSandbox, ann: Person, bob: Person, team: Room, clock: HandClock
):
    async with opened(clock):
        await claimed(sandbox, ann, bob, team)
        await sandbox.settled()
        fault = sandbox.faults.error(
            "restricted_action_thread_locked", channel=team, method="chat.postMessage", times=2
        )
        ann.says("and it is getting worse")
        for _ in range(100):
            clock.set(clock.now() + timedelta(seconds=10))
            await asyncio.sleep(0.02)
            if fault.hits == 2 and any("getting worse" in seen.text for seen in team.messages):
                break
        assert fault.hits == 2, "in the thread, and beside it"
        assert len([seen for seen in team.messages if "getting worse" in seen.text]) == 1
