"""The end of a request: confirmed, reopened, rated, reminded of, closed by itself."""

import pytest

from tests.stories.harness import LANGUAGES, QUEUE, THREAD, Desk, Somebody, said_in
from tests.stories.harness.given import asked, resolved, talking
from tests.stories.harness.people import SKIP


@pytest.mark.parametrize("language", LANGUAGES)
async def test_confirmed_and_rated_with_a_word(desk: Desk, bob: Somebody, language: str):
    iryna = desk.requester("Iryna", language=language)
    await talking(iryna, bob)
    await resolved(bob, iryna)
    await iryna.presses(said_in(language, "button.confirm"))
    await iryna.sees(said_in(language, "own.confirmed", ticket=1), buttons=[])
    await iryna.sees(said_in(language, "rate.ask"), buttons=["1", "2", "3", "4", "5"])
    await iryna.presses("4")
    await iryna.sees(said_in(language, "rate.thanks", stars="⭐⭐⭐⭐"), buttons=[])
    await iryna.fills(text="Bob knows his trade", review=False)
    await iryna.sees(said_in(language, "rate.done"), buttons=[])
    await bob.sees("Iryna left a comment with the rating", "Bob knows his trade", at=THREAD(1))
    await bob.sees("📁 #1", "closed", "⭐⭐⭐⭐", at=QUEUE)


async def test_a_word_is_not_needed(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await resolved(bob, ann)
    await ann.presses("Yes, it is solved")
    await ann.sees("Thank you: request #1 is closed.")
    rating = await ann.sees("How was it?")
    await ann.presses("5")
    await ann.sees("You rated ⭐⭐⭐⭐⭐.")
    await ann.fills(text=SKIP, review=False)
    await ann.sees("Thank you!")
    await ann.presses_name(rating.names[0], rating)
    ann.sees_toast("Request #1 is rated already. Thank you!")
    await bob.sees_nothing(at=THREAD(1))


async def test_what_is_said_the_next_day_is_no_comment(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await resolved(bob, ann)
    await ann.presses("Yes, it is solved")
    await ann.sees("Thank you: request #1 is closed.")
    await ann.sees("How was it?")
    await ann.presses("5")
    await ann.sees("You rated")
    await ann.puts_off()
    await desk.passes(hours=20)
    await ann.says("The printer eats paper")
    await ann.sees("Is this about request #1", buttons=["About #1", "New question"])


async def test_not_solved_opens_it_again(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await resolved(bob, ann)
    await ann.presses("Reopen")
    await ann.sees("Request #1 is open again; the team is told.", buttons=[])
    await bob.sees("Ann says it is not solved", at=THREAD(1))
    await bob.sees("open · Bob", at=QUEUE)
    await ann.says("It was charged again")
    await bob.sees("It was charged again", at=THREAD(1))


async def test_nobody_answers_so_it_reminds_and_closes(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await resolved(bob, ann)
    await desk.passes(days=1, hours=23)
    await ann.sees_nothing()
    await desk.passes(hours=2)
    await ann.sees("Is request #1 solved?", "it will close in 24 hours", buttons=["Yes, it is solved", "Reopen"])
    await desk.passes(hours=22)
    await ann.sees_nothing()
    await desk.passes(hours=2)
    await ann.sees("Request #1 is closed.")
    await bob.sees("📁 #1", "closed · Bob", at=QUEUE)
    await desk.passes(days=30)
    await ann.sees_nothing()


async def test_reopened_in_time_it_is_not_closed_by_itself(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await resolved(bob, ann)
    await desk.passes(hours=1)
    await ann.presses("Reopen")
    await ann.sees("open again")
    await bob.sees("not solved", at=THREAD(1))
    await bob.sees("open · Bob", at=QUEUE)
    await desk.passes(hours=1)
    await resolved(bob, ann)
    await desk.passes(days=1, hours=23)
    await ann.sees_nothing()
    await desk.passes(hours=2)
    await ann.sees("Is request #1 solved?")
    await desk.passes(days=1)
    await ann.sees("Request #1 is closed.")


async def test_resolved_with_a_last_word(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/resolve It is refunded", at=THREAD(1))
    await ann.sees("Bob", "It is refunded")
    await ann.sees("Request #1 is resolved")
    await bob.sees("#1 is resolved; the requester is asked to confirm.", at=THREAD(1))
    await bob.sees("✓ delivered", at=THREAD(1))


async def test_closed_and_reopened_by_the_team(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await bob.says("/close 1", at=QUEUE)
    await bob.sees("#1 is closed.", at=QUEUE)
    await ann.sees("Request #1 is closed.")
    await desk.passes(minutes=1)  # later than a slip is undone
    await bob.says("/reopen 1", at=QUEUE)
    await bob.sees("#1 is open again.", at=QUEUE)
    await ann.sees("The team has taken request #1 up again.")
    await bob.says("/resolve 1", at=QUEUE)
    await bob.presses("Resolve all the same", on=await bob.sees("Nobody has answered Ann on #1 yet", at=QUEUE))
    await bob.sees("resolved · Bob", at=QUEUE)
    await ann.sees("Request #1 is resolved")
    await bob.says("/claim 1", at=QUEUE)
    await bob.sees("#1 is yours already.", at=QUEUE)
    await bob.says("/release 1", at=QUEUE)
    await bob.sees(
        "“release” is not possible while the request is resolved. Possible now: reopen, close, reply", at=QUEUE
    )


async def test_withdrawn_by_the_requester(desk: Desk, ann: Somebody, bob: Somebody):
    await talking(ann, bob)
    await ann.says("/status")
    await ann.sees("#1 · Billing question", buttons=["Change…", "Close my request"])
    await ann.presses("Close my request")
    await ann.sees("Request #1 is closed as you asked.", buttons=[])
    await bob.sees("Ann has closed the request.", at=THREAD(1))
    await bob.sees("📁 #1", at=QUEUE)


async def test_withdrawn_before_anybody_took_it(desk: Desk, ann: Somebody, bob: Somebody):
    await asked(ann)
    await bob.sees("#1", at=QUEUE)
    await ann.says("/status")
    await ann.presses("Close my request")
    await ann.sees("Request #1 is closed as you asked.")
    await bob.sees("📁 #1", at=QUEUE)
