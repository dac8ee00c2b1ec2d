"""What is a reply on one side is a reply on the other."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody
from tests.stories.harness.given import talking


async def test_reply_anchors_both_ways(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    first = await ann.says("The blue card")
    await ann.says("or the red one")
    blue = await bob.sees("The blue card", at=THREAD(1))
    await bob.sees("or the red one", at=THREAD(1))
    await bob.says("/r This one is refunded", reply_to=blue)
    answer = await ann.sees("This one is refunded", reply_to=first)
    await bob.sees("✓ delivered", at=THREAD(1))
    await ann.says("Thank you, and the red one?", reply_to=answer)
    await bob.sees("and the red one?", at=THREAD(1), reply_to="This one is refunded")
    await ann.says("I mean this one", reply_to=first)
    await bob.sees("I mean this one", at=THREAD(1), reply_to="The blue card")
    await ann.catches_up()


async def test_the_first_words_are_an_anchor_too(desk: Desk, ann: Somebody, bob: Somebody):
    words = await ann.says("My card was charged twice")
    await ann.sees("I don't have an answer")
    await ann.presses("I still need a person")
    await ann.fills(type="Billing question", contract="(skip)")
    await ann.sees("#1 is registered")
    await bob.presses("Claim", at=QUEUE)
    await ann.sees("Bob is on your request #1.")
    await bob.sees("#1", at=QUEUE)
    story = await bob.finds(1, "My card was charged twice")
    await bob.answers(story, "Which card?")
    await ann.sees("Which card?", reply_to=words)
    await bob.sees("✓ delivered", at=THREAD(1))
