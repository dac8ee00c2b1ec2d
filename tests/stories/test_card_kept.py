"""The card shows a request as it is, whatever has been done to it before."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, talking
from tests.stories.rules.ruled import account, ruled


async def test_words_after_a_release_are_counted_on_the_card(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/release 1", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await ann.catches_up()
    await ann.says("Is there any news?")
    await bob.sees("Is there any news?", at=THREAD(1))
    await bob.reads("#1 ", "1 new message", at=QUEUE)
    await ann.says("It is urgent")
    await bob.reads("#1 ", "2 new messages", at=QUEUE)
    await bob.catches_up(at=THREAD(1))
    await ann.catches_up()


async def test_a_file_that_comes_later_is_counted_on_the_card(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.sends("photo")
    await bob.reads("#1 ", "1 file", at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_a_card_names_the_request_that_goes_on_at_last(desk: Desk, ann: Somebody, bob: Somebody):
    await ruled(desk, roles={"seniors": [account(bob)]})
    zoe, mia = desk.requester("Zoe"), desk.requester("Mia")
    for ticket, each in enumerate((ann, zoe, mia), start=1):
        await asked(each, f"Question {ticket}", ticket=ticket)
    for gone, kept in ((2, 1), (1, 3)):
        await bob.says(f"/merge {gone} {kept}", at=QUEUE)
        await bob.presses(said_in("en", "rules.apply"), at=QUEUE)
    for gone in (1, 2):
        await bob.reads(f"📁 #{gone} ", said_in("en", "card.goes_on", into=3), at=QUEUE)
    for each in (ann, zoe, mia):
        await each.catches_up()
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(3))
    await bob.catches_up(at=THREAD(1))
