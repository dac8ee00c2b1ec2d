"""A secret that somebody wrote is blacked out wherever it stands; many requests get one reply after a look."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.capabilities import Capability
from tests.stories.harness.given import asked, claimed, talking


async def test_a_part_of_a_message_is_blacked_out_everywhere(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob, "My card 4111-2222 was charged twice")
    await ann.says("again: 4111-2222, pin 9876")
    line = await bob.sees("again: 4111-2222, pin 9876", at=THREAD(1))
    await bob.says("/redact 4111-2222", reply_to=line, at=THREAD(1))
    await bob.sees("again: █████████, pin 9876", at=THREAD(1))
    await bob.sees("Bob blacked something out here", at=THREAD(1))
    await bob.says("/redact elephants", reply_to=line, at=THREAD(1))
    quoted = bob.can(Capability.QUOTES)  # where nothing can be replied to, a thread is all that is known
    await bob.sees("The message does not say" if quoted else "#1 does not say", "“elephants”", at=THREAD(1))
    await bob.says("/redact", reply_to=line, at=THREAD(1))
    if not quoted:
        await bob.presses("Black it out", on=await bob.sees("Black out whole what Ann wrote last on #1?", at=THREAD(1)))
    await bob.sees("Bob blacked something out here", at=THREAD(1))
    await bob.sees_no("9876", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    await desk.passes(days=3)
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    await ann.catches_up()
    messages = await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1)])
    assert not [text for text in messages if "9876" in text]


async def test_a_secret_that_was_told_twice_is_blacked_out_in_one_act(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob, "My card 4111-2222 was charged twice")
    await ann.says("again: 4111-2222, pin 9876")
    await ann.says("it is 4111-2222!")
    await bob.catches_up(at=THREAD(1))
    await bob.says("/redact 4111-2222", at=THREAD(1))
    await bob.sees("Bob blacked something out here", at=THREAD(1))
    await bob.catches_up(at=THREAD(1))
    await bob.catches_up(at=QUEUE)
    await ann.catches_up()
    told = await desk.records(lambda tx: [said.words["text"] for said, _ in tx.talk.of(1)])
    assert [text for text in told if "█" in text and "4111" not in text] == told != []
    ticket = await desk.records(lambda tx: tx.tickets.get(1))
    assert "4111" not in f"{ticket.summary} {ticket.answers}"


async def test_many_get_one_reply_after_a_look(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann, "The printer is broken")
    await asked(ann, "The scanner is broken", ticket=2)
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/bulk reply We come on Monday", at=QUEUE)
    await bob.sees(
        "Say this to the requesters of 2 requests?",
        "We come on Monday",
        "#1 The printer is broken",
        "#2 The scanner is broken",
        buttons=["Send to 2", "Cancel"],
        at=QUEUE,
    )
    await bob.presses("Send to 2", at=QUEUE)
    assert len([line for line in await ann.catches_up() if "We come on Monday" in line.text]) == 2
    await bob.sees("Sent to the requesters of 2 requests.", at=QUEUE)
    for place in (QUEUE, THREAD(1), THREAD(2)):
        await bob.catches_up(at=place)


async def test_many_are_linked_to_a_problem_at_once(desk: Desk, ann: Somebody, bob: Somebody):
    for number, words in enumerate(("The router is dead", "No network here", "Nothing loads"), 1):
        await asked(ann, words, ticket=number)
    await claimed(bob, ann, ticket=1)
    await bob.catches_up(at=QUEUE)
    await bob.says("/queue free", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.says("/bulk problem 1", at=QUEUE)
    await bob.sees("Link 2 requests to problem #1?", buttons=["Link 2", "Cancel"], at=QUEUE)
    await bob.presses("Link 2", at=QUEUE)
    await desk.settles()
    assert await desk.records(lambda tx: tx.related.linked(1)) == 2
    await ann.catches_up()
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)
