"""A question becomes a request, a person takes it, talks, resolves; the requester confirms and says how it was."""

from tests.stories.harness import QUEUE, THREAD, Desk, Somebody


async def test_from_the_first_question_to_the_rating(desk: Desk, ann: Somebody, bob: Somebody):
    await ann.starts()
    await ann.sees("Hello, Ann! This is the front desk.", buttons=["New request", "My requests"])

    await ann.says("My card was charged twice")
    await ann.sees("I don't have an answer to that yet.", buttons=["I still need a person"])

    await ann.presses("I still need a person")
    await ann.fills(type="Billing question", contract="AB-1234")
    await ann.sees("Request #1 is registered", "by 13:00")
    await bob.sees("#1 Billing question", "Ann", "My card was charged twice", "AB-1234", at=QUEUE)

    await bob.presses("Claim", at=QUEUE)
    bob.sees_toast("#1 is yours.")
    await ann.sees("Bob is on your request #1.")
    await bob.sees("#1 Billing question", "open", "Bob", at=QUEUE)
    await bob.finds(1, "My card was charged twice")

    await bob.says("/r We look into it", at=THREAD(1))
    await ann.sees("Bob", "We look into it")
    await bob.sees("✓ delivered", buttons=["Edit", "Delete"], at=THREAD(1))

    await ann.says("and again on Tuesday")
    more = await bob.sees("💬 Ann", "and again on Tuesday", at=THREAD(1))
    await bob.answers(more, "It is refunded")
    await ann.sees("It is refunded", reply_to="and again on Tuesday")
    await bob.sees("✓ delivered", at=THREAD(1))

    await bob.says("what a day", at=THREAD(1))
    await bob.sees(bob.told("note.hint", at=THREAD(1), name="Ann"), at=THREAD(1))
    await bob.presses("Resolve", at=QUEUE)
    await ann.sees("Request #1 is resolved", buttons=["Yes, it is solved", "Reopen"])

    await ann.presses("Yes, it is solved")
    await ann.sees("Thank you: request #1 is closed.", buttons=[])
    await ann.sees("How was it?", buttons=["1", "2", "3", "4", "5"])
    await ann.presses("5")
    await ann.sees("You rated ⭐⭐⭐⭐⭐.", buttons=[])
    await ann.fills(text="Thank you, Bob", review=False)
    await ann.sees("Thank you!")
    await bob.sees("Ann left a comment with the rating", at=THREAD(1))
