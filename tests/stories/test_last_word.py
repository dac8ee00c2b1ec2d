"""A request is resolved with a last word, wherever the command is given; a number that is none is no accident."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked


async def test_the_last_word_reaches_the_requester(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await bob.sees("#1 ", at=QUEUE)
    await bob.says("/resolve 1 The second payment was sent back", at=QUEUE)
    await ann.sees("Bob", "The second payment was sent back")
    await ann.sees("#1", buttons=[said_in("en", "button.confirm"), said_in("en", "button.reopen")])
    await desk.settles()
    assert await desk.records(lambda tx: tx.tickets.get(1).status) == "resolved"
    await bob.catches_up(at=QUEUE)
    await bob.catches_up(at=THREAD(1))


async def test_a_word_after_my_is_no_page(ann: Somebody):
    await ann.says("/my friend")
    await ann.sees(said_in("en", "my.none"))
