"""A sent reply is taken back by the command or by the button on its receipt, by its author, within two days."""

import pytest

from storage.models import MessageKind, Role
from tests.stories.harness import QUEUE, THREAD, Capability, Desk, House, Somebody, needs
from tests.stories.harness.given import talking


@needs(team=Capability.QUOTES)
async def test_by_the_command(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    reply = await bob.says("/r wrong person", at=THREAD(1))
    await ann.sees("wrong person")
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.says("/del", reply_to=reply)
    await ann.sees_no("wrong person")
    await bob.sees("taken back", buttons=[], at=THREAD(1), reply_to=reply)


@needs(team=Capability.DELETIONS)
async def test_by_deleting_it_where_it_was_written(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    reply = await bob.says("/r wrong person", at=THREAD(1))
    await ann.sees("wrong person")
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.deletes(reply)
    await ann.sees_no("wrong person")
    await bob.sees("taken back", buttons=[], at=THREAD(1))


async def test_by_the_button(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/r wrong person", at=THREAD(1))
    await ann.sees("wrong person")
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.presses("Delete", at=THREAD(1))
    bob.sees_toast("Taken back.")
    await ann.sees_no("wrong person")
    await bob.sees("taken back", buttons=[], at=THREAD(1))


async def test_an_album_goes_as_a_whole(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.sends_album("photo", "photo", caption="/r both receipts", at=THREAD(1))
    assert sum(line.kind == "photo" for line in await ann.catches_up()) == 2
    await bob.sees("✓ delivered", at=THREAD(1))
    await bob.presses("Delete", at=THREAD(1))
    await ann.sees_no("both receipts")
    assert not [line for line in desk.stage.lines(ann.native, None) if line.kind == "photo"]
    await bob.sees("taken back", at=THREAD(1))


async def test_not_by_another_agent_and_not_after_two_days(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await talking(ann, bob)
    await bob.says("/r wrong person", at=THREAD(1))
    await ann.sees("wrong person")
    await bob.sees("✓ delivered", at=THREAD(1))
    await eve.presses("Delete", at=THREAD(1))
    eve.sees_toast("Only who wrote a reply can take it back.")
    await desk.passes(hours=49)
    await bob.presses("Delete", at=THREAD(1))
    bob.sees_toast("It is over 48 hours old")


async def test_there_is_nothing_to_take_back_but_a_reply(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    note = await bob.says("a note", at=THREAD(1))
    await bob.sees("This stayed inside", at=THREAD(1))
    await bob.says("/del", reply_to=note)
    await bob.sees("Write /del in reply to a reply that was sent.", at=THREAD(1))
    await bob.says("/del", at=THREAD(1))
    await bob.sees("Write /del in reply to a reply that was sent.", at=THREAD(1))


async def test_before_it_was_sent_it_never_is(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    trouble = desk.stage.trouble(ann.native)
    trouble.begins()
    await bob.says("/r wrong person", at=THREAD(1))
    await bob.sees("⏳ queued", at=THREAD(1))
    await bob.presses("Delete", at=THREAD(1))
    trouble.ends()
    await desk.passes(minutes=5)
    await ann.sees_nothing()
    await bob.sees("taken back", at=THREAD(1))


async def test_nobody_takes_back_what_a_requester_wrote(desk: Desk, ann: Somebody, bob: Somebody):
    """The button of a receipt carries the number of a message: no other message is taken back by it, whoever presses."""
    await talking(ann, bob)
    await desk.records(lambda tx: tx.people.grant(tx.people.named("Bob")[0].id, Role.SENIOR))
    await bob.says("/r We look into it", at=THREAD(1))
    receipt = await bob.sees("✓ delivered", at=THREAD(1))
    await bob.says("/note between us", at=THREAD(1))
    await desk.settles()
    said = await desk.records(lambda tx: {one.kind: one.id for one, _ in tx.talk.of(1)})
    for kind in (MessageKind.FOLLOW_UP, MessageKind.NOTE):
        await bob.presses_name(f"unsend:{said[kind]}", receipt)
        await bob.catches_up(at=THREAD(1))
    assert await desk.records(lambda tx: {one.kind for one, _ in tx.talk.of(1)}) == set(said), "all of it stands there"
    await bob.presses("Delete", at=THREAD(1))
    await ann.sees_no("We look into it")
    await bob.catches_up(at=THREAD(1))


class TestAnAnswerToAForm:
    """What was typed into one field goes from the request it became part of."""

    @pytest.fixture
    def house(self) -> House:
        return House(windows=False)

    @needs(requesters=Capability.DELETIONS)
    async def test_that_is_deleted_after_it_was_registered(self, desk: Desk, ann: Somebody, bob: Somebody):
        await ann.says("/new")
        await ann.presses("Billing question")
        await ann.says("Charged twice")
        typed = await ann.says("hunter2canary")
        await ann.presses("Submit")
        await ann.sees("#1 is registered")
        await bob.sees("#1 Billing question", "hunter2canary", at=QUEUE)
        await bob.presses("Claim", at=QUEUE)
        await ann.catches_up()
        await bob.catches_up(at=THREAD(1))
        await ann.deletes(typed)
        await bob.sees("Ann deleted a message", at=THREAD(1))
        await bob.sees("Charged twice", at=QUEUE)
        for room, lines in desk.stage.everything().items():
            assert not [line for line in lines if "hunter2canary" in line.text and line.by_desk], room
        await bob.says("/history 1", at=THREAD(1))
        await ann.says("/status 1")
        for room, lines in desk.stage.everything().items():
            assert not [line for line in lines if "hunter2canary" in line.text and line.by_desk], room
        await ann.catches_up()
        await bob.catches_up(at=THREAD(1))
        await bob.catches_up(at=QUEUE)
        await bob.catches_up()

    @needs(requesters=Capability.DELETIONS)
    async def test_that_was_corrected_before_goes_with_all_it_has_said(self, desk: Desk, ann: Somebody, bob: Somebody):
        await ann.says("/new")
        await ann.presses("Billing question")
        await ann.says("Charged twice")
        typed = await ann.says("hunter2canary")
        await ann.presses("Submit")
        await bob.presses("Claim", at=QUEUE)
        await ann.edits(typed, "hunter3canary")
        await bob.sees("hunter2canary", "hunter3canary", at=THREAD(1))
        await ann.deletes(typed)
        await bob.sees("Ann deleted a message", at=THREAD(1))
        for room, lines in desk.stage.everything().items():
            assert not [line for line in lines if "canary" in line.text and line.by_desk], room
        await ann.catches_up()
        await bob.catches_up(at=THREAD(1))
        await bob.catches_up(at=QUEUE)
