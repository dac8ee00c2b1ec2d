"""Internal unless sent: what is said in a thread is a note, and only the three named ways reach a requester."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import asked, talking


async def test_plain_words_in_a_thread_stay_there(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await talking(ann, bob)
    said = await bob.says("She is right, I think", at=THREAD(1))
    await eve.says("So do I", reply_to=said)
    await bob.sends("photo", "a screenshot for us", at=THREAD(1))
    await bob.sends_album("photo", "photo", at=THREAD(1))
    await bob.says("/note call the bank", at=THREAD(1))
    await bob.edits(said, "She is wrong, I think")
    await ann.sees_nothing()
    await bob.catches_up(at=THREAD(1))  # each is told once that it stayed inside
    notes = await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1) if said.kind == "note"])
    assert notes == ["She is wrong, I think", "So do I", "a screenshot for us", "", "call the bank"]


async def test_no_reply_to_anything_but_the_requesters_words_is_sent(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await talking(ann, bob)
    lines = desk.stage.lines(bob.native, THREAD(1))
    mine = await bob.says("/r We look into it", at=THREAD(1))
    await ann.sees("We look into it")
    receipt = await bob.sees("✓ delivered", at=THREAD(1))
    card = next(line for line in lines if line.buttons)
    for line in (card, receipt, mine, *(line for line in lines if line.service)):
        await eve.says("Not for Ann", reply_to=line)
    await ann.sees_nothing()
    await eve.catches_up(at=THREAD(1))
    await eve.catches_up(at=QUEUE)
    await bob.sees_nothing(at=THREAD(1))


async def test_the_teams_own_talk_is_nobodys_business(desk: Desk, ann: Somebody, bob: Somebody):
    eve = desk.agent("Eve")
    await talking(ann, bob)
    hello = await bob.says("Lunch?", at=QUEUE)
    await eve.says("Yes!", reply_to=hello)
    await ann.sees_nothing()
    await bob.sees_nothing(at=QUEUE)
    kept = await desk.records(lambda tx: len(tx.talk.of(1)))
    assert kept == 1


async def test_a_reply_to_the_card_in_the_queue_is_a_note(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    card = next(line for line in desk.stage.lines(bob.native, QUEUE) if "#1" in line.text)
    await bob.says("strange one", reply_to=card)
    await ann.sees_nothing()
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    notes = await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1) if said.kind == "note"])
    assert notes == ["strange one"]


async def test_a_slip_of_the_slash_is_no_reply(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/ r secret", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.says("r secret", at=THREAD(1))
    await ann.sees_nothing()
    await bob.says("/r", at=THREAD(1))
    await bob.sees("Write it so: /r …", at=THREAD(1))
    await bob.says("/r not about any request", at=QUEUE)
    await bob.sees("Write this in a request's thread", at=QUEUE)
    await ann.sees_nothing()


async def test_a_note_on_the_card_of_what_nobody_has_opens_its_thread_with_the_story(
    desk: Desk, ann: Somebody, bob: Somebody
):
    await asked(ann)
    card = await bob.sees("#1", "My card was charged twice", at=QUEUE)
    await bob.says("/note She is a good client", at=QUEUE, reply_to=card)
    await bob.catches_up(at=QUEUE)
    story = await bob.reads("My card was charged twice", at=THREAD(1))
    note = await bob.reads("She is a good client", at=THREAD(1))
    assert story != note
    await bob.catches_up(at=THREAD(1))
    await ann.sees_nothing()
