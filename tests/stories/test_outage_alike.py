"""The list of requests that are alike shows nothing that was blacked out or erased after it was shown."""

from tests.stories.harness import QUEUE, THREAD, Desk, Line, Somebody
from tests.stories.harness.given import asked_to_be_erased, talking


async def listed(ann: Somebody, bob: Somebody) -> Line:
    """An outage is declared, and Ann's request is listed among those that are alike."""
    await talking(ann, bob, "The site does not open, my card is 4111-2222")
    await bob.says("/outage site, open: We work on it", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.presses("Declare it", at=QUEUE)
    await bob.catches_up(at=QUEUE)
    await bob.presses("Requests alike", at=QUEUE)
    return await bob.sees("1 open request is alike:", "#1 The site", "4111-2222", buttons=["Link 1"], at=QUEUE)


async def test_what_was_blacked_out_stands_in_the_list_no_more(desk: Desk, ann: Somebody, bob: Somebody):
    await listed(ann, bob)
    await bob.says("/redact 4111-2222", at=THREAD(1))
    await bob.sees("1 open request is alike:", "my card is █████████", buttons=["Link 1"], at=QUEUE)
    await bob.sees_no("4111-2222", at=QUEUE)
    await bob.presses("Link 1", at=QUEUE)
    await ann.catches_up()
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)


async def test_nothing_of_somebody_who_was_erased_stands_in_it(desk: Desk, ann: Somebody, bob: Somebody):
    await listed(ann, bob)
    await asked_to_be_erased(ann)
    await desk.passes(hours=24, minutes=40)
    await bob.sees_no("4111-2222", at=QUEUE)
    await ann.catches_up()
    for place in (QUEUE, THREAD(1)):
        await bob.catches_up(at=place)
