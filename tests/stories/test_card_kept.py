"""The card shows a request as it is, whatever has been done to it before."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import talking


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
