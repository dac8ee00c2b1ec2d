"""From a card in the queue one press leads into the request's topic, and from its head back; where messages have links."""

from tests.stories.harness import QUEUE, THREAD, Capability, Desk, Somebody, needs, said_in
from tests.stories.harness.given import talking


@needs(team=Capability.TOPICS)
async def test_from_the_queue_into_the_topic_and_back(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/r? Since when?", at=THREAD(1))
    await ann.catches_up()
    card = await bob.reads("#1 ", at=QUEUE)
    head = next(line for line in desk.stage.lines(bob.native, THREAD(1)) if line.buttons)
    into, back = dict(card.ways), dict(head.ways)
    assert into[said_in("en", "card.to_thread")].rpartition("/")[2] == head.id
    assert back[said_in("en", "card.to_queue")].rpartition("/")[2] == card.id
    await bob.presses("More…", at=QUEUE)
    await bob.presses(said_in("en", "form.back"), at=QUEUE)
    assert (await bob.reads("#1 ", at=QUEUE)).ways == card.ways  # who looks behind More… does not lose it
    for at in (QUEUE, THREAD(1)):
        await bob.catches_up(at=at)
